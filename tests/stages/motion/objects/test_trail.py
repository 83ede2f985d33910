"""Trails: two that move together are joined, and one that was briefly outside the frame is split."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from stages.motion.objects.regions import PixelBox
from stages.motion.objects.trail import Sighting, Trail, split_at_border, unified

FRAME = (0, 0, 100, 80)


def _trail(number: int, boxes: Sequence[PixelBox], touching: tuple[int, ...] = ()) -> Trail:
    blank = np.zeros(3, np.float32)
    sightings = [
        Sighting(i, box, 50, (True,) * 4, touching, 5.0, blank, np.zeros(13, np.int64), None)
        for i, box in enumerate(boxes)
    ]
    return Trail(number=number, sightings=sightings)


def test_what_touches_another_all_its_life_and_moves_with_it_is_part_of_it() -> None:
    """A cap of 4 rows on a body, both at 5 px a frame: one trail whose box spans both."""
    body = _trail(0, [(5 * i, 20, 5 * i + 20, 40) for i in range(10)], (1,))
    cap = _trail(1, [(5 * i + 5, 16, 5 * i + 15, 20) for i in range(10)], (0,))
    (one,) = unified([body, cap], FRAME)
    assert one.sightings[3].box == (15, 16, 35, 40)
    assert one.sightings[3].touching == ()


def test_what_touches_nothing_but_parts_of_a_thing_is_part_of_it() -> None:
    """A rim that shrinks, a board below it and letters on the board alone, all at 5 px a frame: one trail."""
    rim = _trail(0, [(5 * i, 20, 5 * i + 20, 40 if i < 3 else 22) for i in range(10)], (1,))
    board = _trail(1, [(5 * i, 22, 5 * i + 20, 40) for i in range(1, 10)], (0, 2))
    letters = _trail(2, [(5 * i + 4, 28, 5 * i + 16, 34) for i in range(1, 9)], (1,))
    for trail in (board, letters):
        trail.sightings = [replace(one, frame=one.frame + 1) for one in trail.sightings]
    board.confused_with, letters.confused_with = {2}, {1}
    (one,) = unified([rim, board, letters], FRAME)
    assert one.sightings[5].box == (25, 20, 45, 40)
    assert one.confused_with == set()


def test_a_glimpse_cannot_have_been_exchanged() -> None:
    """Another trail of similar colour with two sightings is no thing that goes on in its place; one with three is."""
    for count, confused in ((2, set()), (3, {1})):
        thing, other = (
            _trail(0, [(40, 20, 60, 40)] * 10),
            _trail(1, [(10 * i, 60, 10 * i + 9, 69) for i in range(count)]),
        )
        thing.confused_with = {1}
        assert unified([thing, other], FRAME)[0].confused_with == confused


def test_what_passes_another_is_not_part_of_it() -> None:
    """It touches for 3 of 10 sightings: two trails."""
    body = _trail(0, [(40, 20, 60, 40)] * 10)
    passer = _trail(1, [(10 * i, 40, 10 * i + 20, 60) for i in range(10)])
    passer.sightings[4:7] = _trail(1, [one.box for one in passer.sightings], (0,)).sightings[4:7]
    assert len(unified([body, passer], FRAME)) == 2


def test_a_trail_is_cut_where_the_thing_was_outside_between_two_frames() -> None:
    """Its inner edge goes 30, 18, 6 and comes 6, 18, 30 at 12 px a frame: outside for 1 - 2 * 3.5 / 12 = 0.4 frames."""
    trail = _trail(0, [(0, 20, edge, 40) for edge in (30, 18, 6, 6, 18, 30)])
    first, second = split_at_border(trail, FRAME, 7)
    assert [len(first.sightings), len(second.sightings)] == [3, 3]
    assert first.number != second.number


def test_a_trail_that_turns_at_the_border_in_full_view_is_not_cut() -> None:
    """Its inner edge never comes nearer than 18 px at 12 px a frame: it cannot have been outside."""
    trail = _trail(0, [(0, 20, edge, 40) for edge in (42, 30, 18, 18, 30, 42)])
    assert len(split_at_border(trail, FRAME, 7)) == 1
