"""Keeps messages of Ray off stderr that would hide what the user has to read.

Ray writes an error for every actor pool of Ray Data, although nothing is wrong: these are the known issues 57733 and
53727 of ray-project/ray. Delete `without_noise` when both are closed.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_NOISE = b"has constructor arguments in the object store and max_restarts > 0"
"""Part of the line that Ray logs as an error for every actor pool of Ray Data."""
_STDERR = 2
_CHUNK_BYTES = 1 << 16


@contextmanager
def without_noise() -> Iterator[None]:
    """Pass on everything that is written to file descriptor 2, by native code too, except that message."""
    reading, writing = os.pipe()
    real = os.dup(_STDERR)
    os.dup2(writing, _STDERR)
    os.close(writing)
    thread = threading.Thread(target=_pass_on, args=(reading, real), name="stderr", daemon=True)
    thread.start()
    try:
        yield
    finally:
        os.dup2(real, _STDERR)  # closes the last writing end in this process, so the thread ends
        thread.join(timeout=2)
        if not thread.is_alive():  # else a process that was started meanwhile still holds the pipe
            os.close(real)


@contextmanager
def quiet_on_error() -> Iterator[None]:
    """Hold back what is written to file descriptor 2: it is passed on at the end, and dropped after an exception.

    The exception then says in one line what native code may have repeated for pages.
    """
    real = os.dup(_STDERR)
    held = os.memfd_create("stderr")
    os.dup2(held, _STDERR)
    try:
        yield
        os.lseek(held, 0, os.SEEK_SET)
        while written := os.read(held, _CHUNK_BYTES):
            os.write(real, written)
    finally:
        os.dup2(real, _STDERR)
        os.close(real)
        os.close(held)


def _pass_on(reading: int, real: int) -> None:
    with os.fdopen(reading, "rb") as stream:
        for line in iter(stream.readline, b""):
            if _NOISE not in line:
                os.write(real, line)
