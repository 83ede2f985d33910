"""A worker runs one step on one video after the other, and is the only place that catches what nobody expected."""

import time
from types import TracebackType
from typing import Self

import cv2

from pipeline.engine.steps import StepSpec, open_step
from pipeline.engine.video_task import Bug, Flight, Report


class Worker:
    """One step, opened once; the same in the local run and in a Ray actor."""

    def __init__(self, spec: StepSpec) -> None:
        cv2.setNumThreads(1)  # workers share the cores among themselves, and one thread gives the same bytes everywhere
        self._name = spec.step
        self._step = open_step(spec)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._step.close()

    def __call__(self, flight: Flight) -> tuple[Flight, Report]:
        """The flight after this step; a bug is attached to it, never raised."""
        started = self._cpu_seconds()
        try:
            after = self._step.run(flight)
        except Exception as error:  # noqa: BLE001 the one place: a bug reaches the driver with its item, and spares the pool
            after = flight.broken(Bug.of(self._name, flight.video.ref.uri, error))
        dropped = len(after.drops) - len(flight.drops)
        return after, Report(self._name, dropped, self._cpu_seconds() - started, after.bug)

    def _cpu_seconds(self) -> float:
        return time.process_time() + self._step.child_cpu_seconds()
