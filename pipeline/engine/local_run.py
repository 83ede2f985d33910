"""The local run: one video after the other in this process. Its result defines what a run means."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from pipeline.engine.failure_ceiling import FailureCeiling
from pipeline.engine.run_spec import RunSpec
from pipeline.engine.steps import StepSpec
from pipeline.engine.video_task import StepReport, VideoTask
from pipeline.engine.worker import Worker
from pipeline.inputs.contents import Video


def run_locally(spec: RunSpec, videos: Sequence[Video], on_report: Callable[[StepReport], None]) -> None:
    """Take each video through every step; `on_report` gets a report of each step.

    Raises: StageBugError at the first bug; OutputError if a unit cannot be written; CapError if too many videos fail.
    """
    ceiling = FailureCeiling(spec.engine.max_failed_share)
    with ExitStack() as stack:
        workers = [stack.enter_context(Worker(StepSpec.of(setup, spec))) for setup in spec.steps]
        for video in videos:
            task = VideoTask(video)
            for worker in workers:
                [(task, report)] = worker.advance([task])
                on_report(report)
                if report.bug is not None:
                    raise report.bug.exception()
            ceiling.count(task.drops)
