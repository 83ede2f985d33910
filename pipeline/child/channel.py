"""Messages between two processes through anonymous shared memory.

A message is a pickle. It is written into the shared memory, 64 MiB at a time, and announced over the socket; if it is
longer, the reader acknowledges each round before the next one is written.

Pixels are not copied: the child makes them in memory of their own (`ChildChannel.room`), in which the parent sees
them. The next pixels are made in the same memory, or in new memory while the parent still holds the last ones.

For JPEG, `multiprocessing.connection` would cost the same (9 ms of CPU time for the 10 MB of a one-minute clip). For
raw pixels it would cost 0.5 s for 32 frames of 1080p, a third of what decoding them takes: that is what this module
is for.

Shared memory is a memfd whose descriptor goes over the socket: it has no name, so nothing stays behind, however either
process ends.
"""

import errno
import math
import mmap
import os
import pickle
import select
import socket
import struct
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from io import BufferedReader, RawIOBase

import numpy as np
from numpy.typing import NDArray

SHARED_BYTES = 64 * 2**20
"""Size of the shared memory that messages are written into."""
REUSED_BYTES = 256 * 2**20
"""Memory for pixels up to this size is used again, so that it need not be cleared and mapped again."""
_WIDEST = 8
"""Pixels are never put into memory more than 8 times their size: keeping a few must not keep much more alive."""
_ANNOUNCEMENT = struct.Struct("=BQ")
_TICK_SECONDS = 0.2


class ChannelClosed(Exception):  # noqa: N818  it says what happened
    """The other side has closed the channel."""


class _Kind(IntEnum):
    MORE = 0
    """N bytes are in the shared memory, and more will follow."""
    LAST = 1
    """N bytes are in the shared memory, and they are the last of the message."""
    READ = 2
    """The shared memory may be written to again."""
    ROOM = 3
    """Memory of N bytes for pixels: that of the descriptor sent with it, or a part of the last one."""
    KEPT = 4
    """The parent keeps the last memory: the next pixels need another."""


class Channel:
    """One end. The ends take turns: a request of the parent, then the reply of the child."""

    def __init__(self, end: socket.socket, memory: mmap.mmap) -> None:
        """`memory`: shared with the other side, `SHARED_BYTES` long."""
        self._end = end
        self._memory = memory

    def close(self) -> None:
        """Close the socket and the memory."""
        self._end.close()
        self._memory.close()

    def send(self, message: object) -> None:
        """Write a message. Raises: ChannelClosed, and what waiting raises."""
        writer = _Writer(self)
        pickle.Pickler(writer, protocol=5, buffer_callback=self._is_written).dump(message)
        writer.finish()

    def receive(self) -> object:
        """Wait for a message and read it. Raises: ChannelClosed, and what waiting raises."""
        reader = BufferedReader(_Reader(self), 2**16)
        return pickle.Unpickler(reader, buffers=self._pixels_seen()).load()  # noqa: S301  written by our own process

    def announce(self, kind: _Kind, count: int = 0, descriptor: int | None = None) -> None:
        """Announce N bytes to the other side. Raises: ChannelClosed."""
        packed = _ANNOUNCEMENT.pack(kind, count)
        try:
            if descriptor is None:
                self._end.send(packed)
            else:
                socket.send_fds(self._end, [packed], [descriptor])
        except OSError as error:
            raise ChannelClosed from error

    def announced(self) -> tuple[_Kind, int]:
        """Wait for an announcement of the other side. Raises: ChannelClosed, and what waiting raises."""
        kind, count, _ = _next_announcement(self._end, None)
        return kind, count

    @property
    def memory(self) -> mmap.mmap:
        """The shared memory."""
        return self._memory

    def _is_written(self, buffer: pickle.PickleBuffer) -> bool:  # noqa: ARG002  the child's end looks at it
        """Whether the bytes must be part of the message; the other side may see them already."""
        return True

    def _pixels_seen(self) -> "Iterator[NDArray[np.uint8]]":
        """The memory of the bytes that were left out of the message."""
        return iter(())


class ChildChannel(Channel):
    """The child's end."""

    def __init__(self, end: socket.socket) -> None:
        """Make the shared memory and send its descriptor."""
        with _shared(SHARED_BYTES) as descriptor:
            super().__init__(end, _mapped(descriptor, SHARED_BYTES))
            self.announce(_Kind.ROOM, SHARED_BYTES, descriptor)
        self._room: mmap.mmap | None = None
        self._pixels: NDArray[np.uint8] | None = None

    def room(self, shape: tuple[int, ...]) -> NDArray[np.uint8]:
        """An array of this shape, not yet set, that the next message hands over without a copy.

        A second call before that message takes the memory of the first. Raises: MemoryError, ChannelClosed.
        """
        size = math.prod(shape)
        if self._room is not None and size <= len(self._room) <= _WIDEST * size:
            self.announce(_Kind.ROOM, size)
        else:
            with _shared(size) as descriptor:
                self._room = _mapped(descriptor, size, mmap.MAP_POPULATE)
                self.announce(_Kind.ROOM, size, descriptor)
        self._pixels = np.frombuffer(self._room, np.uint8, size).reshape(shape)
        return self._pixels

    def send(self, message: object) -> None:
        """Write a message. Raises: ChannelClosed."""
        super().send(message)
        self._pixels = None

    def announced(self) -> tuple[_Kind, int]:
        """Wait for an announcement of the parent. Raises: ChannelClosed."""
        while (announcement := super().announced())[0] is _Kind.KEPT:
            self._room = None
        return announcement

    def _is_written(self, buffer: pickle.PickleBuffer) -> bool:
        if self._pixels is None:
            return True
        given = np.frombuffer(buffer.raw(), np.uint8)
        return given.nbytes != self._pixels.nbytes or not np.may_share_memory(given, self._pixels)


