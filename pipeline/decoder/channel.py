"""Objects between two processes through one stretch of anonymous shared memory.

A message is a pickle. It is written into the shared memory, 64 MiB at a time, and announced over the socket; where it
is longer, the reader acknowledges each round before the next one is written. The memory is a memfd whose descriptor
went over the socket: it has no name, so nothing stays behind however either process ends.
"""

import io
import mmap
import os
import pickle
import select
import socket
import struct
from collections.abc import Callable
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from stages.pixels import blank

SHARED_BYTES = 64 * 2**20
"""Size of the shared memory; containers often allow no more."""
_ANNOUNCEMENT = struct.Struct("=BQ")
_TICK_SECONDS = 0.2


class ChannelClosed(Exception):  # noqa: N818  it says what happened
    """The other side is gone."""


class _Kind(IntEnum):
    MORE = 0
    """So many bytes are in the shared memory, and more will follow."""
    LAST = 1
    """So many bytes are in the shared memory, and they are the last of the message."""
    READ = 2
    """The shared memory may be written to again."""


class Channel:
    """One end; both take turns, a request and then its reply."""

    def __init__(self, end: socket.socket, memory: mmap.mmap, on_tick: Callable[[], None] | None = None) -> None:
        """`on_tick` is called every 0.2 s while waiting for the other side, and may raise."""
        self._end = end
        self._memory = memory
        self._on_tick = on_tick

    @classmethod
    def made_by_child(cls, end: socket.socket) -> "Channel":
        """The child's end: makes the shared memory and hands its descriptor over."""
        descriptor = os.memfd_create("frames", os.MFD_CLOEXEC)
        os.ftruncate(descriptor, SHARED_BYTES)
        socket.send_fds(end, [b"memory"], [descriptor])
        memory = mmap.mmap(descriptor, SHARED_BYTES)
        os.close(descriptor)
        return cls(end, memory)

    @classmethod
    def taken_by_parent(cls, end: socket.socket, on_tick: Callable[[], None]) -> "Channel":
        """The parent's end: takes the descriptor that the child hands over. Raises: ChannelClosed."""
        _wait(end, on_tick)
        try:
            _, descriptors, _, _ = socket.recv_fds(end, 16, 1)
        except ConnectionError as error:
            raise ChannelClosed from error
        if not descriptors:
            raise ChannelClosed
        memory = mmap.mmap(descriptors[0], SHARED_BYTES)
        os.close(descriptors[0])
        return cls(end, memory, on_tick)

    def close(self) -> None:
        """Let go of the socket and the memory."""
        self._end.close()
        self._memory.close()

    def send(self, message: object) -> None:
        """Write a message. Raises: ChannelClosed, and what `on_tick` raises."""
        writer = _Writer(self)
        pickler = _Pickler(writer)
        pickler.dump(message)
        for pixels in pickler.apart:
            writer.write(pixels.data)
        writer.finish()

    def receive(self) -> object:
        """Wait for a message and read it. Raises: ChannelClosed, and what `on_tick` raises."""
        reader = io.BufferedReader(_Reader(self), 2**16)
        unpickler = _Unpickler(reader)
        message = unpickler.load()
        for pixels in unpickler.apart:
            reader.readinto(pixels.data.cast("B"))
        return message

    def announce(self, kind: _Kind, count: int = 0) -> None:
        """Tell the other side of a turn in the shared memory. Raises: ChannelClosed."""
        try:
            self._end.send(_ANNOUNCEMENT.pack(kind, count))
        except OSError as error:
            raise ChannelClosed from error

    def announced(self) -> tuple[_Kind, int]:
        """Wait for what the other side tells. Raises: ChannelClosed, and what `on_tick` raises."""
        if self._on_tick is not None:
            _wait(self._end, self._on_tick)
        try:
            data = self._end.recv(_ANNOUNCEMENT.size)
        except OSError as error:
            raise ChannelClosed from error
        if not data:
            raise ChannelClosed
        kind, count = _ANNOUNCEMENT.unpack(data)
        return _Kind(kind), count

    @property
    def memory(self) -> mmap.mmap:
        """The shared memory."""
        return self._memory


def _wait(end: socket.socket, on_tick: Callable[[], None]) -> None:
    waiting = select.poll()
    waiting.register(end, select.POLLIN)
    while not waiting.poll(_TICK_SECONDS * 1000):
        on_tick()


class _Pickler(pickle.Pickler):
    """Leaves pixels out of the pickle: they follow it as they are, and are read to where they shall stay."""

    def __init__(self, writer: "_Writer") -> None:
        super().__init__(writer, protocol=5)
        self.apart: list[NDArray[np.uint8]] = []

    def persistent_id(self, obj: object) -> tuple[int, ...] | None:
        if not (isinstance(obj, np.ndarray) and obj.dtype == np.uint8 and obj.size and obj.flags.c_contiguous):
            return None
        self.apart.append(obj)
        return tuple(int(side) for side in obj.shape)


class _Unpickler(pickle.Unpickler):
    """Makes room for the pixels that follow the pickle."""

    def __init__(self, reader: "io.BufferedReader[_Reader]") -> None:
        super().__init__(reader)
        self.apart: list[NDArray[np.uint8]] = []

    def persistent_load(self, pid: tuple[int, ...]) -> NDArray[np.uint8]:
        self.apart.append(blank(pid))
        return self.apart[-1]


class _Writer:
    """The file that a message is pickled into."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._used = 0

    def write(self, data: "bytes | memoryview | pickle.PickleBuffer") -> int:
        view = memoryview(data).cast("B")
        done = 0
        while done < len(view):
            if self._used == SHARED_BYTES:
                self._channel.announce(_Kind.MORE, self._used)
                self._channel.announced()
                self._used = 0
            count = min(len(view) - done, SHARED_BYTES - self._used)
            self._channel.memory[self._used : self._used + count] = view[done : done + count]
            self._used += count
            done += count
        return done

    def finish(self) -> None:
        self._channel.announce(_Kind.LAST, self._used)


class _Reader(io.RawIOBase):
    """The file that a message is unpickled from."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._at = 0
        self._end = 0
        self._is_last = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]  # typeshed's Buffer is 3.12
        if self._at == self._end:
            if self._is_last:
                return 0
            if self._end:
                self._channel.announce(_Kind.READ)
            kind, self._end = self._channel.announced()
            self._is_last, self._at = kind is _Kind.LAST, 0
        view = memoryview(buffer).cast("B")
        count = min(len(view), self._end - self._at)
        with memoryview(self._channel.memory) as shared:
            view[:count] = shared[self._at : self._at + count]
        self._at += count
        return count
