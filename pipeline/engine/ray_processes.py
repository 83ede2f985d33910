"""Every process of a Ray that was started here ends with it.

Ray ends its workers through the raylet that has started them, and a worker ends itself once its raylet is gone; but one
that is still starting at that moment may wait a minute or more for a server that will never answer.
"""

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

_MARK = "VIDPREF_RAY"
"""An environment variable: whatever Ray starts inherits it, whoever its parent is in the end."""
_GRACE_SECONDS = 5.0
"""How long the processes may take to end by themselves; nearly all need less than a second."""
_LOOK_EVERY_SECONDS = 0.1


@contextmanager
def no_process_left() -> Iterator[None]:
    """End every process that was started during the context, and what it has started in turn, at the end."""
    mark = uuid.uuid4().hex
    os.environ[_MARK] = mark
    try:
        yield
    finally:
        del os.environ[_MARK]
        _end(mark)


def _end(mark: str) -> None:
    """Wait for the processes to end by themselves, then kill those that have not, and what they may have started."""
    started = time.monotonic()
    while (left := _marked(mark)) and (waited := time.monotonic() - started) < 2 * _GRACE_SECONDS:
        for process in left if waited > _GRACE_SECONDS else ():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        time.sleep(_LOOK_EVERY_SECONDS)


def _marked(mark: str) -> list[psutil.Process]:
    return [process for process in psutil.process_iter() if _has(process, mark)]


def _has(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(_MARK) == mark and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:  # gone, or of another user
        return False
