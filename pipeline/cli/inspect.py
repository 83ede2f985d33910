"""`vidpref inspect`."""

from typing import Annotated

import typer
from rich.console import Console


def inspect(
    dataset: Annotated[str, typer.Argument(help="A finished set.")],
    pair: Annotated[str | None, typer.Option(help="Show one pair; with --png, its clip and visual negatives.")] = None,
    clip: Annotated[str | None, typer.Option(help="Show one clip; with --png, as a contact sheet.")] = None,
    png: Annotated[str | None, typer.Option(help="Where the contact sheet of --clip or --pair goes.")] = None,
    drops: Annotated[bool, typer.Option("--drops", help="Show what was left out, and why.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show the account, the counts and the schema of a set, or one of its pairs or clips, or its drops."""
    from pipeline.inspection.run import run_inspect  # noqa: PLC0415 starting is quick where nothing heavy is needed

    run_inspect(Console(), dataset=dataset, pair=pair, clip=clip, png=png, drops=drops, as_json=as_json)
