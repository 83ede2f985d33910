"""A build by the fakes as a program of its own, so that tests can send it signals.

python -m tests.pipeline.program VIDEOS OUT [--seconds 0.3] [--gate FILE] [--local] [--workers N]
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from numpy.random import Generator

from pipeline.build.build import build
from pipeline.cli.exit_codes import exit_code
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from pipeline.engine.ray_run import run_on_ray
from pipeline.engine.settings import Engine
from pipeline.engine.signals import stop_on_signals
from schemas.drop import Drop
from stages.payloads import DecodedVideo, VideoFile
from tests.pipeline.fakes import FakeDecode, fake_steps
from tests.pipeline.runs import request_for

app = typer.Typer()


class GatedDecode(FakeDecode):
    """A decode that holds every video whose number is not below the one in a file, until the file allows it."""

    gate: str
    """Path of the file; empty for none."""

    def process(self, item: VideoFile, tools: None, rng: Generator, /) -> Iterator[DecodedVideo | Drop]:
        """Wait, then decode."""
        number = int(item.path.stem)
        while self.gate and number >= int(Path(self.gate).read_text()):
            time.sleep(0.02)
        yield from super().process(item, tools, rng)


@app.command()
def run(
    videos: str,
    out: str,
    seconds: float = 0.0,
    gate: str = "",
    workers: int = 2,
    local: Annotated[bool, typer.Option("--local")] = False,
) -> None:
    """Build with a decode stage that takes `seconds` a video and lets through what the file `gate` allows."""
    steps = fake_steps(decode=GatedDecode(seconds=seconds, gate=gate))
    request = request_for(videos, out, engine=Engine(workers=workers), steps=steps)
    with stop_on_signals():
        build(request, run_locally if local else run_on_ray, LineProgress(print))


if __name__ == "__main__":
    sys.exit(exit_code(app, sys.argv[1:]))
