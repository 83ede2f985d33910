"""`vidpref plan`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import RecipeArgument, SetOption, WorkersOption


def plan(
    recipe: RecipeArgument,
    videos: Annotated[str | None, typer.Option(help="Also estimate the time for these videos.")] = None,
    overrides: SetOption = None,
    workers: WorkersOption = None,
    prompts: Annotated[
        bool, typer.Option("--prompts", help="Show what the recipe's language models are told, with an example.")
    ] = False,
) -> None:
    """Show the steps, pools, memory and time that a build would take."""
    from pipeline.planning.run import PlanOptions, run_plan  # noqa: PLC0415 keeps `vidpref --help` quick

    run_plan(Console(), PlanOptions(recipe, videos, tuple(overrides or ()), workers, prompts))
