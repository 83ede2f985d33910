"""`vidpref audit`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import JsonOption
from schemas.errors import UserError


def audit(
    datasets: Annotated[
        list[str], typer.Argument(metavar="DATASET [OTHER]", help="A finished data set, or two to compare.")
    ],
    as_json: JsonOption = False,
    card: Annotated[bool, typer.Option("--card", help="Also write the result into the data set's README.md.")] = False,
    reviews: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Leave out what people object to, by the verdicts here (DATASET/reviews)."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 unless the data set passes.")] = False,
    format_: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAME",
            help="DATASET is a file, or a folder of files, of others: vistadpo, trl, llava-hound, rrpo, tpo, or "
            "another source of vidpref import.",
        ),
    ] = None,
    benchmark: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH",
            help="Say which videos are in a benchmark: a text of ids, a manifest, or a folder of videos (by looks, "
            "too). May be repeated.",
        ),
    ] = None,
) -> None:
    """Measure how well answers can be guessed without the videos.

    Also says by which words, what else is wrong with the set, and what to do about it.
    """
    from pipeline.audit.options import AuditOptions  # noqa: PLC0415 keeps `vidpref --help` quick
    from pipeline.audit.run import run_audit, run_comparison  # noqa: PLC0415 keeps `vidpref --help` quick

    first, *others = datasets
    if len(others) > 1:
        raise UserError(f"audit takes one data set, or two to compare; got {len(datasets)}")
    options = AuditOptions(
        first,
        others[0] if others else None,
        as_json=as_json,
        strict=strict,
        card=card,
        reviews=reviews,
        format=format_,
        benchmarks=tuple(benchmark or ()),
    )
    if others:
        run_comparison(Console(), options)
    else:
        run_audit(Console(), options)
