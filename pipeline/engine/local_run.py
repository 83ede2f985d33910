"""The local run: one video after the other in this process. What it gives is what a run means."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from pipeline.engine.failure_ceiling import FailureCeiling
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.steps import StepName, StepSpec
from pipeline.engine.video_task import Flight, Report
from pipeline.engine.worker import Worker
from pipeline.inputs.contents import Video


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
