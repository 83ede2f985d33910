"""The original package, installed for real in an environment of its own, with random weights."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from schemas.errors import ModelError
from stages.models.detections import Detection
from stages.models.detector_settings import GroundingdinoPySettings
from stages.models.groundingdino_child import ChildDetector
from stages.models.open_detector import open_detector
from tests.stages.models.tiny_detectors import make_text_encoder

pytestmark = [pytest.mark.process, pytest.mark.slow(120)]
ROOT = Path(__file__).parents[3]
NOT_FOUND = ("no matching distribution", "could not find a version", "connection", "temporary failure")
"""What pip says where it cannot install anything."""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of the environment: that of the machine if there is one, else one made for the tests."""
    if given := os.environ.get("VIDPREF_TEST_GROUNDINGDINO"):
        return given
    folder = tmp_path_factory.mktemp("environment") / "groundingdino"
    command = ["make", "groundingdino", f"GROUNDINGDINO={folder}", f"BIN={Path(sys.executable).parent}"]
    made = subprocess.run([*command, "-o", ".venv/train"], cwd=ROOT, capture_output=True, text=True, check=False)
    if made.returncode and any(words in made.stderr.lower() for words in NOT_FOUND):
        pytest.skip(f"packages cannot be installed here: {made.stderr.strip().splitlines()[-1]}")
    assert made.returncode == 0, made.stderr
    return str(folder / "bin" / "python")


@pytest.fixture(scope="module")
def settings(python: str, tmp_path_factory: pytest.TempPathFactory) -> GroundingdinoPySettings:
    """Settings of a checkpoint that the package itself has made."""
    folder = tmp_path_factory.mktemp("original")
    make_text_encoder(folder / "bert")
    command = [python, "-W", "ignore", "-m", "tests.stages.models.tiny_original", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return GroundingdinoPySettings(
        python=python, config=str(folder / "config.py"), checkpoint=str(folder / "weights.pth"), short_side=112, batch=2
    )


def test_it_looks_from_a_child_process_and_gives_the_common_record(settings: GroundingdinoPySettings) -> None:
    """Three frames in batches of two: detections of the phrases with boxes inside the frame, the surest first; a frame
    alone gives the same to the fourth digit.
    """
    settings.check()
    detector = open_detector(settings)
    assert isinstance(detector, ChildDetector)
    frames = np.random.default_rng(0).integers(0, 255, (3, 60, 107, 3), dtype=np.uint8)
    found = detector.detect(frames, ["red ball", "dog"], [0.5, 0.5])
    assert len(found) == 3
    for frame in found:
        assert frame
        assert all(isinstance(one, Detection) and one.phrase in {"red ball", "dog"} for one in frame)
        assert all(0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 for x0, y0, x1, y1 in (one.box_xyxy_norm for one in frame))
        assert [one.score for one in frame] == sorted((one.score for one in frame), reverse=True)
    [alone] = detector.detect(frames[1:2], ["red ball", "dog"], [0.5, 0.5])
    assert [one.score for one in alone] == pytest.approx([one.score for one in found[1]], abs=2e-4)
    detector.close()


def test_a_checkpoint_that_does_not_fit_is_one_line(settings: GroundingdinoPySettings, tmp_path: Path) -> None:
    """The child cannot load it; the parent says why."""
    (tmp_path / "weights.pth").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="is no checkpoint of the package: UnpicklingError; download it again"):
        open_detector(settings.model_copy(update={"checkpoint": str(tmp_path / "weights.pth")}))


def test_an_interpreter_without_the_package_is_named_with_the_command_that_makes_one(
    settings: GroundingdinoPySettings,
) -> None:
    """The tests' own interpreter has a newer transformers and no groundingdino."""
    with pytest.raises(ModelError, match="No module named 'groundingdino'; try: make groundingdino"):
        settings.model_copy(update={"python": sys.executable}).check()
