"""Predicates that need two moments of the clip."""

import math

import pytest

from schemas.scene import FACE
from tests.scenes import claim, fixed, line, link, scene, track
from tests.stages.claims.verdicts import FALSE, TRUE, UNKNOWN, by, verdict

ENDS = [(0.0, 3.0), (7.0, 10.0)]
BEFORE = track("b", fixed(0.2, 0.5), [(0, 3)], name="red")
AFTER = track("a", fixed(0.7, 0.5), [(6, 10)], name="red")


def test_linked_tracks_are_one_object_or_two() -> None:
    """A link with the score 0.9 decides either way; without a link the verdict is unknown."""
    same = scene(BEFORE, AFTER, links=[link("b", "a", same=True)])
    assert verdict(claim("same_object", BEFORE, AFTER, during=ENDS), same) == by(TRUE, 0.9)
    assert verdict(claim("different_objects", BEFORE, AFTER, during=ENDS), same) == by(FALSE, 0.9)
    two = scene(BEFORE, AFTER, links=[link("b", "a", same=False)])
    assert verdict(claim("same_object", BEFORE, AFTER, during=ENDS), two) == by(FALSE, 0.9)
    assert verdict(claim("different_objects", BEFORE, AFTER, during=ENDS), two) == by(TRUE, 0.9)
    assert verdict(claim("same_object", BEFORE, AFTER, during=ENDS), scene(BEFORE, AFTER)) == by(UNKNOWN, 0)


def test_identity_asks_for_things_seen_in_their_intervals() -> None:
    """No red thing is visible in [3.5, 5.5), so the claim names nothing there."""
    same = scene(BEFORE, AFTER, links=[link("b", "a", same=True)])
    assert verdict(claim("same_object", BEFORE, AFTER, during=[(3.5, 5.5), (7, 10)]), same) == by(UNKNOWN, 0)


def test_things_seen_at_once_are_two() -> None:
    """Red and blue are both visible in [6, 9): two things, by the lesser of their scores."""
    blue = track("c", fixed(0.2, 0.5), [(0, 9)], name="blue", score=0.7)
    there = scene(blue, AFTER)
    assert verdict(claim("different_objects", blue, AFTER, during=ENDS), there) == by(TRUE, 0.7)


def test_contradicting_links_leave_identity_open() -> None:
    """Two links say that three tracks are one object, a third one that they are two: unknown."""
    middle = track("m", fixed(0.5, 0.5), [(4, 5)], name="red")
    links = [link("b", "m", same=True), link("m", "a", same=True), link("b", "a", same=False)]
    there = scene(BEFORE, middle, AFTER, links=links)
    assert verdict(claim("same_object", BEFORE, AFTER, during=ENDS), there) == by(UNKNOWN, 0)


def test_returns_after_half_a_second_out_of_sight() -> None:
    """Seen in [0, 3) and [6, 10): 3 s away; never away, half a second is left; gone at 3 s, 4 s before [7, 10)."""
    back = track("r", fixed(0.2, 0.5), [(0, 3), (6, 10)], name="red")
    assert verdict(claim("returns", back, during=ENDS), scene(back)) == by(TRUE, 3.0)
    stays = track("r", fixed(0.2, 0.5), [(0, 10)], name="red")
    assert verdict(claim("returns", stays, during=ENDS), scene(stays)) == by(FALSE, 0.5)
    blinks = track("r", fixed(0.2, 0.5), [(0, 5), (5.2, 10)], name="red")
    assert verdict(claim("returns", blinks, during=ENDS), scene(blinks)) == by(FALSE, 0.3)
    assert verdict(claim("returns", BEFORE, during=ENDS), scene(BEFORE)) == by(FALSE, 4.0)


def test_linked_tracks_return_as_one() -> None:
    """Red is linked to the red thing that comes 3 s later: it returns."""
    same = scene(BEFORE, AFTER, links=[link("b", "a", same=True)])
    assert verdict(claim("returns", BEFORE, during=ENDS), same) == by(TRUE, 3.0)


def test_returns_is_open_where_absence_is() -> None:
    """Not tracked while it is away, or a face that is not found: it may have been there."""
    back = track("r", fixed(0.2, 0.5), [(0, 3), (6, 10)], name="red")
    assert verdict(claim("returns", back, during=ENDS), scene(back, tracked=[(0, 4)])) == by(UNKNOWN, 0)
    face = track("f", fixed(0.2, 0.5), [(0, 3), (6, 10)], label=FACE)
    assert verdict(claim("returns", face, during=ENDS), scene(face)) == by(UNKNOWN, 0)


@pytest.mark.parametrize(("way", "x", "y"), [("left", -1, 0), ("right", 1, 0), ("up", 0, -1), ("down", 0, 1)])
def test_displaced_compares_mean_centres(way: str, x: int, y: int) -> None:
    """It moves 0.3 in that direction between the two intervals, and stands still in both."""
    thing = track("r", line((0.5, 0.5), (0.5 + 0.3 * x, 0.5 + 0.3 * y), (4, 6)), name="red")
    for value in ("left", "right", "up", "down"):
        truth = TRUE if value == way else FALSE
        assert verdict(claim("displaced", thing, value=value, during=ENDS), scene(thing)) == by(truth, 0.3)


def test_displaced_askew_or_unseen_is_open() -> None:
    """0.3 to the right and 0.2 down is no clear direction; a thing that is not visible in an interval has no place in
    it.
    """
    askew = track("r", line((0.3, 0.3), (0.6, 0.5), (4, 6)), name="red")
    assert verdict(claim("displaced", askew, value="right", during=ENDS), scene(askew)) == by(UNKNOWN, 0)
    assert verdict(claim("displaced", BEFORE, value="right", during=ENDS), scene(BEFORE)) == by(UNKNOWN, 0)


def test_size_change_is_the_log_ratio_of_mean_areas() -> None:
    """From 0.1 x 0.1 to 0.2 x 0.2: log 4."""
    small, large = fixed(0.5, 0.5, 0.1, 0.1), fixed(0.5, 0.5, 0.2, 0.2)
    thing = track("r", lambda t: small(t) if t < 5 else large(t), name="red")
    assert verdict(claim("size_change", thing, value="grows", during=ENDS), scene(thing)) == by(TRUE, math.log(4))
    assert verdict(claim("size_change", thing, value="shrinks", during=ENDS), scene(thing)) == by(FALSE, math.log(4))
    assert verdict(claim("size_change", BEFORE, value="grows", during=ENDS), scene(BEFORE)) == by(UNKNOWN, 0)


def test_a_face_that_is_half_hidden_is_not_smaller() -> None:
    """From 0.2 x 0.2 to 0.1 x 0.2 it turns; to 0.1 x 0.15 it counts by the side that changes less, 2 log(4/3), less 0.3
    for the error of its boxes.
    """
    whole = fixed(0.5, 0.5, 0.2, 0.2)
    for after, found in (((0.1, 0.2), by(UNKNOWN, 0)), ((0.1, 0.15), by(TRUE, 2 * math.log(4 / 3) - 0.3))):
        half = fixed(0.5, 0.5, *after)
        face = track("f", lambda t, half=half: whole(t) if t < 5 else half(t), label=FACE)  # type: ignore[misc]
        face = face.model_copy(update={"source": "faces"})
        assert verdict(claim("size_change", face, value="shrinks", during=ENDS), scene(face)) == found
