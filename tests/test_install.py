"""What is installed: versions without addresses, and a base that needs no torch."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.videos import X264, make_video

ROOT = Path(__file__).parents[1]
_WITHOUT_TORCH = """
import runpy, sys
for name in ("torch", "torchvision", "transformers", "peft", "accelerate"):
    sys.modules[name] = None  # importing it raises
sys.argv = ["vidpref", *sys.argv[1:]]
runpy.run_module("pipeline", run_name="__main__")
"""


def test_the_lock_pins_everything_and_names_no_address() -> None:
    """Every line is a comment, or a package at one version."""
    lines = [line for line in (ROOT / "requirements.lock").read_text().splitlines() if line.strip()]
    packages = [line for line in lines if not line.lstrip().startswith("#")]
    assert packages
    assert all(re.match(r"[A-Za-z0-9._-]+(\[[^]]*\])?==[^ ]+( ; .*)?$", line) for line in packages)
    assert not any("://" in line or line.startswith("--") for line in lines)


@pytest.mark.process
@pytest.mark.video
def test_the_base_builds_and_inspects_without_torch(tmp_path: Path) -> None:
    """What only a training needs may not be there."""
    (tmp_path / "videos").mkdir()
    make_video(tmp_path / "videos" / "clip", X264)
    out = str(tmp_path / "ds")
    build = ["build", "facts", "--videos", str(tmp_path / "videos"), "--out", out, "--local"]
    for command in (build, ["inspect", out]):
        ended = subprocess.run(
            [sys.executable, "-c", _WITHOUT_TORCH, *command], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
