"""A file of a store as a path on this machine, for programs that read nothing but paths."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipeline.storage.disk_full import NO_ROOM, explain_full_disk
from pipeline.storage.location import Location


class FetchError(Exception):
    """A file could not be copied from its store, although the store's client has tried several times."""


@contextmanager
def local_copy(location: Location) -> Iterator[Path]:
    """The file as a path on this machine: the file itself if it is local, else a copy that is deleted afterwards.

    Raises FetchError, or OutputError if the temporary disk has no room for the copy.
    """
    if location.is_local:
        yield Path(location.path)
        return
    with ExitStack() as stack:
        remedy = "make room or name another folder in TMPDIR"
        with explain_full_disk(f"a copy of {location} in {tempfile.gettempdir()}", remedy):
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vidpref-"))
            copy = Path(folder) / Path(location.path).name
            _fetch(location, copy)
        yield copy


def _fetch(location: Location, copy: Path) -> None:
    try:
        location.copy_to(copy)
    except OSError as error:
        if error.errno in NO_ROOM:
            raise
        raise FetchError(str(location)) from error
