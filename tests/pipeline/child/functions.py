"""Functions that misbehave, for a child process to survive."""

import ctypes
import os
import time
from pathlib import Path

from schemas.drop import DropReason
from stages.video.open_video import UnusableVideo


def echo(text: str, size: int) -> bytes:
    """`size` bytes that depend on the text and on nothing else."""
    return (text.encode() * (size // len(text) + 1))[:size]


def crash() -> None:
    """Read address 0, as a native library with a bug does."""
    ctypes.string_at(0)


def crash_once(marker: Path) -> str:
    """Crash if the marker does not exist yet; it does afterwards."""
    if marker.exists():
        return "survived"
    marker.touch()
    crash()
    return "not reached"


def compute() -> None:
    """Compute for ever."""
    while True:
        pass


def wait() -> None:
    """Wait for ever."""
    time.sleep(3600)


def take_more_and_more() -> int:
    """Hold 32 MiB more every 10 ms, up to 2 GiB."""
    held = []
    for _ in range(64):
        held.append(b"\1" * 2**25)
        time.sleep(0.01)
    return len(held)


def take_too_much() -> bytes:
    """Ask for 2**60 bytes at once."""
    return bytes(2**60)


def fail() -> None:
    """Raise what a stage must not raise."""
    raise KeyError("a bug of the stage")


def refuse() -> None:
    """Find the video unusable."""
    raise UnusableVideo(DropReason.TOO_SHORT, 1.0, 2.0)


def process_id() -> int:
    """The process that this runs in."""
    return os.getpid()
