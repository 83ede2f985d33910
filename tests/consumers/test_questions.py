"""Trainers with verifiable rewards load exported questions, and compute the rewards of answers by their own calls."""

import json
import shlex
from pathlib import Path

import pytest

from pipeline.export.rewards.scoring import reward
from tests.consumers.example_set import Example
from tests.consumers.interpreters import NEEDS_CONSUMERS, answer
from tests.pipeline.export.exporting import exported, lines

pytestmark = [pytest.mark.consumers, pytest.mark.process, pytest.mark.slow(60)]


def test_one_step_of_trl(example: Example, trainable: dict[str, Path], tmp_path: Path) -> None:
    """TRL generates answers, and rewards each as rewards.py does; the step is one on these rewards."""
    account = exported(example, tmp_path / "an export", to="questions", num_frames=8, format={"times": True})
    (tmp_path / "run").mkdir()
    said = answer("trl", "trl", account.command, tmp_path / "run", trainable)
    assert said["rows"] == account.rows["train"]
    assert said["steps"] == 1
    assert len(said["rewarded"]) == 2
    for completion, truth, given in said["rewarded"]:
        assert given == pytest.approx(reward(completion, truth))
    mean = sum(given for _, _, given in said["rewarded"]) / 2
    assert said["log"][0]["rewards/proven/mean"] == pytest.approx(mean)


@NEEDS_CONSUMERS
def test_ms_swift_rewards_the_right_answer(example: Example, models: dict[str, Path], tmp_path: Path) -> None:
    """Every row is loaded with its truth; the right answer gets 1 less chance, no answer what chance would give."""
    account = exported(example, tmp_path / "an export", to="questions", format={"trainer": "ms-swift"})
    (tmp_path / "run").mkdir()
    kind = {"qwen2_5_vl": models["qwen2_5_vl"]}
    [rows] = answer("ms_swift", "swift", account.command, tmp_path / "run", kind).values()
    written = lines(tmp_path / "an export" / "train.jsonl")
    assert [row["solution"] for row in rows] == [row["solution"] for row in written]
    words = shlex.split(account.command.strip("()"))
    assert max(row["tokens"] for row in rows) <= int(words[words.index("--max_length") + 1])
    for row in rows:
        chance = json.loads(row["solution"])["chance"]
        assert row["right"] == pytest.approx(1 - chance)
        assert row["none"] == pytest.approx(-chance)
