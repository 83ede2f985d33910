"""`vidpref plan`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import Recipe, Set, Workers


def plan(
    recipe: Recipe,
    videos: Annotated[str | None, typer.Option(help="Estimate the time that these would take.")] = None,
    overrides: Set = None,
    workers: Workers = None,
) -> None:
    """Show what a build would run on this machine: operators, pools with their arithmetic, memory, time."""
    from pipeline.build.plan import run_plan  # noqa: PLC0415 starting is quick where nothing heavy is needed

    run_plan(Console(), recipe=recipe, videos=videos, overrides=overrides or [], workers=workers)
