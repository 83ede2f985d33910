"""A full disk is not a bug: the user makes room and runs the same command again."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from schemas.errors import OutputError

NO_ROOM = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the quota is used up"}
"""Error numbers of a write that found no room, and what a user reads for each."""


@contextmanager
def explain_full_disk(what: str, remedy: str = "make room") -> Iterator[None]:
    """Turn the error of a write that found no room into an OutputError that names what could not be written."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise OutputError(
            f"{what}: {NO_ROOM[error.errno]}; {remedy}, then run the same command again to continue"
        ) from error
