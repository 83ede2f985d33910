"""`vidpref build`."""

from typing import Annotated

import typer
from rich.console import Console

Recipe = Annotated[str, typer.Argument(help="A shipped recipe by name, or a YAML file.")]
Videos = Annotated[str, typer.Option(help="A folder, a glob, or manifest.jsonl; local, s3:// or gs://.")]
Set = Annotated[list[str] | None, typer.Option("--set", metavar="A.B=C", help="Overrides one key of the recipe.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Videos at a time in the slowest step; default: the CPUs.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Take only the first so many videos, in order of uri.")]


def build(
    recipe: Recipe,
    videos: Videos,
    out: Annotated[str, typer.Option(help="Where the set goes; run again to go on where a run stopped.")],
    overrides: Set = None,
    workers: Workers = None,
    limit: Limit = None,
    local: Annotated[bool, typer.Option("--local", help="In this process, without Ray.")] = False,
    retry_drops: Annotated[bool, typer.Option("--retry-drops", help="Try again what a limit dropped.")] = False,
) -> None:
    """Turn videos into a set of preference pairs."""
    from pipeline.session import run_build  # noqa: PLC0415 starting is quick where nothing heavy is needed

    run_build(
        Console(),
        recipe=recipe,
        videos=videos,
        out=out,
        overrides=overrides or [],
        workers=workers,
        limit=limit,
        local=local,
        retry_drops=retry_drops,
    )
