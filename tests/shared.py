"""Files that lie beside the repository and not in it: real clips, small bad inputs, published rows.

`.ci/run` sets VIDPREF_TEST_SHARED to their folder if it is there. Without the variable the tests that need them are
skipped; with it a missing file fails the test.
"""

import os
from pathlib import Path

import pytest

_FOLDER = os.environ.get("VIDPREF_TEST_SHARED")
_VIDEOS = os.environ.get("VIDPREF_TEST_VIDEOS") or (_FOLDER and f"{_FOLDER}/videos")

NEEDS_SHARED = pytest.mark.skipif(not _FOLDER, reason="VIDPREF_TEST_SHARED names no folder of shared files")
"""Skips a test that reads `shared(...)`."""
NEEDS_VIDEOS = pytest.mark.skipif(not _VIDEOS, reason="VIDPREF_TEST_VIDEOS names no folder of real clips")
"""Skips a test that reads `real_videos()`."""


def shared(*parts: str) -> Path:
    """A shared file or folder: `shared("cases", "hflip.mp4")`. FileNotFoundError if the shared folder lacks it."""
    path = Path(_FOLDER or "", *parts)
    if not path.exists():
        raise FileNotFoundError(f"VIDPREF_TEST_SHARED has no {path}")
    return path


def real_videos() -> Path:
    """The folder of real clips. FileNotFoundError if it is not there."""
    path = Path(_VIDEOS or "")
    if not path.is_dir():
        raise FileNotFoundError(f"VIDPREF_TEST_VIDEOS is not a folder: {path}")
    return path
