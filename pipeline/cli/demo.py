"""`vidpref demo`."""

from typing import Annotated

import typer
from rich.console import Console


def demo(
    out: Annotated[str, typer.Option(help="Where clips and set go.")] = "demo",
    clips: Annotated[int, typer.Option(min=2, help="How many clips to render.")] = 60,
) -> None:
    """Render sample clips with known truth, build a set from them, verify and audit it, rehearse a training on it."""
    from pipeline.demo.run import run_demo  # noqa: PLC0415 starting is quick where nothing heavy is needed

    run_demo(Console(), out=out, clips=clips)