class ParentChannel(Channel):
    """The parent's end."""

    def __init__(self, end: socket.socket, on_tick: Callable[[], None]) -> None:
        """Map the memory that the child has made. Raises: ChannelClosed, and what `on_tick` raises.

        `on_tick` is called every 0.2 s while waiting for the child, and may raise.
        """
        self._on_tick = on_tick
        _, size, descriptor = _next_announcement(end, on_tick)
        super().__init__(end, _taken(descriptor, size))
        self._room: mmap.mmap | None = None
        self._pixels: NDArray[np.uint8] | None = None
        self._held: weakref.ref[NDArray[np.uint8]] | None = None

    def send(self, message: object) -> None:
        """Write a message. Raises: ChannelClosed, and what `on_tick` raises."""
        if self._held is not None and self._held() is not None:
            self._keep_room()
        super().send(message)

    def receive(self) -> object:
        """Wait for a message and read it. Raises: ChannelClosed, and what `on_tick` raises."""
        message = super().receive()
        self._pixels = None
        if self._room is not None and len(self._room) > REUSED_BYTES:
            self._keep_room()
        return message

    def announced(self) -> tuple[_Kind, int]:
        """Wait for an announcement of the child. Raises: ChannelClosed, and what `on_tick` raises."""
        while True:
            kind, count, descriptor = _next_announcement(self._end, self._on_tick)
            if kind is not _Kind.ROOM:
                return kind, count
            if descriptor is not None or self._room is None:
                self._room = _taken(descriptor, count, mmap.MAP_POPULATE)
            self._pixels = np.frombuffer(self._room, np.uint8, count)
            self._held = weakref.ref(self._pixels)

    def _keep_room(self) -> None:
        """Tell the child not to use the memory of the last pixels again: it lives as long as they do."""
        self.announce(_Kind.KEPT)
        self._room = self._held = None

    def _pixels_seen(self) -> Iterator[NDArray[np.uint8]]:
        if self._pixels is not None:  # asked for only if the message holds pixels
            yield self._pixels


@contextmanager
def _shared(size: int) -> Iterator[int]:
    """Descriptor of memory that other processes can map, closed at the end. Raises: MemoryError."""
    descriptor = os.memfd_create("frames", os.MFD_CLOEXEC)
    try:
        with _memory_error():
            os.ftruncate(descriptor, size)
        yield descriptor
    finally:
        os.close(descriptor)


def _mapped(descriptor: int, size: int, flags: int = 0) -> mmap.mmap:
    """The memory, mapped into this process. Raises: MemoryError.

    With MAP_POPULATE all of it is mapped at once: several times cheaper than page by page if all of it is used.
    """
    with _memory_error():
        return mmap.mmap(descriptor, size, flags=mmap.MAP_SHARED | flags)


@contextmanager
def _memory_error() -> Iterator[None]:
    """Raise MemoryError for the kernel's ENOMEM."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOMEM:
            raise MemoryError from error
        raise


def _taken(descriptor: int | None, size: int, flags: int = 0) -> mmap.mmap:
    """The memory of a descriptor that was received, mapped into this process. Raises: ChannelClosed, MemoryError."""
    if descriptor is None:
        raise ChannelClosed
    try:
        return _mapped(descriptor, size, flags)
    finally:
        os.close(descriptor)


def _next_announcement(end: socket.socket, on_tick: Callable[[], None] | None) -> tuple[_Kind, int, int | None]:
    """The next announcement of the other side, and the descriptor sent with it, if any."""
    if on_tick is not None:
        waiting = select.poll()
        waiting.register(end, select.POLLIN)
        while not waiting.poll(_TICK_SECONDS * 1000):
            on_tick()
    try:
        data, descriptors, _, _ = socket.recv_fds(end, _ANNOUNCEMENT.size, 1, socket.MSG_CMSG_CLOEXEC)
    except OSError as error:
        raise ChannelClosed from error
    if not data:
        raise ChannelClosed
    kind, count = _ANNOUNCEMENT.unpack(data)
    return _Kind(kind), count, descriptors[0] if descriptors else None


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


class _Reader(RawIOBase):
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
