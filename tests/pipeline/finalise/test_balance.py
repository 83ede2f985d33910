"""Imbalances are counts."""

import math

import pytest

from pipeline.finalise.balance import Tally, contributions
from tests.sets import camera_group


def test_a_contribution_is_truth_minus_expectation() -> None:
    """One of five answers says "left": if true it has 1 - 1/5, while "up" has 0 - 1/5. "camera" is in all: nothing.

    The texts have 24, 22, 23, 20 and 22 characters, 22.2 on average: "left" is one of three that are shorter.
    """
    found = contributions(camera_group("v/a", 1))
    assert found["camera_moves=left"] == found["word=left"] == found["camera_moves:word=left"] == 0.8
    assert found["camera_moves=up"] == -0.2
    assert "word=camera" not in found
    assert found["length=shorter"] == 1 - 3 / 5


def test_words_can_be_left_out() -> None:
    """Without words, only the features that the writer names are balanced: the five ways of the camera."""
    found = contributions(camera_group("v/a", 1), words=False)
    assert set(found) == {f"camera_moves={way}" for way in ("still", "left", "right", "up", "down")}


def test_sigma_takes_each_video_as_one_draw() -> None:
    """Two videos, one with +0.5 twice and one with -0.5: the lean is 0.5, and sigma sqrt(1.0^2 + 0.5^2)."""
    tally = Tally()
    for video, lean in (("a", 0.5), ("a", 0.5), ("b", -0.5)):
        tally.add(video, {"right": lean})
    assert tally.lean("right") == 0.5
    assert tally.sigma("right") == pytest.approx(math.sqrt(1.25))
    assert tally.excess("right", sigmas=0, slack=0.2) == pytest.approx(0.3)
    assert tally.excess("right", sigmas=1, slack=0) == 0


@pytest.mark.parametrize("sign", [1, -1])
def test_the_announced_change_is_what_adding_changes(sign: int) -> None:
    """The total excess after adding (or taking out) a group is what it was, plus the change that was announced."""
    tally = Tally()
    for number in range(9):
        tally.add(str(number % 3), {"right": 0.5, "left": -0.25 if number % 2 else 0.75})
    lean = {"right": 0.5, "left": 0.75}

    def total() -> float:
        return sum(tally.excess(feature, 0.6, 0.5) for feature in tally.features())

    before, change = total(), tally.change("0", lean, 0.6, 0.5, sign)
    tally.add("0", lean, sign)
    assert change != 0
    assert total() - before == pytest.approx(change)
