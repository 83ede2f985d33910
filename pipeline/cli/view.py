"""`vidpref view`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import DatasetArgument


def view(
    dataset: DatasetArgument,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes one that is free.")] = 0,
    reviews: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Keep verdicts here instead of in DATASET/reviews.")
    ] = None,
    reviewer: Annotated[str | None, typer.Option(metavar="NAME", help="Who judges (default: the user's name).")] = None,
    sample: Annotated[int | None, typer.Option(min=1, metavar="N", help="Show N pairs, drawn for review.")] = None,
    seed: Annotated[int, typer.Option(help="The seed by which the sample is drawn.")] = 0,
    round_: Annotated[
        int | None, typer.Option("--round", metavar="N", help="Of a loop of rounds, its round N (default: the last).")
    ] = None,
) -> None:
    """Look at a data set, or a round of a loop, and judge its pairs."""
    from pipeline.rounds.folder import set_of_round  # noqa: PLC0415 keeps `vidpref --help` quick
    from pipeline.viewer.run import ViewOptions, run_view  # noqa: PLC0415 keeps `vidpref --help` quick

    run_view(Console(), ViewOptions(set_of_round(dataset, round_), port, reviews, reviewer, sample, seed))
