"""Processes that a test started, with all that they started in turn."""

import os
import signal
import subprocess
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_MARK = "VIDPREF_TEST_TREE"
_ROOT = Path(__file__).parents[2]
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 that it stays clean is what is tested


@dataclass
class Tree:
    """A program in its own session; every descendant is known by a mark in its environment."""

    arguments: list[str]
    """The program and its arguments."""
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    """Its environment, but for the mark."""
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)
    started: float = field(default_factory=lambda: time.time() - 1)
    """No process of the tree is older, in seconds of the clock."""

    def __post_init__(self) -> None:
        self.process = subprocess.Popen(
            self.arguments,
            cwd=_ROOT,
            env={**self.environment, _MARK: self.mark},
            start_new_session=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def members(self) -> list[psutil.Process]:
        """Every living process of the tree, whoever its parent is by now."""
        return [process for process in psutil.process_iter() if self._is_member(process)]

    def kill(self, seconds: float = 60) -> None:
        """SIGKILL to all at once, again until none is left; one that appears while this runs is caught too.

        Raises TimeoutError if some are still alive after `seconds`.
        """
        end = time.monotonic() + seconds
        while members := self.members():
            if time.monotonic() > end:
                raise TimeoutError(f"still alive {seconds:.0f} s after SIGKILL: {members}")
            for process in members:
                with_signal(process, signal.SIGKILL)
            self.process.poll()
            time.sleep(0.05)
        self.process.communicate(timeout=seconds)

    def wait_until_gone(self, seconds: float) -> list[psutil.Process]:
        """The processes that are still alive after `seconds`; returns earlier if there are none."""
        end = time.monotonic() + seconds
        while (members := self.members()) and time.monotonic() < end:
            time.sleep(0.2)
        return members

    def _is_member(self, process: psutil.Process) -> bool:
        try:
            if process.create_time() < self.started or process.status() == psutil.STATUS_ZOMBIE:
                return False
            return process.environ().get(_MARK) == self.mark
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False


def with_signal(process: psutil.Process, number: int) -> None:
    """Send a signal to a process that may be gone."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def shared_memory() -> set[str]:
    """Names of what lies in shared memory."""
    return {path.name for path in _SHARED_MEMORY.iterdir()}


def orphaned(before: set[str], seconds: float = 10) -> set[str]:
    """What has lain in shared memory since `before` without a living process that has it mapped.

    Other programs make and unlink such files all the time: what is gone within `seconds` is theirs.
    """
    end = time.monotonic() + seconds
    while (names := _unmapped(shared_memory() - before)) and time.monotonic() < end:
        time.sleep(0.2)
    return names


def _unmapped(names: set[str]) -> set[str]:
    maps = Path("/proc").glob("[0-9]*/maps") if names else []
    for file in maps:
        with suppress(OSError):  # the process is gone
            mapped = file.read_text()
            names = {name for name in names if f"{_SHARED_MEMORY}/{name}" not in mapped}
    return names
