"""How many videos each step has done, how fast, and how long the rest will take."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from pipeline.engine.video_task import StepReport


class Throughput:
    """Counts of one run; `now` is seconds on any one clock."""

    def __init__(self, steps: Sequence[str], videos: int, now: float) -> None:
        """`steps`: their names, in order."""
        self.steps = tuple(steps)
        self._videos, self._started = videos, now
        self._done: Counter[str] = Counter()
        self._dropped: Counter[str] = Counter()

    def add(self, report: StepReport) -> None:
        """Count what one step did to one video."""
        self._done[report.step] += 1
        self._dropped[report.step] += report.dropped

    def cells(self, step: str, now: float) -> tuple[str, str, str, str]:
        """Done, dropped, videos a minute, time left of one step."""
        per_second = self._per_second(step, now)
        left = f"{self._left(step, per_second)}" if per_second else ""
        return f"{self._done[step]}/{self._videos}", str(self._dropped[step]), f"{60 * per_second:.1f}", left

    def line(self, now: float) -> str:
        """All steps in one line: `decode 12 (1 dropped) | ... | 3.4 videos a minute, 0:05:00 left`."""
        steps = " | ".join(f"{step} {self._done[step]} ({self._dropped[step]} dropped)" for step in self.steps)
        _, _, rate, left = self.cells(self.steps[-1], now)
        return f"{steps} | of {self._videos}, {rate} videos per minute" + (f", {left} left" if left else "")

    def _per_second(self, step: str, now: float) -> float:
        elapsed = now - self._started
        return self._done[step] / elapsed if elapsed > 0 else 0.0

    def _left(self, step: str, per_second: float) -> timedelta:
        return timedelta(seconds=round((self._videos - self._done[step]) / per_second))
