"""Which two answers tell one fact."""

import pytest

from schemas.claim import Claim
from stages.facts.same_fact import are_one_fact
from tests.scenes import claim, fixed, track

RED = track("r", fixed(0.2, 0.2), name="red")
BLUE = track("b", fixed(0.8, 0.8), name="blue")


def _left(start: float, end: float) -> Claim:
    return claim("motion_in", value="left", during=[(start, end)])


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (_left(0, 4), True),
        (_left(2, 4), True),
        (_left(3, 5), True),  # one of its two seconds
        (_left(3.1, 5.1), False),
        (claim("motion_in", value="right", during=[(1, 4)]), True),  # one question of one time
        (claim("camera_moves", value="left", during=[(0, 4)]), False),
    ],
)
def test_half_of_the_shorter_stretch_makes_one_fact(other: Claim, same: bool) -> None:
    """Against [0, 4): stretches that share half of the shorter one are one."""
    assert are_one_fact(_left(0, 4), other) is same
    assert are_one_fact(other, _left(0, 4)) is same


def test_each_of_two_stretches_must_overlap() -> None:
    """The first and the last third lie in the halves; the first and the middle third do not."""
    halves = claim("brighter", during=[(0, 6), (6, 12)])
    assert are_one_fact(halves, claim("brighter", during=[(0, 4), (8, 12)]))
    assert not are_one_fact(halves, claim("brighter", during=[(8, 12), (0, 4)]))
    assert not are_one_fact(halves, claim("brighter", during=[(0, 2), (3, 5)]))


def test_another_thing_or_another_event_is_another_fact() -> None:
    """What a claim without a stretch is about is its thing; of an event, its kind too."""
    assert are_one_fact(claim("has_colour", RED, value="red"), claim("has_colour", RED, value="blue"))
    assert not are_one_fact(claim("has_colour", RED, value="red"), claim("has_colour", BLUE, value="blue"))
    assert not are_one_fact(claim("visible_longer", RED, BLUE), claim("visible_longer", BLUE, RED))
    enters, leaves = (claim("event_in", RED, value=kind, during=[(0, 5)]) for kind in ("enters", "leaves"))
    assert are_one_fact(enters, claim("event_in", RED, value="enters", during=[(0, 3)]))
    assert not are_one_fact(enters, leaves)


def test_a_thing_is_known_by_its_tracks_or_its_phrase() -> None:
    """A face that is lost and found again has one phrase; "the red thing" and "the red item" have one track."""
    first = claim("in_region", RED, value="left", during=[(0, 4)])
    again = first.model_copy(update={"subject_tracks": ("r2",)})
    other_words = first.model_copy(update={"subject_phrases": ("the red item",)})
    assert are_one_fact(first, again)
    assert are_one_fact(first, other_words)
    assert not are_one_fact(again, other_words)


def test_answers_without_claims_are_never_one_fact() -> None:
    """Nothing is known of what they tell."""
    assert not are_one_fact(None, None)
    assert not are_one_fact(_left(0, 4), None)


def test_a_still_camera_is_one_fact_at_any_time() -> None:
    """That it moves left at one time and at another is not. What stays in the middle is in one place, too."""
    early, late = (
        {way: claim("camera_moves", value=way, during=[at]) for way in ("still", "left")} for at in ((0, 2), (5, 9))
    )
    assert are_one_fact(early["still"], late["still"])
    assert not are_one_fact(early["left"], late["left"])
    assert not are_one_fact(early["still"], late["left"])
    centre, middle, left = (
        claim("in_region", RED, value=value, during=[(second, second + 1)])
        for second, value in enumerate(("centre", "middle", "left"))
    )
    assert are_one_fact(centre, middle)
    assert not are_one_fact(centre, left)


def test_how_two_things_lie_is_one_fact_until_it_changes() -> None:
    """Red is left of blue at 2 s and at 8 s: that is asked once. If it is right of it at 8 s, that is another fact."""
    early, late = (claim("left_of", RED, BLUE, during=[at]) for at in ((1.5, 2.5), (7.5, 8.5)))
    assert are_one_fact(early, late)
    assert not are_one_fact(early, claim("right_of", RED, BLUE, during=[(7.5, 8.5)]))
    assert not are_one_fact(early, claim("left_of", BLUE, RED, during=[(7.5, 8.5)]))
