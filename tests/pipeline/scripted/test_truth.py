"""Whether sentences are true of what is shown of a clip that is known."""

import pytest

from pipeline.scripted.sentences import (
    COLOUR,
    COUNT,
    DISPLACED,
    DISTANCE,
    DOES,
    HEIGHT,
    MOVES,
    ORDER,
    PART,
    READS,
    SAME_PLACE,
    SAME_SIZE,
    SIDE,
    SIZE,
    STAYS,
    VISIBLE,
    WHILE,
    Statement,
)
from pipeline.scripted.truth import holds
from pipeline.scripted.view import View
from tests.pipeline.scripted.clips import SECONDS, shown

_A, _B = "the red ball", "the blue box"
_START, _END = "the red ball sets off", "the blue box goes out of view"
_EARLY, _LATE = shown((0, 0.5, 1, 1.5, 2)), shown((6.5, 7, 7.5))


@pytest.mark.parametrize(
    ("said", "view", "truth"),
    [
        (Statement(SIDE, _A, _B, v="left"), _EARLY, True),
        (Statement(SIDE, _A, _B, v="right"), _EARLY, False),
        (Statement(SIDE, _A, _B, v="left"), shown(), None),  # it goes past the box
        (Statement(SIDE, _A, _B, v="left"), _LATE, False),  # the box is away: it is nowhere
        (Statement(SIDE, "the star", _B, v="left"), _EARLY, False),
        (Statement(HEIGHT, _A, _B, v="above"), shown(), True),
        (Statement(PART, _A, v="left"), _EARLY, True),
        (Statement(PART, _A, v="right"), _EARLY, False),
        (Statement(COLOUR, n="ball", v="red"), shown(), True),
        (Statement(COLOUR, n="ball", v="blue"), shown(), False),
        (Statement(COUNT, n="box", v="one"), _EARLY, True),
        (Statement(COUNT, n="leaf", v="three"), _EARLY, False),  # no thing is one, and all of them are known
        (Statement(READS, v="market"), _EARLY, True),
        (Statement(READS, v="Harbour"), _EARLY, False),
        (Statement(ORDER, _START, _END), shown(), True),
        (Statement(ORDER, _END, _START), shown(), False),
        (Statement(ORDER, _START, _END), _EARLY, None),  # one of the two is not shown
        (Statement(WHILE, _START, _END), shown(), False),
        (Statement(DOES, _START), _EARLY, True),
        (Statement(DOES, _START), _LATE, False),
        (Statement(DOES, "the red ball comes to rest"), shown(), False),  # all that happens is known
        (Statement(VISIBLE, _B), _EARLY, True),
        (Statement(VISIBLE, _B), _LATE, False),
        (Statement(MOVES, _A, v="to the right"), shown(), True),
        (Statement(MOVES, _A, v="up"), shown(), False),
        (Statement(STAYS, _A), shown(), False),
        (Statement(STAYS, _B), shown(), True),
        (Statement(DISPLACED, _A, v="to the right"), shown(), True),
        (Statement(DISPLACED, _A, v="to the right"), shown((3.0,)), None),  # one frame shows no change
        (Statement(SAME_PLACE, _A), shown(), False),
        (Statement(SIZE, _A, v="larger"), shown(), True),
        (Statement(SAME_SIZE, _A), shown(), False),
        (Statement(SIZE, _A, v="larger"), shown((0, 7.99)), None),  # at the end the border cuts it off
        (Statement(DISTANCE, _A, _B, v="closer together"), shown((0, 1, 2, 3)), True),
        (Statement(DISTANCE, _A, _B, v="further apart"), shown((0, 1, 2, 3)), False),
    ],
)
def test_a_sentence_is_true_false_or_open(said: Statement, view: View, truth: bool | None) -> None:
    """As the clip that is written down in clips.py says; what the frames do not show is open."""
    assert holds(said, view) is truth


def test_nothing_is_known_of_no_frames() -> None:
    """Neither true nor false."""
    assert holds(Statement(SIDE, _A, _B, v="left"), shown(())) is None


def test_reversed_frames_show_the_contrary() -> None:
    """Played backwards the ball goes left and shrinks, and events come in the other order; shuffled, it jumps about."""
    backwards = shown(tuple(reversed(SECONDS)))
    assert holds(Statement(MOVES, _A, v="to the left"), backwards) is True
    assert holds(Statement(DISPLACED, _A, v="to the right"), backwards) is False
    assert holds(Statement(SIZE, _A, v="smaller"), backwards) is True
    assert holds(Statement(ORDER, _START, _END), backwards) is False
    assert holds(Statement(DOES, _START), backwards) is False
    assert holds(Statement(DOES, "the blue box comes into view"), backwards) is True
    shuffled = shown((4, 0, 6, 2, 5))
    assert holds(Statement(DOES, _START), shuffled) is None
    assert holds(Statement(MOVES, _A, v="to the right"), shuffled) is False


def test_mirrored_frames_exchange_left_and_right_and_cannot_be_read() -> None:
    """The ball is on the right, below stays below, and writing says nothing."""
    mirrored = shown((0, 0.5, 1), mirrored=True)
    assert holds(Statement(SIDE, _A, _B, v="right"), mirrored) is True
    assert holds(Statement(HEIGHT, _A, _B, v="above"), mirrored) is True
    assert holds(Statement(READS, v="market"), mirrored) is None


def test_a_thing_that_is_painted_over_is_not_where_it_was() -> None:
    """At 1 s the ball is at x 0.2, y 0.5: rows 14 to 18, columns 4 to 9 of 32. Elsewhere paint changes nothing."""
    said = Statement(PART, _A, v="left")
    assert holds(said, shown((1.0,), altered=(slice(13, 19), slice(4, 10)))) is False
    assert holds(said, shown((1.0,), altered=(slice(0, 6), slice(20, 26)))) is True
