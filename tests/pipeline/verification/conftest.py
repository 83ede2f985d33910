"""A finished set that a test may damage."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.finished import Whole


@pytest.fixture
def copy(whole: Whole, tmp_path: Path) -> Whole:
    """A copy of the shared set of eight clips."""
    return replace(whole, path=Path(shutil.copytree(whole.path, tmp_path / "ds")))
