"""What a training needs besides its data: packages, a device, and settings that fit each other."""

from collections.abc import Iterator

import torch

from schemas.errors import RecipeError
from trainer.policy.device import device_of, refuse_large_on_cpu, require_device
from trainer.policy.policy import require_package
from trainer.recipe import AdapterKind, TrainRecipe


def refuse_unmet(recipe: TrainRecipe, *, merge: bool, sharded: bool) -> None:
    """Raise ModelError if a package is missing, RecipeError if settings exclude each other.

    Args:
        recipe: of the training.
        merge: whether the adapter is merged into whole weights.
        sharded: whether processes share one model.
    """
    engine = recipe.engine
    if merge and recipe.adapter.kind is AdapterKind.QLORA:
        raise RecipeError("--merge would round to 4 bit what adapter.kind=qlora has learnt: leave --merge out")
    if sharded and merge:
        raise RecipeError("--merge needs the whole model in one process: leave it out, or engine.sharding=ddp")
    if sharded and recipe.adapter.kind is AdapterKind.QLORA:
        raise RecipeError(
            "adapter.kind=qlora packs weights in a form that engine.sharding=fsdp cannot split: "
            "use engine.sharding=ddp, or adapter.kind=lora"
        )
    if sharded and engine.cache_features:
        raise RecipeError("engine.cache_features needs the whole tower in one process: try engine.sharding=ddp")
    if engine.eight_bit_optimiser:
        require_package("bitsandbytes", "engine.eight_bit_optimiser", "engine.eight_bit_optimiser=false")
    if recipe.adapter.kind is AdapterKind.QLORA:
        require_package("bitsandbytes", "adapter.kind=qlora", "adapter.kind=lora")
    for tracker in engine.report_to:
        require_package(tracker.value, f"engine.report_to={tracker.value}", "engine.report_to=[]")


def advice(recipe: TrainRecipe, device: str, processes: int) -> Iterator[str]:
    """Lines about settings that work but are seldom meant: GPUs that stay idle, a learning rate that is too high."""
    gpus = torch.cuda.device_count() if device.startswith("cuda") else 1
    if processes == 1 and gpus > 1:
        yield f"this machine has {gpus} GPUs and one of them is used: --workers {gpus} trains on all"
    if (warning := recipe.rate_warning()) is not None:
        yield warning


def device_for(recipe: TrainRecipe, model: str, rank: int = 0) -> str:
    """The device of a process. ModelError if it does not exist, or is a CPU and the model is large."""
    wanted = recipe.engine.device
    device = device_of(wanted, rank)
    require_device(device, f"engine.device {device}")
    refuse_large_on_cpu(model, device, asked_for=wanted == "cpu")
    return device
