"""The local run: one video after the other in this process. What it gives is what a run means."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from pipeline.flight import Flight, Report
from pipeline.inputs.contents import Video
from pipeline.runspec import RunSpec
from pipeline.steps import StepName
from pipeline.worker import Worker


def run_locally(spec: RunSpec, videos: Sequence[Video]) -> Iterator[Report]:
    """Take each video through every step; yields what each step did."""
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(name, spec)) for name in StepName]
        for video in videos:
            flight = Flight(video)
            for worker in workers:
                flight, report = worker(flight)
                yield report
