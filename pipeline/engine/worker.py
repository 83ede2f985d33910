"""A worker runs one step on one batch of videos after the other, and is the only place that catches any exception."""

import asyncio
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import cv2

from pipeline.engine.steps import StepSpec, WaitingStep, open_step
from pipeline.engine.video_task import StageBug, StepReport, VideoTask

Advanced = tuple[VideoTask, StepReport]
"""A task after a step, and what the step did to it."""


class Worker:
    """One step, opened once; the same in the local run and in a Ray actor."""

    def __init__(self, spec: StepSpec, runner: asyncio.Runner | None = None) -> None:
        """`runner`: what runs a step that waits, shared by the workers of a local run; Ray runs it by itself."""
        cv2.setNumThreads(1)  # workers share the cores among themselves, and one thread gives the same bytes everywhere
        self._name = spec.setup.name
        self._step = open_step(spec)
        self._runner = runner
        self._reported_seconds = self._cpu_seconds()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._runner is not None and isinstance(self._step, WaitingStep):
            self._runner.run(self._step.aclose())
        self._step.close()

    def advance(self, tasks: Sequence[VideoTask]) -> list[Advanced]:
        """Each task after this step; a bug is attached to its task, never raised."""
        if isinstance(self._step, WaitingStep):
            if self._runner is None:
                raise TypeError(f"step {self._name} waits: it is advanced with advance_waiting")
            return [self._runner.run(self.advance_waiting(task)) for task in tasks]
        started = self._cpu_seconds()
        try:
            after = self._step.run(tasks)
        except Exception as error:  # noqa: BLE001 the one place: a bug reaches the driver with its item, and spares the pool
            if len(tasks) > 1:  # whose bug it is shows one by one
                return [advanced for task in tasks for advanced in self.advance([task])]
            after = [tasks[0].broken(StageBug.of(self._name, tasks[0].video.ref.uri, error))]
        seconds = (self._cpu_seconds() - started) / max(1, len(tasks))
        return [(done, self._report(task, done, seconds)) for task, done in zip(tasks, after, strict=True)]

    async def advance_waiting(self, task: VideoTask) -> Advanced:
        """A task after a step that waits; many calls may be under way at once."""
        if not isinstance(self._step, WaitingStep):
            raise TypeError(f"step {self._name} does not wait: its tasks are advanced in batches")
        try:
            after = await self._step.run(task)
        except Exception as error:  # noqa: BLE001 as in `advance`
            after = task.broken(StageBug.of(self._name, task.video.ref.uri, error))
        now = self._cpu_seconds()  # of many tasks at once: each report takes what was used since the last one
        seconds, self._reported_seconds = now - self._reported_seconds, now
        return after, self._report(task, after, seconds)

    def _report(self, before: VideoTask, after: VideoTask, cpu_seconds: float) -> StepReport:
        return StepReport(self._name, len(after.drops) - len(before.drops), cpu_seconds, after.bug)

    def _cpu_seconds(self) -> float:
        return time.process_time() + self._step.child_cpu_seconds()
