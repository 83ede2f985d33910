"""`vidpref inspect`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import DatasetArgument, JsonOption


def inspect(
    dataset: DatasetArgument,
    pair: Annotated[str | None, typer.Option(metavar="ID", help="Show this pair.")] = None,
    clip: Annotated[str | None, typer.Option(metavar="ID|FILE", help="Show this clip, by id or file name.")] = None,
    png: Annotated[
        str | None, typer.Option(metavar="FILE", help="Draw the clip or pair as a contact sheet into this file.")
    ] = None,
    drops: Annotated[bool, typer.Option("--drops", help="List everything that was left out, and why.")] = False,
    tracks: Annotated[
        bool, typer.Option("--tracks", help="List the tracks of all clips, or of the clip that --clip names.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what a data set holds; or a pair, a clip, tracks or drops."""
    from pipeline.inspection.run import InspectOptions, run_inspect  # noqa: PLC0415 keeps `vidpref --help` quick

    run_inspect(Console(), InspectOptions(dataset, pair, clip, png, drops=drops, tracks=tracks, as_json=as_json))
