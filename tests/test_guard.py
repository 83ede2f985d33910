"""The guard of the fast part of the suite: a test does what its markers say, and no more."""

import subprocess
import sys
from multiprocessing import get_context
from pathlib import Path

import av
import pytest

from tests import guard
from tests.needs import ROOT, needs


def test_a_process_needs_its_marker() -> None:
    """However it is started, it is refused before it starts."""
    with guard.watching({"video"}):
        with pytest.raises(pytest.fail.Exception, match=r"pytest\.mark\.process"):
            subprocess.run([sys.executable, "--version"], check=True)
        with pytest.raises(pytest.fail.Exception, match=r"pytest\.mark\.process"):
            get_context("spawn").Process(target=print).start()


def test_a_video_needs_its_marker(tmp_path: Path) -> None:
    """It is refused before the file exists; reading one needs no marker."""
    with guard.watching({"process"}), pytest.raises(pytest.fail.Exception, match=r"pytest\.mark\.video"):
        av.open(str(tmp_path / "a.mp4"), "w")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileNotFoundError):
        av.open(str(tmp_path / "a.mp4"))


def test_what_a_file_loads_is_found_without_loading_it(tmp_path: Path) -> None:
    """Over other files and packages, but neither in functions nor for types."""
    assert needs(ROOT / "trainer" / "launch.py") == {"torch", "ray"}
    assert needs(ROOT / "schemas" / "claim.py") == frozenset()
    loads = {
        "import trainer.losses": {"torch"},
        "from pipeline.engine import ray_run": {"ray"},
        "def later():\n    import torch": set(),
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch": set(),
        "try:\n    import torch\nexcept ImportError:\n    pass": {"torch"},
    }
    for number, (source, expected) in enumerate(loads.items()):
        file = tmp_path / f"{number}.py"
        file.write_text(source)
        assert needs(file) == expected, source
