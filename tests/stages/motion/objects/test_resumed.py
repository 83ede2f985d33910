"""Joining trails that are one thing after a sharp turn."""

import pytest

from stages.motion.objects.regions import PixelBox
from stages.motion.objects.resumed import resumed
from stages.motion.objects.trail import Trail
from tests.stages.motion.objects.trails import BLUE_LAB, HEIGHT, gliding, sighting, trail

GOES = [(20 + 8 * i, 40, 40 + 8 * i, 60) for i in range(8)]
COMES_BACK = [(70 - 8 * i, 45, 90 - 8 * i, 65) for i in range(6)]


def _numbers(*trails: Trail) -> list[int]:
    """Of the trails that are left, at 10 frames a second."""
    return [one.number for one in resumed(trails, 0.1, HEIGHT)]


def test_a_thing_that_turns_sharply_has_one_trail() -> None:
    """It ends at (76, 40) on frame 7, and an alike one begins at (70, 45) on frame 9; the trails that may have been
    exchanged with the second one may now have been exchanged with the first one.
    """
    other = trail(5, 0, gliding(20, 90, 0, 20))
    other.confused_with = {2}
    first, kept = resumed([trail(1, 0, GOES), trail(2, 9, COMES_BACK), other], 0.1, HEIGHT)
    assert [one.frame for one in first.sightings] == [*range(8), *range(9, 15)]
    assert first.number == 1
    assert kept.confused_with == {1}


def test_specks_that_a_trail_took_for_its_thing_are_left_out() -> None:
    """On frames 8 and 9 the first trail has a speck of 9 pixels where the thing was expected."""
    first = trail(1, 0, GOES)
    first.sightings += [sighting(8, (90, 50, 93, 53)), sighting(9, (98, 50, 101, 53))]
    (joined,) = resumed([first, trail(2, 8, COMES_BACK)], 0.1, HEIGHT)
    assert len(joined.sightings) == 14
    assert min(one.area for one in joined.sightings) == 400


@pytest.mark.parametrize(
    ("first_frame", "boxes"),
    [
        (14, COMES_BACK),  # 0.7 s later
        (9, [(x0, y0 + 60, x1, y1 + 60) for x0, y0, x1, y1 in COMES_BACK]),  # half a frame further down
        (9, [(x0, y0, x1 + 12, y1) for x0, y0, x1, y1 in COMES_BACK]),  # wider
        (6, COMES_BACK),  # both are seen at once
    ],
)
def test_what_begins_later_elsewhere_or_looks_different_is_another_thing(
    first_frame: int, boxes: list[PixelBox]
) -> None:
    """Each second trail differs from the one of the same thing in one way."""
    assert _numbers(trail(1, 0, GOES), trail(2, first_frame, boxes)) == [1, 2]


def test_another_colour_a_border_and_a_third_trail_forbid_it() -> None:
    """What ends at a border may have left, and of two that begin neither is chosen."""
    first = trail(1, 0, GOES)
    assert _numbers(first, trail(2, 9, COMES_BACK, lab=BLUE_LAB)) == [1, 2]
    assert _numbers(first, trail(2, 9, COMES_BACK), trail(3, 9, [(80, 20, 100, 40)] * 6)) == [1, 2, 3]
    at_border = [(0, 40, 20, 60)] * 8
    assert _numbers(trail(1, 0, at_border), trail(2, 9, [(4, 40, 24, 60)] * 6)) == [1, 2]
