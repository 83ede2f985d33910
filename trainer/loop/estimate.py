"""The memory and time that a training needs, estimated by arithmetic before its first step."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import torch

from schemas.errors import TrainingError
from stages.models.video_llm.chat import bare
from trainer.loop.progress import clock
from trainer.loop.work import Work
from trainer.policy.policy import TrainedPolicy
from trainer.recipe import AdapterKind, TrainRecipe

_KEPT_PER_TOKEN = 34
"""Numbers, in units of the model's width, that a layer keeps per token for its backward pass (Korthikanti 2022)."""
_EFFICIENCY = 0.45
"""A training reaches this share of the speed of a matrix product."""
_MATRIX = 1024


@dataclass(frozen=True)
class TrainingEstimate:
    """Bytes and seconds of a training."""

    weight_bytes: int
    optimiser_bytes: int
    """Gradients and AdamW's two moments of the trained weights."""
    activation_bytes: int
    """For the longest part of a group."""
    free_bytes: int
    """On the device, before the model was loaded."""
    compute_seconds: float
    """Per step, in the model."""
    feed_seconds: float
    """Per step, for decoding and encoding, which a thread does meanwhile."""
    steps: int
    reference_seconds: float
    """To fill an empty cache of reference scores."""

    @property
    def bytes(self) -> int:
        """Weights, optimiser and activations."""
        return self.weight_bytes + self.optimiser_bytes + self.activation_bytes

    @property
    def step_seconds(self) -> float:
        """Time per step: the slower of compute and feed."""
        return max(self.compute_seconds, self.feed_seconds)

    def lines(self) -> Iterator[str]:
        """The lines to print."""
        parts = (self.weight_bytes, self.optimiser_bytes, self.activation_bytes, self.bytes, self.free_bytes)
        weights, optimiser, activations, total, free = (f"{part / 2**30:.1f}" for part in parts)
        yield (
            f"memory: about {total} GiB of {free} free: weights {weights}, "
            f"gradients and optimiser {optimiser}, activations {activations}"
        )
        total_seconds = self.reference_seconds + self.steps * self.step_seconds
        waits = ", most of it for decoding and encoding the videos" if self.feed_seconds > self.compute_seconds else ""
        reference = f"; reference scores {clock(self.reference_seconds)}" if self.reference_seconds else ""
        yield f"time: about {clock(total_seconds)}: {self.steps} steps of {self.step_seconds:.2g} s{waits}{reference}"
        if self.bytes > self.free_bytes:
            yield f"this may not fit into memory; try {lower()}"


def lower() -> str:
    """Settings to try if the memory is too small, the cheapest first."""
    return (
        "--set engine.checkpointing=true, fewer frames (--set data.num_frames=8) or "
        "smaller ones (--set data.short_side=224), "
        "--set adapter.kind=qlora, --set engine.eight_bit_optimiser=true, or --workers N --set engine.sharding=fsdp; "
        "settings outside engine. change the policy: use a new --out for them"
    )


def free_bytes(device: str) -> int:
    """Free memory of the device, in bytes."""
    if device.startswith("cuda"):
        return torch.cuda.mem_get_info(device)[0]
    return int(psutil.virtual_memory().available)


def estimate(
    policy: TrainedPolicy,
    recipe: TrainRecipe,
    device: str,
    free: int,
    work: Work,
) -> TrainingEstimate:
    """Estimate a training.

    Args:
        policy: the opened model.
        recipe: of the training.
        device: where it runs.
        free: bytes that were free there before the model was opened.
        work: what is still to be done.
    """
    parameters = list(policy.model.parameters())
    weights = sum(parameter.numel() * parameter.element_size() for parameter in parameters)
    trained = [parameter for parameter in parameters if parameter.requires_grad]
    moments = 2 if recipe.engine.eight_bit_optimiser else 8
    optimiser = sum(parameter.numel() * (parameter.element_size() + moments) for parameter in trained)
    optimiser //= work.sharers
    count = sum(parameter.numel() for parameter in parameters)
    seconds_per_token = 2 * count / (_EFFICIENCY * measured_flops(device, policy.compute))
    mean_tokens = sum(work.tokens_per_step) / max(1, len(work.tokens_per_step))
    return TrainingEstimate(
        weight_bytes=weights,
        optimiser_bytes=optimiser,
        activation_bytes=_activations(policy, work.longest, checkpointing=recipe.engine.checkpointing),
        free_bytes=free,
        compute_seconds=seconds_per_token * _passes(recipe) * mean_tokens,
        feed_seconds=work.feed_seconds_per_token * mean_tokens,
        steps=len(work.tokens_per_step),
        reference_seconds=seconds_per_token * work.reference_tokens,
    )


def _passes(recipe: TrainRecipe) -> int:
    """Work of a step in forward passes: the backward pass of a frozen weight counts one, of a trained weight two."""
    backward = 2 if recipe.adapter.kind is AdapterKind.FULL else 1
    return 1 + backward + int(recipe.engine.checkpointing)


def _activations(policy: TrainedPolicy, visuals: Sequence[int], *, checkpointing: bool) -> int:
    """Bytes of activations; with checkpointing, one layer of one visual is recomputed at a time."""
    text = bare(policy.model).config.get_text_config()
    width, layers = text.hidden_size, text.num_hidden_layers
    number, of_layer = width * policy.compute.itemsize, width * _KEPT_PER_TOKEN * policy.compute.itemsize // 2
    if checkpointing:
        return int(max(visuals) * of_layer + sum(visuals) * number * layers)
    return int(sum(visuals) * of_layer * layers)


def measured_flops(device: str, dtype: torch.dtype) -> float:
    """Operations per second of a matrix product on the device, measured with one."""
    size = _MATRIX * (8 if device.startswith("cuda") else 1)
    left = torch.randn(size, size, device=device).to(dtype)
    left @ left
    _wait(device)
    start = time.perf_counter()
    left @ left
    _wait(device)
    return float(2 * size**3 / max(1e-9, time.perf_counter() - start))


def _wait(device: str) -> None:
    if device.startswith("cuda"):
        torch.cuda.synchronize(device)


@contextmanager
def out_of_memory_explained(device: str) -> Iterator[None]:
    """Turn an out-of-memory error into a TrainingError that says what to try."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError) as error:
        raise TrainingError(
            f"the memory of {device} is full; everything up to the last checkpoint is kept; try {lower()}"
        ) from error
