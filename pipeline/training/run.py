"""The options of the command line become a training: recipe, set, model, output folder, one process or many."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from shlex import quote

from pydantic import JsonValue
from rich.console import Console

from pipeline.engine.signals import stop_on_signals
from pipeline.recipes.file import read_recipe
from pipeline.recipes.identity import Identity
from pipeline.storage.disk_full import explain_full_disk
from pipeline.storage.location import Location
from pipeline.training.given_sets import given_sets
from pipeline.training.options import TrainOptions
from pipeline.training.reviewed import objected_to
from pipeline.work.lock import output_locked
from pipeline.work.ownership import WORK, claim_output, refuse_unwritable, release_output
from schemas.counted import counted
from schemas.errors import OutputError, RecipeError
from schemas.policy import TrainSummary
from stages.models.video_llm import open_family
from trainer.atomic_file import sweep_partial
from trainer.data.joined_sets import GivenSet
from trainer.loop.progress import Say
from trainer.loop.session import TrainRequest
from trainer.loop.train import sweep_attempt, train
from trainer.policy.requirements import device_for, refuse_unmet
from trainer.policy.start import StartingPoint
from trainer.policy.trained import POLICY_FILE, trained_of
from trainer.recipe import Sharding, TrainRecipe, recipe_folder


def run_train(console: Console, options: TrainOptions) -> TrainSummary | None:
    """Train and print the result; None if the policy was finished before. Raises UserError or KeyboardInterrupt."""
    say: Say = partial(console.print, soft_wrap=True, markup=False, highlight=False)
    name, recipe = read_recipe(options.recipe, TrainRecipe, recipe_folder(), options.overrides)
    data = given_sets(options.data)
    out = _local(options.out)
    place = Location.parse(options.out)
    _refuse_idle_options(options)
    request = TrainRequest(name, recipe, options.model, data, out, options.merge, options.merge_dtype, options.use)
    if options.reviews:
        request = replace(request, left_out=objected_to(request.opened, options.reviews, say))
    identity = _identity(request)
    refuse_unwritable(place)
    with stop_on_signals(), explain_full_disk(f"--out {place}"), output_locked(place, place / WORK / "lock"):
        claim_output(place, identity)
        sweep_partial(out / WORK)
        finished = trained_of(options.out, "--out") if (out / POLICY_FILE).is_file() else None
        if finished is not None and finished.manifest.training.use is options.use:
            say(f"{options.out} is finished already: the same recipe, set and model")
            return None
        (out / POLICY_FILE).unlink(missing_ok=True)  # another step is used: until it is written there is no policy
        try:
            summary = _run(request, options.workers, say)
        finally:
            if sweep_attempt(out):
                release_output(place)
    _print_summary(say, options.out, request, summary)
    return summary


def check_training(options: TrainOptions) -> None:
    """Raise what `run_train` would raise about recipe, model, machine and output, before the set exists."""
    _, recipe = read_recipe(options.recipe, TrainRecipe, recipe_folder(), options.overrides)
    _refuse_idle_options(options)
    start = StartingPoint.of(options.model)
    open_family(start.model)
    sharded = options.workers > 1 and recipe.engine.sharding is Sharding.FSDP
    refuse_unmet(recipe, merge=options.merge, sharded=sharded)
    if start.adapter is not None:
        start.adapter.refuse_unfit(recipe.adapter)
    if _is_here(options.workers):
        device_for(recipe, start.model)
    _local(options.out)
    refuse_unwritable(Location.parse(options.out))


def _run(request: TrainRequest, workers: int, say: Say) -> TrainSummary:
    if _is_here(workers):
        return train(request, say)
    from pipeline.engine.ray_cluster import open_cluster  # noqa: PLC0415 one process needs no Ray
    from trainer.launch import train_on_ray  # noqa: PLC0415 imports Ray

    with open_cluster(None):
        return train_on_ray(request, workers, say)


def _refuse_idle_options(options: TrainOptions) -> None:
    """Raise RecipeError for an option that would do nothing."""
    if options.merge_dtype is not None and not options.merge:
        raise RecipeError("--merge-dtype is the type of merged weights: add --merge")


def _is_here(workers: int) -> bool:
    """Whether this process itself trains."""
    return workers == 1 and "RAY_ADDRESS" not in os.environ


def _identity(request: TrainRequest) -> Identity:
    """Everything that may change the policy."""
    start = StartingPoint.of(request.model)
    settings: dict[str, JsonValue] = {
        **request.recipe.identity(),
        "data": {str(number): _set_identity(given) for number, given in enumerate(request.data, start=1)},
        "model": open_family(start.model).identity,  # its content: a copy elsewhere is the same model
        "start": None if start.adapter is None else start.adapter.sha256,
        "merge": request.merge,
        "merge_dtype": request.merge_dtype,
    }
    if request.left_out:
        settings["left_out"] = list[JsonValue](sorted(request.left_out))
    return Identity(recipe_name=request.recipe_name, recipe=settings, seed=request.recipe.seed)


def _set_identity(given: GivenSet) -> JsonValue:
    manifest = given.opened.manifest
    shards: dict[str, JsonValue] = {shard.path: shard.sha256 for shard in manifest.shards}
    return {"fingerprint": manifest.fingerprint, "share": given.share, **shards}


def _local(out: str) -> Path:
    place = Location.parse(out)
    if not place.is_local:
        raise OutputError(f"--out {out}: a policy is written to a local disk; give a local path")
    return Path(place.path)


def _print_summary(say: Say, out: str, request: TrainRequest, summary: TrainSummary) -> None:
    loss = "" if summary.loss is None else f", mean loss {summary.loss:.4f}"
    say(f"{out} is done: {counted(summary.steps, 'step')}{loss}. Next:")
    for given in request.data:
        say(f"  vidpref evaluate --policy {quote(out)} --data {quote(given.path)}")
