"""The progress of a run: a table on a terminal, plain lines in a job's log."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.live import Live
from rich.table import Table

from pipeline.engine.throughput import Throughput
from pipeline.engine.video_task import StepReport
from schemas.counted import counted
from schemas.problems import printable

_LINE_EVERY_SECONDS = 10.0


class Progress(ABC):
    """Shows what every step has done so far."""

    def __init__(self) -> None:
        self._throughput = Throughput((), 0, 0)

    @abstractmethod
    def print_line(self, text: str) -> None:
        """Print one line."""

    @abstractmethod
    def _show(self) -> None:
        """Show the new state."""

    def add(self, report: StepReport) -> None:
        """Count what one step did to one video."""
        self._throughput.add(report)
        self._show()

    @contextmanager
    def of(self, steps: Sequence[str], videos: int, already_done: int) -> Iterator[None]:
        """Show the steps, by name, while the context lasts."""
        self._throughput = Throughput(steps, videos, time.monotonic())
        if already_done:
            self.print_line(f"already done: {counted(already_done, 'video')}; to do: {counted(videos, 'video')}")
        yield


def open_progress(console: Console) -> Progress:
    """A table if the console is a terminal, else lines."""
    return (
        TerminalProgress(console)
        if console.is_terminal
        else LineProgress(partial(console.print, soft_wrap=True, markup=False, highlight=False))
    )


class LineProgress(Progress):
    """Prints a line every ten seconds, and one at the end."""

    def __init__(self, write: Callable[[str], None]) -> None:
        super().__init__()
        self._write = write
        self._last = time.monotonic()

    def print_line(self, text: str) -> None:
        """Print one line."""
        self._write(printable(text))

    @contextmanager
    def of(self, steps: Sequence[str], videos: int, already_done: int) -> Iterator[None]:
        """Print the steps while the context lasts, and once more at its end."""
        with super().of(steps, videos, already_done):
            yield
        if videos:
            self._write(self._throughput.line(time.monotonic()))

    def _show(self) -> None:
        now = time.monotonic()
        if now - self._last >= _LINE_EVERY_SECONDS:
            self._last = now
            self._write(self._throughput.line(now))


class TerminalProgress(Progress):
    """Draws a table with one row per step, again and again."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def print_line(self, text: str) -> None:
        """Print one line."""
        self._console.print(printable(text), markup=False)

    @contextmanager
    def of(self, steps: Sequence[str], videos: int, already_done: int) -> Iterator[None]:
        """Show the steps while the context lasts."""
        with super().of(steps, videos, already_done), Live(get_renderable=self._table, console=self._console):
            yield

    def _show(self) -> None:
        """Nothing to do: the table is redrawn four times a second."""

    def _table(self) -> Table:
        table = Table("step", "done", "dropped", "per minute", "time left")
        now = time.monotonic()
        for step in self._throughput.steps:
            table.add_row(step, *self._throughput.cells(step, now))
        return table
