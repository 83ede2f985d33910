"""One message that Ray writes in every run, and that means nothing here, is kept off stderr; all else passes."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_NOISE = b"has constructor arguments in the object store and max_restarts > 0"
"""Of a line that Ray logs as an error for every actor pool of Ray Data."""
_STDERR = 2


@contextmanager
def without_noise() -> Iterator[None]:
    """Pass on what is written to file descriptor 2, by native code too, but for that message."""
    reading, writing = os.pipe()
    real = os.dup(_STDERR)
    os.dup2(writing, _STDERR)
    os.close(writing)
    thread = threading.Thread(target=_pass_on, args=(reading, real), name="stderr", daemon=True)
    thread.start()
    try:
        yield
    finally:
        os.dup2(real, _STDERR)  # closes the pipe's last end of this process, so the thread comes to its end
        thread.join(timeout=2)
        if not thread.is_alive():  # else a process that was started meanwhile still holds the pipe
            os.close(real)


def _pass_on(reading: int, real: int) -> None:
    with os.fdopen(reading, "rb") as stream:
        for line in iter(stream.readline, b""):
            if _NOISE not in line:
                os.write(real, line)
