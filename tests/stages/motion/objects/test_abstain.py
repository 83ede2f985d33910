"""When nothing is asserted about what moves in a shot."""

from collections.abc import Callable

import numpy as np
import pytest

from stages.motion.colour import NAMES
from stages.motion.objects.abstain import (
    ThingsConfig,
    cut_short,
    is_moving,
    is_seen_in_part,
    is_sure,
    stable_pixels,
    stable_share_beside,
    too_odd,
    unexplained,
)
from stages.motion.objects.events import EventConfig
from stages.motion.objects.parts import Part, part_of
from stages.motion.objects.regions import PixelBox
from tests.stages.motion.objects.trails import SPAN, TIMES, gliding, part, sighting, trail

CONFIG = ThingsConfig()
CROSSES = part(0, 10, gliding(-18, 40, 6, 31))
RESTS = part(1, 0, [(60, 40, 80, 60)] * 100)
APPEARS = part(2, 30, [(60, 40, 80, 60)] * 40)


def test_a_picture_that_mostly_stays_is_stable() -> None:
    """A fifth of the columns flickers: four fifths are stable. A rare change, as by a passing thing, does not count."""
    frames = np.full((20, 40, 100, 3), 120, np.uint8)
    frames[::2, :, 80:] = 200
    assert stable_pixels(frames, CONFIG.stable_difference).mean() == pytest.approx(0.8, abs=0.03)
    frames = np.full((20, 40, 100, 3), 120, np.uint8)
    frames[3, :, :50] = 200
    assert stable_pixels(frames, CONFIG.stable_difference).all()


def test_only_the_pixels_beside_things_show_whether_the_rest_is_stable() -> None:
    """Of 60 x 80 coarse pixels the left half is not stable. A thing covers 56 of 160 columns of the frame: of the 24
    columns of 80 that it never covers in that half and the 40 others, 12 are not stable. One that covers all columns
    shows nothing of the rest.
    """
    stable_HW = np.repeat([[False] * 40 + [True] * 40], 60, axis=0)
    tall = part(3, 0, [(0, 0, 55, 119)] * 20)
    assert stable_share_beside([], stable_HW) == 0.5
    assert stable_share_beside([[tall]], stable_HW) == pytest.approx(40 / 52)
    assert stable_share_beside([[part(3, 0, [(0, 0, 159, 119)] * 20)]], stable_HW) == 0.0


def test_a_thing_that_enters_moves_and_one_that_rests_does_not() -> None:
    """A shift of 1 px, less than 2 % of 120 rows, is not a movement."""
    assert is_moving([CROSSES], SPAN)
    assert not is_moving([RESTS], SPAN)
    assert not is_moving([part(3, 0, [(60, 40, 80, 60), (61, 40, 81, 60)] * 5)], SPAN)


def test_what_appears_bit_by_bit_in_the_middle_is_unexplained() -> None:
    """A thing comes over a border, is there from the beginning, or is whole when it is first seen, and goes in the same
    way: APPEARS is whole; one that grows to its size in 30 of 60 sightings or comes out from another thing is not.
    """
    grows = [(60, 40, 80, 42 + i) for i in range(30)] + [(60, 40, 80, 72)] * 30
    assert not unexplained([CROSSES], SPAN)
    assert not unexplained([RESTS], SPAN)
    assert not unexplained([APPEARS], SPAN)
    assert unexplained([part(9, 20, grows)], SPAN)
    assert unexplained([part(9, 20, grows[::-1])], SPAN)
    assert unexplained([_comes_out_of_another()], SPAN)


def _comes_out_of_another() -> Part:
    """Seen in full from its first sighting on, which touches trail 1."""
    glides = trail(9, 20, gliding(60, 40, 1, 40))
    glides.sightings[0] = sighting(20, glides.sightings[0].box, touching=(1,))
    return part_of(glides, TIMES, SPAN, EventConfig())


