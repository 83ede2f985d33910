"""The local run: one video after the other in this process. Its result defines what a run means."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from pipeline.endpoint.asking import ChatOpener
from pipeline.endpoint.checkpoints import Checkpoints
from pipeline.endpoint.gate import Gate
from pipeline.endpoint.names import keys
from pipeline.endpoint.sending import AskingSetup
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
        runner = stack.enter_context(asyncio.Runner())
        chat = stack.enter_context(_open_chat(spec.asking, runner))
        workers = [stack.enter_context(Worker(StepSpec.of(setup, spec, chat), runner)) for setup in spec.steps]
        for video in videos:
            task = VideoTask(video)
            for worker in workers:
                [(task, report)] = worker.advance([task])
                on_report(report)
                if report.bug is not None:
                    raise report.bug.exception()
            ceiling.count(task.drops)


@contextmanager
def _open_chat(asking: AskingSetup | None, runner: asyncio.Runner) -> Iterator[ChatOpener | None]:
    """What asks language models in this process, if any step does; what it used is on disk at the end."""
    if asking is None:
        yield None
        return
    gate = Gate(asking.endpoint, asking.usage)
    gate.take_keys(keys(asking.endpoint))
    checkpoints = Checkpoints(asking.endpoint.device)
    try:
        yield ChatOpener(asking, gate, checkpoints)
    finally:
        checkpoints.close()
        runner.run(gate.close())
