"""A disk that is full is no bug: the user makes room and the same command goes on."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.location import Location
from schemas.errors import OutputError

_FULL = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota is used up"}


@contextmanager
def full_disk_told(place: Location) -> Iterator[None]:
    """Turn the error of a write for which there was no room into an OutputError that names the place."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        what = _FULL[error.errno]
        raise OutputError(
            f"--out: {what} at {place}; make room, the same command goes on where this one stopped"
        ) from error
