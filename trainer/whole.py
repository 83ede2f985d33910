"""Files that exist whole or not at all, even if the process is killed or the machine stops."""

import os
from pathlib import Path
from uuid import uuid4

PARTIAL_SUFFIX = ".partial"
"""Of what a killed process may leave behind."""


def write_whole(path: Path, content: bytes) -> None:
    """Write under a name of this call's own, push it to the disk, rename: the only moment that others can see."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{uuid4().hex}{PARTIAL_SUFFIX}")
    try:
        with partial.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
