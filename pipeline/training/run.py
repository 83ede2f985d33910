"""What the command line asks for becomes a training: recipe, set, model, a folder of its own, one process or many."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import JsonValue
from rich.console import Console

from pipeline.dataset.finished_set import FinishedSet
from pipeline.engine.signals import stop_on_signals
from pipeline.recipes.file import read_recipe
from pipeline.recipes.identity import Identity
from pipeline.storage.disk_full import full_disk_told
from pipeline.storage.location import Location
from pipeline.work.lock import alone_in
from pipeline.work.ownership import WORK, forget_maker, note_maker, refuse_unwritable
from schemas.counted import counted
from schemas.errors import OutputError
from stages.models.video_llm import open_family
from trainer.atomic_file import sweep_partial
from trainer.loop.progress import Say
from trainer.loop.train import TrainRequest, sweep_attempt, train
from trainer.policy.requirements import device_for, refuse_unmet
from trainer.policy.trained import POLICY_FILE, TrainSummary
from trainer.recipe import Sharding, TrainRecipe, recipe_folder


@dataclass(frozen=True)
class Training:
    """What `vidpref train` is asked for."""

    recipe: str
    """A shipped recipe by name, or a YAML file."""
    data: str
    model: str
    out: str
    overrides: Sequence[str] = ()
    workers: int = 1
    """Processes; more than one, and any inside a Ray job, run on Ray."""
    merge: bool = False


def run_train(console: Console, training: Training) -> TrainSummary | None:
    """Train and say how it went; None where the policy was finished before. UserError or KeyboardInterrupt."""
    say: Say = partial(console.print, soft_wrap=True, markup=False, highlight=False)
    name, recipe = read_recipe(training.recipe, TrainRecipe, recipe_folder(), training.overrides)
    opened = FinishedSet.open(training.data)
    out = _local(training.out)
    place = Location.parse(training.out)
    request = TrainRequest(name, recipe, training.model, opened, training.data, out, training.merge)
    identity = _identity(request)
    refuse_unwritable(place)
    with stop_on_signals(), full_disk_told(f"--out {place}"), alone_in(place, place / WORK / "lock"):
        note_maker(place, identity)
        sweep_partial(out / WORK)
        if (out / POLICY_FILE).is_file():
            say(f"{training.out} is finished already: the same recipe, set and model")
            return None
        try:
            summary = _run(request, training.workers, say)
        finally:
            if sweep_attempt(out):
                forget_maker(place)
    _tell(say, training, summary)
    return summary


def check_training(training: Training) -> None:
    """Raise what `run_train` would raise of recipe, model, machine and output, before the set is there."""
    _, recipe = read_recipe(training.recipe, TrainRecipe, recipe_folder(), training.overrides)
    open_family(training.model)
    sharded = training.workers > 1 and recipe.engine.sharding is Sharding.FSDP
    refuse_unmet(recipe, merge=training.merge, sharded=sharded)
    if _is_here(training.workers):
        device_for(recipe, training.model)
    _local(training.out)
    refuse_unwritable(Location.parse(training.out))


def _run(request: TrainRequest, workers: int, say: Say) -> TrainSummary:
    if _is_here(workers):
        return train(request, say)
    from pipeline.engine.ray_cluster import open_cluster  # noqa: PLC0415 one process needs no Ray
    from trainer.launch import train_on_ray  # noqa: PLC0415 likewise

    with open_cluster(None):
        return train_on_ray(request, workers, say)


def _is_here(workers: int) -> bool:
    """Whether this process trains itself."""
    return workers == 1 and "RAY_ADDRESS" not in os.environ


def _identity(request: TrainRequest) -> Identity:
    """All that may change the policy."""
    manifest = request.opened.manifest
    shards: dict[str, JsonValue] = {shard.path: shard.sha256 for shard in manifest.shards}
    told: dict[str, JsonValue] = {
        **request.recipe.identity(),
        "set": {"fingerprint": manifest.fingerprint, **shards},
        "model": {"path": request.model, "content": open_family(request.model).identity},
        "merge": request.merge,
    }
    return Identity(recipe_name=request.recipe_name, recipe=told, seed=request.recipe.seed)


def _local(out: str) -> Path:
    place = Location.parse(out)
    if not place.is_local:
        raise OutputError(f"--out {out}: a policy is written to a disk, got an address; give a local path")
    return Path(place.path)


def _tell(say: Say, training: Training, summary: TrainSummary) -> None:
    loss = "" if summary.loss is None else f", mean loss {summary.loss:.4f}"
    say(f"{training.out} is done: {counted(summary.steps, 'step')}{loss}. Next:")
    say(f"  vidpref evaluate --policy {training.out} --data {training.data}")
