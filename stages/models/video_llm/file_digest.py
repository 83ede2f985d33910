"""The SHA-256 of files, remembered in the user's cache folder so that 15 GB of weights are read once and not every run.

What is remembered of a file belongs to its device, inode, size and both of its times (change and modification): a file
that was copied again is read again, and gives the same digest.
"""

import contextlib
import hashlib
import os
import re
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

_REMEMBERED_BYTES = 1 << 20
"""Smaller files are hashed every time: that is as fast as looking them up."""
_SETTLED_SECONDS = 2.0
"""A file that changed this recently may change again without a new time: clocks of file systems are coarse."""
_SHA256 = re.compile("[0-9a-f]{64}")


def files_digest(files: Iterable[Path]) -> str:
    """SHA-256 over names and contents of files, whatever their order."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode() + b"\0" + file_sha256(file).encode())
    return digest.hexdigest()


def file_sha256(file: Path) -> str:
    """SHA-256 of a file's content, hex: remembered if the file has not changed since it was read."""
    state = file.stat()
    entry = _entry(state) if state.st_size >= _REMEMBERED_BYTES else None
    found = None if entry is None else _remembered(entry)
    if found is None:
        with file.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        if entry is not None and _has_settled(state) and _marks(file.stat()) == _marks(state):
            _remember(entry, found)
    return found


def _marks(state: os.stat_result) -> tuple[int, ...]:
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def _has_settled(state: os.stat_result) -> bool:
    return time.time() - max(state.st_mtime, state.st_ctime) > _SETTLED_SECONDS


def _entry(state: os.stat_result) -> Path | None:
    """The file that remembers the digest of a file in this state; None if the user has no home."""
    try:
        caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    name = hashlib.sha256(repr(_marks(state)).encode()).hexdigest()
    return caches / "vidpref" / "sha256" / name


def _remembered(entry: Path) -> str | None:
    try:
        found = entry.read_text()
    except (OSError, ValueError):  # the cache only saves time: every file can be hashed again
        return None
    return found if _SHA256.fullmatch(found) else None


def _remember(entry: Path, sha256: str) -> None:
    """Write an entry as one step; a cache that cannot be written is done without."""
    with contextlib.suppress(OSError):
        entry.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=entry.parent, delete=False) as stream:
            stream.write(sha256)
        Path(stream.name).replace(entry)
