"""The local run: one video after the other in this process. What it gives is what a run means."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from pipeline.ceiling import FailureCeiling
from pipeline.flight import Flight, Report
from pipeline.inputs.contents import Video
from pipeline.runspec import RunSpec
from pipeline.steps import StepName, StepSpec
from pipeline.worker import Worker


def run_locally(spec: RunSpec, videos: Sequence[Video], tell: Callable[[Report], None]) -> None:
    """Take each video through every step; tells what each step did. Raises StageBugError at the first bug,
    OutputError where a unit cannot be written, CapError where too many videos fail.
    """
    ceiling = FailureCeiling(spec.engine.max_failed_share)
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(StepSpec.of(name, spec))) for name in StepName]
        for video in videos:
            flight = Flight(video)
            for worker in workers:
                flight, report = worker(flight)
                tell(report)
                if report.bug is not None:
                    raise report.bug.exception()
            ceiling.count(flight.drops)
