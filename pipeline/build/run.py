"""`vidpref build`: a recipe and videos become a run, with progress and an orderly stop."""

from dataclasses import dataclass

from rich.console import Console

from pipeline.build.build import BuildRequest, Runner, build
from pipeline.build.recipe import load_recipe
from pipeline.build.summary import print_summary
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import open_progress
from pipeline.engine.signals import stop_on_signals
from schemas.dataset import DatasetManifest


@dataclass(frozen=True)
class BuildOptions:
    """What `vidpref build` is asked for."""

    recipe: str
    """A shipped recipe by name, or a YAML file."""
    videos: str | None
    """A folder, a glob or a manifest; None for a recipe that takes its videos from a finished set."""
    out: str
    """Where the set goes."""
    overrides: tuple[str, ...] = ()
    """`A.B=C` of every --set."""
    workers: int | None = None
    """Videos in the slowest step at a time; None for the recipe's number."""
    limit: int | None = None
    """Use only the first N videos, sorted by URI."""
    local: bool = False
    """Whether to run in this process, without Ray."""
    retry_drops: bool = False
    """As `BuildRequest.retry_drops`."""
    offline: bool = False
    """As `BuildRequest.offline`."""


def run_build(console: Console, options: BuildOptions) -> DatasetManifest:
    """Build a set and print what became of everything. Raises UserError, StageBugError or KeyboardInterrupt."""
    name, recipe = load_recipe(options.recipe, options.overrides)
    request = BuildRequest(
        videos=options.videos,
        out=options.out,
        recipe=recipe.with_workers(options.workers),
        identity=recipe.identity(name),
        limit=options.limit,
        retry_drops=options.retry_drops,
        offline=options.offline,
    )
    with stop_on_signals():
        manifest = build(request, _runner(local=options.local), open_progress(console))
    print_summary(console, options.out)
    return manifest


def _runner(*, local: bool) -> Runner:
    if local:
        return run_locally
    from pipeline.engine.ray_run import run_on_ray  # noqa: PLC0415 a local run needs no Ray

    return run_on_ray
