"""`vidpref export`."""

from typing import Annotated

import typer
from rich.console import Console

from pipeline.cli.options import DatasetArgument


def export(  # noqa: PLR0913, PLR0917 every argument is an option of the command
    dataset: DatasetArgument,
    to: Annotated[
        str,
        typer.Option(
            metavar="FORMAT", help="Who reads it: trl, ms-swift, llama-factory, llava-hound, datasets, questions."
        ),
    ],
    out: Annotated[str, typer.Option(metavar="DIR", help="The folder that is made.")],
    media: Annotated[
        str | None, typer.Option(metavar="frames|video", help="How clips are shown (default: the format's own).")
    ] = None,
    num_frames: Annotated[int | None, typer.Option(min=1, help="Show at most N frames of a clip.")] = None,
    short_side: Annotated[
        int | None, typer.Option(min=28, help="Scale frames down to N pixels on their shorter side.")
    ] = None,
    filters: Annotated[
        list[str] | None,
        typer.Option(
            "--filter",
            metavar="WORD|FIELD=A,B",
            help="Take only these pairs: proven, judged, annotated, accepted (by people), or by axis, type, kind, "
            "predicate, shown, split, source, licence, writer or video. May be given several times.",
        ),
    ] = None,
    where: Annotated[
        str | None, typer.Option(metavar="SQL", help="Take only the pairs for which this holds of their columns.")
    ] = None,
    reviews: Annotated[
        str | None, typer.Option(metavar="FOLDER", help="Leave out what people object to, by the verdicts here.")
    ] = None,
    times: Annotated[bool, typer.Option("--times", help="trl: write the time of each frame before it.")] = False,
    masked: Annotated[bool, typer.Option("--masked", help="llava-hound: mark the differing words for RRPO.")] = False,
    none_of_these: Annotated[
        bool, typer.Option("--none-of-these", help="questions: offer it, right as often as any other option.")
    ] = False,
    trainer: Annotated[
        str | None, typer.Option(metavar="NAME", help="questions: whose rows: trl, ms-swift, verl or easyr1 (trl).")
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of what is drawn.")] = 0,
) -> None:
    """Write a data set in the form that another trainer reads."""
    from pipeline.export.format import FormatOptions  # noqa: PLC0415 keeps `vidpref --help` quick
    from pipeline.export.run import ExportOptions, run_export  # noqa: PLC0415 likewise

    chosen = FormatOptions(times=times, masked=masked, none_of_these=none_of_these, trainer=trainer, seed=seed)
    run_export(
        Console(),
        ExportOptions(
            dataset, to, out, media, num_frames, short_side, tuple(filters or ()), where, reviews, format=chosen
        ),
    )
