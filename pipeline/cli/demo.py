"""`vidpref demo`."""

from typing import Annotated

import typer
from rich.console import Console


def demo(
    out: Annotated[str, typer.Option(help="Where the clips and the data set go.")] = "demo",
    clips: Annotated[int, typer.Option(min=2, help="How many clips to render.")] = 48,
) -> None:
    """Build, verify, audit and train on rendered sample clips."""
    from pipeline.demo.run import DemoOptions, run_demo  # noqa: PLC0415 keeps `vidpref --help` quick

    run_demo(Console(), DemoOptions(out, clips))
