"""A folder of files that stand for videos, and what the tests read from it."""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """b.mp4, sub/a.MKV, sub/deep/c.webm, and two files that are no videos."""
    for name in ("b.mp4", "sub/a.MKV", "sub/deep/c.webm", "notes.txt", ".hidden.mp4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path
