"""The truth of a question, and what chance would give."""

import json
from itertools import pairwise
from statistics import mean

import numpy as np
import pytest

from pipeline.export.rewards.scoring import reward
from pipeline.export.rewards.truth import box_truth, choice_truth, interval_truth


def test_a_truth_is_one_text_with_kind_answer_and_chance() -> None:
    """Options are letters, intervals seconds, boxes thousandths of the frame."""
    assert json.loads(choice_truth(2, 5)) == {"kind": "choice", "answer": "C", "chance": 0.2}
    interval = json.loads(interval_truth(1.254, 3, seconds=8))
    assert (interval["kind"], interval["answer"]) == ("interval", [1.25, 3])
    box = json.loads(box_truth(0.1, 0.25, 0.5, 1.0))
    assert (box["kind"], box["answer"]) == ("box", [100, 250, 500, 1000])


def test_chance_of_the_whole_clip_is_the_mean_length_of_a_guess() -> None:
    """Two moments drawn at random are a third apart on average, and of n^2 pairs on a grid (1 - 1/n^2) / 3."""
    assert json.loads(interval_truth(0, 9, seconds=9))["chance"] == pytest.approx((1 - 1 / 400) / 3, abs=1e-4)
    assert json.loads(box_truth(0, 0, 1, 1))["chance"] == pytest.approx(((1 - 1 / 400) / 3) ** 2, abs=1e-4)


def test_guesses_are_worth_nothing_on_average() -> None:
    """The mean reward of 4000 random intervals, and of as many boxes, is within 0.02 of 0; the truth's is far above."""
    rng = np.random.default_rng(5)
    interval, box = interval_truth(2, 5, seconds=10), box_truth(0.2, 0.1, 0.6, 0.9)
    clip = np.sort(rng.uniform(0, 10, (4000, 2))).tolist()
    frame = np.sort(rng.uniform(0, 1000, (4000, 2, 2)), axis=1).reshape(4000, 4).tolist()
    assert mean(reward(f"{start} to {end}", interval) for start, end in clip) == pytest.approx(0, abs=0.02)
    assert mean(reward(str(corners), box) for corners in frame) == pytest.approx(0, abs=0.02)
    assert reward("2 5", interval) > 0.6
    assert reward("200 100 600 900", box) > 0.6


def test_a_shorter_interval_is_harder_to_guess() -> None:
    """Chance falls with the length."""
    chances = [json.loads(interval_truth(5, 5 + length, seconds=10))["chance"] for length in (4, 2, 1, 0.5)]
    assert all(more > less for more, less in pairwise(chances))
