"""Reports of workers, wherever they run, told to the driver as they come."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import ray

from pipeline.flight import Report

_EVERY_SECONDS = 0.5


class _Sink:
    """An actor that keeps reports until the driver takes them."""

    def __init__(self) -> None:
        self._reports: list[Report] = []

    def add(self, report: Report) -> None:
        """Keep a report."""
        self._reports.append(report)

    def take(self) -> list[Report]:
        """All reports since the last time."""
        taken, self._reports = self._reports, []
        return taken


@dataclass(frozen=True)
class Reports:
    """Where workers send their reports."""

    sink: "ray.actor.ActorHandle"


@contextmanager
def open_reports(tell: Callable[[Report], None]) -> Iterator[Reports]:
    """Tell every report that comes in for as long as the context lasts, from a thread of its own."""
    sink = ray.remote(num_cpus=0)(_Sink).remote()
    ended = threading.Event()

    def forward() -> None:
        while not ended.wait(_EVERY_SECONDS):
            for report in ray.get(sink.take.remote()):
                tell(report)

    thread = threading.Thread(target=forward, name="reports", daemon=True)
    thread.start()
    try:
        yield Reports(sink)
    finally:
        ended.set()
        thread.join()
    for report in ray.get(sink.take.remote()):
        tell(report)
