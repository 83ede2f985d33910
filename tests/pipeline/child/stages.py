"""Stages that misbehave, for a child process to survive."""

import ctypes
import os
import time
from collections.abc import Iterator

from numpy.random import Generator

from schemas.drop import Drop
from stages.payloads import VideoFile
from stages.stage import Stage


class Echo(Stage[VideoFile, bytes]):
    """Yields so many bytes."""

    size: int
    """How many."""

    def process(self, item: VideoFile, rng: Generator, /) -> Iterator[bytes | Drop]:
        """Yield bytes that depend on the item and on nothing else."""
        assert rng is not None
        yield (item.content_sha256.encode() * (self.size // 64 + 1))[: self.size]


class Crash(Stage[VideoFile, bytes]):
    """Takes the process down, as a decoder's bug does; once, where a marker file is named."""

    once: bool = False
    """Only where the item's path does not exist yet; it does afterwards."""

    def process(self, item: VideoFile, rng: Generator, /) -> Iterator[bytes | Drop]:  # noqa: ARG002  a contract
        """Read address 0."""
        if self.once and item.path.exists():
            yield b"survived"
            return
        item.path.touch()
        ctypes.string_at(0)


class Busy(Stage[VideoFile, bytes]):
    """Never ends, computing."""

    def process(self, item: VideoFile, rng: Generator, /) -> Iterator[bytes | Drop]:  # noqa: ARG002  a contract
        """Compute for ever."""
        while True:
            pass
        yield b""


class Stuck(Stage[VideoFile, bytes]):
    """Never ends, waiting."""

    def process(self, item: VideoFile, rng: Generator, /) -> Iterator[bytes | Drop]:  # noqa: ARG002  a contract
        """Wait for ever."""
        time.sleep(3600)
        yield b""


class Hungry(Stage[VideoFile, bytes]):
    """Takes more and more memory."""

    def process(self, item: VideoFile, rng: Generator, /) -> Iterator[bytes | Drop]:  # noqa: ARG002  a contract
        """Hold 32 MiB more every 10 ms, up to 2 GiB."""
        held = []
        for _ in range(64):
            held.append(b"\1" * 2**25)
            time.sleep(0.01)
        yield held[0]


class Greedy(Stage[VideoFile, bytes]):
    """Asks for more memory than there is, at once."""

    def process(self, item: VideoFile, rng: Generator, /) -> Iterator[bytes | Drop]:  # noqa: ARG002  a contract
        """Ask for 2**60 bytes."""
        yield bytes(2**60)


class Wrong(Stage[VideoFile, bytes]):
    """Has a bug."""

    def process(self, item: VideoFile, rng: Generator, /) -> Iterator[bytes | Drop]:  # noqa: ARG002  a contract
        """Fail."""
        raise KeyError("a bug of the stage")
        yield b""


class Whereabouts(Stage[VideoFile, int]):
    """Tells which process it runs in."""

    def process(self, item: VideoFile, rng: Generator, /) -> Iterator[int | Drop]:  # noqa: ARG002  a contract
        """Yield the id of the process."""
        yield os.getpid()
