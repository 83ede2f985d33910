"""Settings of detectors say what is missing before anything is loaded."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from schemas.errors import ModelError
from stages.models.detector_settings import Certainty, GroundingdinoPySettings


def _problem(settings: GroundingdinoPySettings) -> str:
    with pytest.raises(ModelError) as caught:
        settings.check()
    return str(caught.value)


def test_what_the_original_package_lacks_is_one_line_each(tmp_path: Path) -> None:
    """A checkpoint that is not given, one that is not there, a text encoder that is none, and no environment."""
    (tmp_path / "weights.pth").write_bytes(b"")
    weights = str(tmp_path / "weights.pth")
    assert "checkpoint is missing" in _problem(GroundingdinoPySettings())
    assert "no file /nowhere.pth" in _problem(GroundingdinoPySettings(checkpoint="/nowhere.pth"))
    assert "no config.json" in _problem(GroundingdinoPySettings(checkpoint=weights, text_encoder=str(tmp_path)))
    without = GroundingdinoPySettings(checkpoint=weights, python=str(tmp_path / "python"))
    assert "try: make groundingdino" in _problem(without)


def test_the_lower_threshold_is_not_above_the_upper_one() -> None:
    """Between them nothing is known: there has to be a between."""
    with pytest.raises(ValidationError, match="maybe must be at most sure"):
        Certainty(sure=0.3, maybe=0.4)
