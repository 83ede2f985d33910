"""One run at a time writes to an --out; the kernel releases the lock however a run ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.storage.location import Location
from schemas.errors import OutputError


@contextmanager
def output_locked(out: Location, lock: Location) -> Iterator[None]:
    """Hold the lock of an --out on a disk while the context lasts. Raises OutputError if another run holds it.

    An object store has no locks: two builds there would do the same work twice and write the same bytes.
    """
    if not out.is_local:
        yield
        return
    handle = os.open(lock.path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _take(handle, out)
        yield
    finally:
        os.close(handle)


def _take(handle: int, out: Location) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise OutputError(
            f"--out {out} is being written by another run; wait for it, or choose another --out"
        ) from error
    except OSError:
        return  # a shared disk that does not support locks
