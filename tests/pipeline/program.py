"""A build by the fakes as a program of its own, so that tests can send it signals.

python -m tests.pipeline.program VIDEOS OUT [--seconds 0.3] [--gate FOLDER] [--local] [--workers N]
"""

import sys
from typing import Annotated

import typer

from pipeline.build.build import build
from pipeline.cli.exit_codes import exit_code
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from pipeline.engine.ray_run import run_on_ray
from pipeline.engine.settings import Engine
from pipeline.engine.signals import stop_on_signals
from tests.pipeline.fakes import GatedDecode, fake_steps
from tests.pipeline.runs import request_for

app = typer.Typer()


@app.command()
def run(
    videos: str,
    out: str,
    seconds: float = 0.0,
    gate: str = "",
    workers: int = 2,
    local: Annotated[bool, typer.Option("--local")] = False,
) -> None:
    """Build with a decode stage that takes `seconds` a video and lets one through for each file in `gate`."""
    steps = fake_steps(decode=GatedDecode(seconds=seconds, gate=gate))
    request = request_for(videos, out, engine=Engine(workers=workers), steps=steps)
    with stop_on_signals():
        build(request, run_locally if local else run_on_ray, LineProgress(print))


if __name__ == "__main__":
    sys.exit(exit_code(app, sys.argv[1:]))
