"""Brings the reports of all workers, wherever they run, to the driver."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ray

from pipeline.engine.video_task import StepReport

_EVERY_SECONDS = 0.5


class _Kept:
    """An actor that keeps reports until the driver takes them."""

    def __init__(self) -> None:
        self._reports: list[StepReport] = []
        self._begun: Counter[tuple[str, str]] = Counter()

    def begin(self, step: str, key: str) -> int:
        """Count one start of a step on a video; returns the number of starts so far."""
        self._begun[step, key] += 1
        return self._begun[step, key]

    def add(self, report: StepReport) -> None:
        """Store a report until the driver takes it."""
        self._reports.append(report)

    def take(self) -> list[StepReport]:
        """The reports since the last call."""
        taken, self._reports = self._reports, []
        return taken


class ReportBox:
    """A handle on the reports of a run; it can be sent to any worker."""

    def __init__(self) -> None:
        self._actor: Any = ray.remote(num_cpus=0)(_Kept).remote()  # Any: Ray makes an actor's methods as it runs

    def begin(self, step: str, key: str) -> int:
        """Count one start of a step on a video by a worker that replaces a dead one; returns the starts so far."""
        times: int = ray.get(self._actor.begin.remote(step, key))
        return times

    def add(self, report: StepReport) -> None:
        """Send a report without waiting."""
        self._actor.add.remote(report)

    def take(self) -> list[StepReport]:
        """The reports since the last call, in the order of their arrival."""
        reports: list[StepReport] = ray.get(self._actor.take.remote())
        return reports


@contextmanager
def open_reports(on_report: Callable[[StepReport], None]) -> Iterator[ReportBox]:
    """Call `on_report` for every report that arrives during the context, from a thread of its own."""
    box = ReportBox()
    ended = threading.Event()

    def forward() -> None:
        while not ended.wait(_EVERY_SECONDS):
            for report in box.take():
                on_report(report)

    thread = threading.Thread(target=forward, name="reports", daemon=True)
    thread.start()
    try:
        yield box
    finally:
        ended.set()
        thread.join()
    for report in box.take():
        on_report(report)
