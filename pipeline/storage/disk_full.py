"""A disk that is full is no bug: the user makes room and the same command goes on."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import OutputError

NO_ROOM = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota is used up"}
"""Numbers of the errors of a write for which there was no room, and what a user is told of them."""


@contextmanager
def full_disk_told(what: str, remedy: str = "make room") -> Iterator[None]:
    """Turn the error of a write for which there was no room into an OutputError that says what could not be written."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise OutputError(
            f"{what}: {NO_ROOM[error.errno]}; {remedy}, the same command goes on where this one stopped"
        ) from error
