"""What completions are worth, whatever they look like."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.export.rewards.scoring import final_answer, option, overlap, reward
from pipeline.export.rewards.truth import box_truth, choice_truth, interval_truth

_SECOND_OF_FOUR = choice_truth(1, 4)


@pytest.mark.parametrize(
    "said",
    [
        "B",
        "(b)",
        "**B**",
        "B. A dog",
        "B) The red ball leaves first.",
        "Answer: B",
        "The correct answer is B.",
        "<think>It was A, was it?</think>\nB",
        "I see a dog. <answer> B </answer> That is all.",
        "<answer>A</answer> No: <answer>B</answer>",
        r"So it is \boxed{B}.",
    ],
)
def test_the_right_option_is_read_however_it_is_said(said: str) -> None:
    """1 less a quarter."""
    assert reward(said, _SECOND_OF_FOUR) == 0.75


@pytest.mark.parametrize(
    "said",
    [
        "A",
        "C",
        "",
        "A dog.",
        "Both of them",
        "<answer></answer>",
        "B <answer>A</answer>",
        "<answer>B</answer></think> A",
    ],
)
def test_another_option_and_what_cannot_be_read_cost_the_same(said: str) -> None:
    """Saying nothing is worth no more than a wrong answer: 0 less a quarter."""
    assert reward(said, _SECOND_OF_FOUR) == -0.25


def test_a_list_of_all_options_counts_as_its_first() -> None:
    """One option is read of each answer: listing them all is a guess."""
    said = "A) left B) right C) up D) down"
    assert [reward(said, choice_truth(right, 4)) for right in range(4)] == [0.75, -0.25, -0.25, -0.25]
    assert sum(reward("C", choice_truth(right, 4)) for right in range(4)) == 0


def test_an_article_is_no_option() -> None:
    """The word A begins a sentence, and the letter A is an option only if it stands alone or before a mark."""
    assert option("A red ball crosses.") == ""
    assert option("A: a red ball crosses.") == "A"


@pytest.mark.parametrize(
    ("said", "shared"),
    [
        ("from 2 to 4 seconds", 1.0),
        ("2.0-4.0", 1.0),
        ("2s to 3s", 1 / 2),
        ("3 to 5", 1 / 3),
        ("0 to 10", 1 / 5),
        ("5 to 9", 0.0),
        ("4 to 2", 0.0),
        ("at 3", 0.0),
        ("2, 4 and 6", 0.0),
    ],
)
def test_an_interval_is_worth_its_overlap(said: str, shared: float) -> None:
    """Of the interval from 2 to 4 s: shared seconds over the seconds of both together; two numbers, the least first."""
    truth = interval_truth(2, 4, seconds=10)
    assert reward(f"<answer>{said}</answer>", truth) == pytest.approx(shared - json.loads(truth)["chance"])


@pytest.mark.parametrize(
    ("said", "shared"),
    [
        ("[100, 200, 300, 600]", 1.0),
        ('{"bbox_2d": [100, 200, 300, 400], "label": "ball"}', 1 / 2),
        ("100 200 500 1000", 1 / 4),
        ("300, 200, 100, 600", 0.0),
        ("100, 200, 300", 0.0),
    ],
)
def test_a_box_is_worth_its_overlap(said: str, shared: float) -> None:
    """Of 200 x 400 thousandths: half of it is half, and it is a quarter of 400 x 800; the number in a name is none."""
    truth = box_truth(0.1, 0.2, 0.3, 0.6)
    assert reward(said, truth) == pytest.approx(shared - json.loads(truth)["chance"])


@given(st.text(max_size=80) | st.from_regex(r"(<answer>)?[\d. ]{0,60}(</answer>)?", fullmatch=True))
def test_any_text_gets_a_reward(said: str) -> None:
    """No completion raises, and none is worth more than the truth."""
    for truth in (_SECOND_OF_FOUR, interval_truth(2, 4, seconds=10), box_truth(0.1, 0.2, 0.3, 0.6)):
        chance = json.loads(truth)["chance"]
        assert -chance <= reward(said, truth) <= 1 - chance


def test_numbers_beyond_all_bounds_are_worth_nothing() -> None:
    """A number too large for a float is infinite; the overlap with it is 0."""
    assert overlap([0.0, float("9" * 400)], [2, 4]) == 0
    assert final_answer("9" * 400 + " " + "9" * 400) == "9" * 400 + " " + "9" * 400
    truth = interval_truth(2, 4, seconds=10)
    assert reward("9" * 400 + " " + "9" * 401, truth) == -json.loads(truth)["chance"]
