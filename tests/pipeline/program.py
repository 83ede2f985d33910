"""A build by the fakes as a program of its own, so that tests can send it signals.

python -m tests.pipeline.program VIDEOS OUT --seconds 0.3 [--local] [--workers N]
"""

import sys
from dataclasses import replace
from typing import Annotated

import typer

from pipeline.build.build import build
from pipeline.cli.exit_codes import exit_code
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from pipeline.engine.ray_run import run_on_ray
from pipeline.engine.settings import Engine
from pipeline.engine.signals import stop_on_signals
from tests.pipeline.fakes import fake_chain
from tests.pipeline.runs import request_for

app = typer.Typer()


@app.command()
def run(
    videos: str,
    out: str,
    seconds: float = 0.0,
    workers: int = 2,
    local: Annotated[bool, typer.Option("--local")] = False,
) -> None:
    """Build with a decode stage that takes so many seconds."""
    request = replace(request_for(videos, out), chain=fake_chain(seconds=seconds), engine=Engine(workers=workers))
    with stop_on_signals():
        build(request, run_locally if local else run_on_ray, LineProgress(print))


if __name__ == "__main__":
    sys.exit(exit_code(app, sys.argv[1:]))
