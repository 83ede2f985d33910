"""TRL trains a step on what was exported for it, by the printed command."""

from pathlib import Path

import pytest

from tests.consumers.example_set import Example
from tests.consumers.interpreters import answer
from tests.pipeline.export.exporting import exported

pytestmark = [pytest.mark.consumers, pytest.mark.process, pytest.mark.slow(60)]


def test_one_step_of_dpo(example: Example, trainable: dict[str, Path], tmp_path: Path) -> None:
    """Every row is there with its images, the longest (32 frames of 448 px) is shorter than the limit, and the loss of
    the step is a number.
    """
    account = exported(example, tmp_path / "an export", to="trl", format={"times": True})
    (tmp_path / "run").mkdir()
    said = answer("trl", "trl", account.command, tmp_path / "run", trainable)
    assert said["rows"] == account.rows["train"]
    assert "images" in said["columns"]
    assert 8000 < max(said["tokens"]) <= said["limit"]
    assert said["steps"] == 1
    assert said["log"][0]["loss"] > 0
