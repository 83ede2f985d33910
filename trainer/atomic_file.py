"""Files that are complete or do not exist, even if the process is killed or the machine stops."""

import os
from pathlib import Path
from uuid import uuid4

_PARTIAL_SUFFIX = ".partial"
"""The end of the names of files that a killed process may leave behind."""


def write_whole(path: Path, content: bytes) -> None:
    """Write under a temporary name, flush to the disk, and rename, which others see as one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{uuid4().hex}{_PARTIAL_SUFFIX}")
    try:
        with partial.open("xb") as stream:  # not mkstemp: others may read what the umask lets them
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync(path.parent)


def sweep_partial(folder: Path) -> None:
    """Delete the incomplete files of killed processes anywhere in a folder; only while nothing else writes there."""
    for partial in folder.rglob(f".*{_PARTIAL_SUFFIX}"):
        partial.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Flush a file, or the names in a folder, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
