"""Grounding DINO by transformers, with random weights."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from schemas.errors import ModelError
from stages.models.detections import FrameDetections
from stages.models.detector_settings import GroundingDinoSettings
from stages.models.open_detector import open_detector
from tests.stages.models.tiny_detectors import make_checkpoint

PHRASES = ("red ball", "dog", "person")
SCORES = {False: 0.5, True: 0.02}
"""Thresholds that random weights exceed: those of the first type reach 1, those of MM Grounding DINO stay low."""


@pytest.fixture(scope="module", params=[False, True], ids=["grounding-dino", "mm-grounding-dino"])
def mm(request: pytest.FixtureRequest) -> bool:
    """Which of the two types."""
    return bool(request.param)


@pytest.fixture(scope="module")
def checkpoint(mm: bool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny checkpoint of the type."""
    return make_checkpoint(tmp_path_factory.mktemp("detector"), mm=mm)


def _frames(count: int) -> NDArray[np.uint8]:
    return np.random.default_rng(0).integers(0, 255, (count, 60, 107, 3), dtype=np.uint8)


def _detect(checkpoint: Path, frames: NDArray[np.uint8], least: float, batch: int) -> list[FrameDetections]:
    settings = GroundingDinoSettings(checkpoint=str(checkpoint), short_side=112, batch=batch)
    settings.check()
    return open_detector(settings).detect(frames, PHRASES, [least] * len(PHRASES))


def test_a_batch_finds_what_frames_alone_give(mm: bool, checkpoint: Path) -> None:
    """Three frames at once, and one after the other: the same phrases, and scores to the fourth digit."""
    together = _detect(checkpoint, _frames(3), SCORES[mm], batch=3)
    alone = _detect(checkpoint, _frames(3), SCORES[mm], batch=1)
    assert len(together) == 3
    for some, others in zip(together, alone, strict=True):
        assert some
        assert {one.phrase for one in some} == {one.phrase for one in others} <= set(PHRASES)
        assert [one.score for one in some] == pytest.approx([one.score for one in others], abs=2e-4)


def test_each_phrase_has_its_own_threshold(mm: bool, checkpoint: Path) -> None:
    """With a threshold of 1.0 for two of three phrases, the third alone is found."""
    settings = GroundingDinoSettings(checkpoint=str(checkpoint), short_side=112)
    [found] = open_detector(settings).detect(_frames(1), PHRASES, [1.1, SCORES[mm], 1.1])
    assert {one.phrase for one in found} == {"dog"}


def test_more_phrases_than_a_text_holds_are_all_looked_for(checkpoint: Path) -> None:
    """120 phrases of four tokens each are 480 tokens, and a text holds 256."""
    phrases = [f"dog {first} {second}" for first in "abcdefghij" for second in "abcdefghijkl"]
    settings = GroundingDinoSettings(checkpoint=str(checkpoint), short_side=112)
    [found] = open_detector(settings).detect(_frames(1), phrases, [1e-6] * len(phrases))
    assert len({one.phrase for one in found}) > 60


def _problem(settings: GroundingDinoSettings) -> str:
    with pytest.raises(ModelError) as caught:
        settings.check()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_what_is_missing_is_one_line(checkpoint: Path, tmp_path: Path) -> None:
    """No checkpoint, no such folder, a folder without weights, and a checkpoint of something else."""
    assert "checkpoint is missing" in _problem(GroundingDinoSettings())
    assert "/nowhere: there is no such folder" in _problem(GroundingDinoSettings(checkpoint="/nowhere"))
    for file in checkpoint.iterdir():
        if file.suffix != ".safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    assert "has no weights" in _problem(GroundingDinoSettings(checkpoint=str(tmp_path)))
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    assert "bert is not supported" in _problem(GroundingDinoSettings(checkpoint=str(tmp_path)))
