"""`vidpref report`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import DatasetArgument, JsonOption


def report(
    dataset: DatasetArgument,
    html: Annotated[str | None, typer.Option(metavar="FILE", help="Write the page here.")] = None,
    as_json: JsonOption = False,
    reviews: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Where human verdicts are, if not in DATASET/reviews.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The seed by which example pairs are drawn.")] = 0,
) -> None:
    """Write one page about a data set, with charts and pictures."""
    from pipeline.report.run import ReportOptions, run_report  # noqa: PLC0415 keeps `vidpref --help` quick

    run_report(Console(), ReportOptions(dataset, html, as_json=as_json, reviews=reviews, seed=seed))
