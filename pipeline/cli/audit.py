"""`vidpref audit`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import DatasetArgument, JsonOption


def audit(
    dataset: DatasetArgument,
    as_json: JsonOption = False,
    card: Annotated[bool, typer.Option("--card", help="Also write the result into the data set's README.md.")] = False,
    reviews: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Leave out what people object to, by the verdicts here (DATASET/reviews)."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 unless the data set passes.")] = False,
) -> None:
    """Measure how well answers can be guessed without the videos."""
    from pipeline.audit.run import AuditOptions, run_audit  # noqa: PLC0415 keeps `vidpref --help` quick

    run_audit(Console(), AuditOptions(dataset, as_json=as_json, strict=strict, card=card, reviews=reviews))
