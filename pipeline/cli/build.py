"""`vidpref build`."""

from functools import partial
from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import Limit, Recipe, Set, TrainSet, TrainWorkers, Videos, Workers


def build(  # noqa: PLR0913, PLR0917 every argument is an option
    recipe: Recipe,
    videos: Videos,
    out: Annotated[str, typer.Option(help="Where the set goes; run again to go on where a run stopped.")],
    overrides: Set = None,
    workers: Workers = None,
    limit: Limit = None,
    local: Annotated[bool, typer.Option("--local", help="In this process, without Ray.")] = False,
    retry_drops: Annotated[bool, typer.Option("--retry-drops", help="Try again what a limit dropped.")] = False,
    then_train: Annotated[str | None, typer.Option(metavar="RECIPE", help="Train on the set when it is done.")] = None,
    model: Annotated[str | None, typer.Option(help="What --then-train trains.")] = None,
    policy: Annotated[str | None, typer.Option(help="Where --then-train leaves the policy.")] = None,
    train_set: TrainSet = None,
    train_workers: TrainWorkers = None,
) -> None:
    """Turn videos into a set of preference pairs."""
    from pipeline.build.run import run_build  # noqa: PLC0415 starting is quick where nothing heavy is needed
    from pipeline.rounds.then_train import Handoff, build_then_train  # noqa: PLC0415 likewise

    console = Console()
    handoff = Handoff(then_train, model, policy, tuple(train_set or ()), train_workers)
    building = partial(
        run_build,
        console,
        recipe=recipe,
        videos=videos,
        out=out,
        overrides=overrides or [],
        workers=workers,
        limit=limit,
        local=local,
        retry_drops=retry_drops,
    )
    build_then_train(console, building, handoff, out)
