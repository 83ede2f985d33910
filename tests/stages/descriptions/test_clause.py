"""A clause in words, and its place in time."""

import pytest

from stages.descriptions.clause import Clause, comes_before
from stages.wording.stretch import Stretch
from tests.scenes import claim, span


def still(start: float, end: float, words: str = "then") -> Clause:
    """The view stays still for some seconds."""
    said = claim("camera_moves", value="still", during=[(start, end)])
    return Clause("camera", "still", said, Stretch("s", words, span(start, end)))


def darker() -> Clause:
    """The picture is darker late than early."""
    said = claim("brighter", during=[(0, 2), (7, 9)])
    late = Stretch("late", "at the end", span(7, 9))
    return Clause("brighter", "less", said, late, (("other", "at the start"),))


def test_a_clause_says_when_it_is_first_or_last() -> None:
    """Each style is a sentence, with a capital letter."""
    assert still(0, 2, "at the start").sentence(0) == "At the start, the view stays still."
    assert still(0, 2, "at the start").sentence(1) == "The view stays still at the start."
    assert darker().sentence(1) == "The picture is darker at the end than at the start."


def test_the_same_may_be_said_of_another_stretch_unless_two_are_compared() -> None:
    """The claim is then about the other seconds; nothing is known of what is false there."""
    moved = still(0, 2).at(Stretch("late", "late", span(7, 9)))
    assert moved is not None
    assert (moved.claim.intervals, moved.others) == ((span(7, 9),), ())
    assert darker().at(Stretch("s", "then", span(3, 4))) is None


@pytest.mark.parametrize(
    ("first", "second", "before"),
    [((0, 2), (2, 4), True), ((0, 4), (1, 3), False), ((0, 4), (3, 6), True), ((0, 4), (1, 5), False)],
    ids=["after", "inside", "shares a second", "shares most"],
)
def test_one_is_told_before_another_that_begins_and_ends_later(
    first: tuple[int, int], second: tuple[int, int], before: bool
) -> None:
    """They may share less than half of the shorter one."""
    assert comes_before(still(*first), still(*second)) is before
    assert not comes_before(still(*second), still(*first))


def test_what_is_nearly_always_so_is_usual() -> None:
    """That the view stays still is; that it is darker is not."""
    assert still(0, 2).is_usual
    assert not darker().is_usual