def test_a_thing_without_a_clear_colour_is_one_if_it_keeps_its_look() -> None:
    """Half red and half blue all the time, it is one thing; if its halves take turns, or it grows to twice its area, it
    may be several.
    """
    assert not unexplained([_two_coloured([(60, 40, 80, 60)] * 100, lambda _: 50)], SPAN)
    assert unexplained([_two_coloured([(60, 40, 80, 60)] * 100, lambda i: 100 * (i % 2))], SPAN)
    assert unexplained([_two_coloured([(60, 40, 80 + i // 5, 60) for i in range(100)], lambda _: 50)], SPAN)


def _two_coloured(boxes: list[PixelBox], red_of: Callable[[int], int]) -> Part:
    """Of each 100 pixels on frame i, `red_of(i)` are red and the others blue: no colour is dominant over all frames."""
    changing = trail(8, 0, boxes)
    names = [one.value for one in NAMES]
    for i, one in enumerate(changing.sightings):
        one.names[:] = 0
        one.names[names.index("red")], one.names[names.index("blue")] = red_of(i), 100 - red_of(i)
    found = part_of(changing, TIMES, SPAN, EventConfig())
    assert found.colour is None
    return found


def test_a_thing_that_may_have_been_exchanged_is_unexplained() -> None:
    """It touched another one of similar colour."""
    exchanged = part(4, 10, gliding(-18, 40, 6, 31))
    exchanged.trail.confused_with.add(9)
    assert unexplained([exchanged], SPAN)


def test_too_much_that_is_unexplained_leaves_everything_open() -> None:
    """By weight (over a tenth of the foreground) or by number (over 0.34 of the chains); none is never too much."""
    small = part(5, 30, [(60, 40, 62, 42)] * 20)
    many = [[CROSSES], [RESTS], [part(6, 0, [(20, 80, 40, 100)] * 100)]]
    assert not too_odd(many, [], CONFIG)
    assert not too_odd([*many, [small]], [[small]], CONFIG)
    assert too_odd([*many, [APPEARS]], [[APPEARS]], CONFIG)
    assert too_odd([[CROSSES], [small]], [[small]], CONFIG)


def test_a_thing_that_keeps_its_size_is_sure_and_one_that_grows_is_not() -> None:
    """Whatever else a shot shows, a square of 20 pixels stays one; one that grows to twice its area may be anything."""
    assert is_sure([CROSSES])
    assert not is_sure([part(4, 10, [(60, 40, 80, 60 + i // 2) for i in range(40)])])
    assert not is_sure([CROSSES, part(4, 50, [(60, 40, 80, 60 + i // 2) for i in range(40)])])


def test_a_thing_that_moves_and_keeps_its_look_is_one_though_its_coming_is_unknown() -> None:
    """It comes out from another thing, moves 40 pixels of 120, and stays as it is. One that stays in place may be a
    mark in the background; one that may have been exchanged, or is mostly covered, is not known to be one thing.
    """
    moves = _comes_out_of_another()
    assert unexplained([moves], SPAN)
    assert is_seen_in_part([moves], SPAN)
    assert not is_seen_in_part([part(9, 20, [(60, 40, 80, 60)] * 40)], SPAN)
    assert not is_seen_in_part([part(9, 20, gliding(60, 40, 1, 40), touching=(1,))], SPAN)
    moves.trail.confused_with.add(1)
    assert not is_seen_in_part([moves], SPAN)


def test_a_glimpse_at_the_end_of_a_shot_is_cut_short() -> None:
    """Two sightings at its end may be a thing that has just entered; in its middle, or tiny, they are noise."""
    assert cut_short(part(7, 98, gliding(-10, 40, 6, 2)), SPAN)
    assert not cut_short(part(7, 50, gliding(-10, 40, 6, 2)), SPAN)
    assert not cut_short(part(7, 98, [(60, 40, 64, 44)] * 2), SPAN)
