"""What the command line asks for becomes a run: recipe, runner, progress, and an orderly stop."""

from collections.abc import Sequence

from rich.console import Console

from pipeline.build.build import BuildRequest, Runner, build
from pipeline.build.recipe import load_recipe
from pipeline.build.summary import print_summary
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import open_progress
from pipeline.engine.signals import stop_on_signals
from pipeline.recipes.prompt_hashes import prompt_hashes
from schemas.dataset import DatasetManifest


def run_build(  # noqa: PLR0913 the options of the command, by keyword
    console: Console,
    *,
    recipe: str,
    videos: str,
    out: str,
    overrides: Sequence[str] = (),
    workers: int | None = None,
    limit: int | None = None,
    local: bool = False,
    retry_drops: bool = False,
) -> DatasetManifest:
    """Build a set and say what became of everything; UserError, StageBugError or KeyboardInterrupt."""
    name, loaded = load_recipe(recipe, overrides)
    request = BuildRequest(
        videos=videos,
        out=out,
        chain=loaded.chain(),
        finalise=loaded.finalise,
        identity=loaded.identity(name, prompt_hashes()),
        engine=loaded.engine.with_workers(workers),
        limit=limit,
        retry_drops=retry_drops,
    )
    with stop_on_signals():
        manifest = build(request, _runner(local=local), open_progress(console))
    print_summary(console, out)
    return manifest


def _runner(*, local: bool) -> Runner:
    if local:
        return run_locally
    from pipeline.engine.ray_run import run_on_ray  # noqa: PLC0415 a local run needs no Ray

    return run_on_ray
