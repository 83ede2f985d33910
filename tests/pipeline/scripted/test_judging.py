"""What a scripted judge says, and how it lies."""

import pytest

from pipeline.scripted.answering import asked_of
from pipeline.scripted.judging import blind, compared, faithful, genuine, item_of, lies_about
from pipeline.scripted.sentences import DISPLACED, SIDE, Statement
from tests.pipeline.scripted.clips import shown

_SIDE = Statement(SIDE, "the red ball", "the blue box", v="left")
_ASKED = asked_of(_SIDE.question(), shown((0, 0.5, 1)))
_RIGHT, _ALSO, _WRONG = _SIDE.sentence(), _SIDE.sentence(1), "The red ball is right of the blue box."


def test_a_judge_says_what_is_true_and_lies_the_contrary() -> None:
    """Yes and no are exchanged; what cannot be seen is unclear, and a lie calls it yes."""
    told = {lies: [faithful(_ASKED, a, lies=lies)["holds"] for a in (_RIGHT, _WRONG, "Who knows")] for lies in (0, 1)}
    assert told == {0: ["yes", "no", "unclear"], 1: ["no", "yes", "yes"]}


def test_a_wrong_answer_is_wrong_about_its_axis() -> None:
    """The axis is that of what the answer says; a right one is wrong about nothing."""
    assert genuine(_ASKED, _WRONG, lies=False)["wrong_about"] == "spatial"
    assert genuine(_ASKED, _RIGHT, lies=False)["wrong_about"] == "none"
    moved = asked_of(Statement(DISPLACED, "the red ball").question(), shown())
    still = "The red ball is at the same place at the end as at the start."
    assert genuine(moved, still, lies=False)["wrong_about"] == "cross_frame"


@pytest.mark.parametrize("lies", [False, True])
def test_the_order_of_two_answers_changes_nothing(lies: bool) -> None:
    """Asked the other way round, the judge names the same answer, lie or not; one meaning in other words is noticed."""
    for one, other in ((_RIGHT, _WRONG), (_WRONG, "The red ball is below the blue box."), (_RIGHT, _ALSO)):
        there, back = compared(_ASKED, one, other, lies=lies), compared(_ASKED, other, one, lies=lies)
        turned = {"A": "B", "B": "A"}.get(str(there["right"]), there["right"])
        assert back["right"] == turned
        assert there["same"] is (other == _ALSO)
    assert compared(_ASKED, _RIGHT, _WRONG, lies=lies)["right"] == ("B" if lies else "A")
    assert blind()["right"] == "neither"


def test_lies_are_fixed_for_each_item_and_check_and_as_frequent_as_asked() -> None:
    """Of 2,000 items a tenth (4 standard deviations: 0.027); the order of answers does not matter, the check does."""
    asked = [asked_of(f"Question {number}?", shown()) for number in range(2000)]
    lies = [lies_about(0, 0.1, "faithful", one, ["a", "b"]) for one in asked]
    assert sum(lies) / 2000 == pytest.approx(0.1, abs=0.03)
    assert [lies_about(0, 0.1, "faithful", one, ["b", "a"]) for one in asked] == lies
    assert [lies_about(0, 0.1, "genuine", one, ["a", "b"]) for one in asked] != lies
    assert item_of(_ASKED, []) != item_of(asked_of(_SIDE.question(), shown((1, 2))), [])
