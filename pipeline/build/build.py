"""A build: videos become a finished set; what an earlier run has committed is not done again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.build.language_models import missing_replies, note_estimate, prepared, refuse_missing, with_models
from pipeline.build.material import Material, found_material
from pipeline.build.recipe import Recipe
from pipeline.dataset.write import write_set
from pipeline.engine.failure_ceiling import TRANSIENT
from pipeline.engine.progress import Progress
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.video_task import StepReport
from pipeline.inputs.contents import Video
from pipeline.recipes.identity import Identity
from pipeline.storage.location import Location
from pipeline.work.folder import WorkFolder, open_work_folder
from pipeline.work.units import Units
from schemas.dataset import DatasetManifest

Runner = Callable[[RunSpec, Sequence[Video], Callable[[StepReport], None]], None]
"""Takes videos through all steps and reports what each step did: `run_locally` or `run_on_ray`."""


@dataclass(frozen=True)
class BuildRequest:
    """What one build is asked for."""

    videos: str | None
    """None for a recipe that takes its videos from a finished set."""
    out: str
    recipe: Recipe
    identity: Identity
    limit: int | None = None
    """Use only the first N videos, sorted by URI."""
    retry_drops: bool = False
    """Whether to retry videos that were dropped for a reason of `TRANSIENT`."""
    offline: bool = False
    """Whether language models answer from the cache of replies alone."""


def build(request: BuildRequest, run: Runner, progress: Progress) -> DatasetManifest:
    """Make the missing units, then the set.

    Raises: UserError; CapError if too many videos fail; StageBugError if a stage has a bug.
    """
    recipe, material = found_material(request.recipe, request.videos, request.limit)
    request = _with(request, recipe)
    for step in request.recipe.steps():
        if step.stage is not None:
            step.stage.check()
    request = _with(request, with_models(request.recipe, request.out, offline=request.offline))
    with open_work_folder(Location.parse(request.out), request.identity) as work:
        return _built(request, material, work, run, progress)


def _with(request: BuildRequest, recipe: Recipe) -> BuildRequest:
    """The request with a recipe that knows more."""
    if recipe == request.recipe:
        return request
    return replace(request, recipe=recipe, identity=recipe.identity(request.identity.recipe_name))


def _built(
    request: BuildRequest, material: Material, work: WorkFolder, run: Runner, progress: Progress
) -> DatasetManifest:
    progress.print_line(material.told)
    asking = prepared(request.recipe, work, progress.print_line, offline=request.offline)
    if asking is not None:
        note_estimate(request.recipe, work, material.count_clips())
    missing_before = missing_replies(work)
    contents = material.read(work.hash_cache())
    if request.retry_drops:
        _discard_retried(work.units, contents.videos)
    done = work.units.committed()
    waiting = [video for video in contents.videos if video.unit_name not in done]
    recipe = request.recipe
    spec = RunSpec(recipe.run_steps(), work.units, recipe.seed, recipe.engine, asking)
    with progress.of(
        [step.name for step in spec.steps], len(waiting), already_done=len(contents.videos) - len(waiting)
    ):
        run(spec, waiting, progress.add)
    refuse_missing(missing_replies(work) - missing_before)
    progress.print_line("selecting over the whole set and writing it")
    proof = recipe.verify.proof
    return write_set(work, contents, material.ignored_files, recipe.selection(), proof=proof, models=recipe.models())


def _discard_retried(units: Units, videos: Sequence[Video]) -> None:
    done = units.committed()
    for video in videos:
        if video.unit_name in done:
            drops = units.offer(video.unit_name).drops
            if any(drop.reason in TRANSIENT for drop in drops):
                units.discard(video.unit_name)
