"""When nothing is asserted about what moves in a shot."""

from collections.abc import Callable

import numpy as np
import pytest

from stages.motion.colour import NAMES
from stages.motion.objects.abstain import ThingsConfig, cut_short, is_moving, stable_share, too_odd, unexplained
from stages.motion.objects.events import EventConfig
from stages.motion.objects.parts import Part, part_of
from stages.motion.objects.regions import PixelBox
from tests.stages.motion.objects.trails import SPAN, TIMES, gliding, part, trail

CONFIG = ThingsConfig()
CROSSES = part(0, 10, gliding(-18, 40, 6, 31))
RESTS = part(1, 0, [(60, 40, 80, 60)] * 100)
APPEARS = part(2, 30, [(60, 40, 80, 60)] * 40)


def test_a_picture_that_mostly_stays_is_stable() -> None:
    """A fifth of the columns flickers: four fifths are stable. A rare change, as by a passing thing, does not count."""
    frames = np.full((20, 40, 100, 3), 120, np.uint8)
    frames[::2, :, 80:] = 200
    assert stable_share(frames, CONFIG.stable_difference) == pytest.approx(0.8, abs=0.03)
    frames = np.full((20, 40, 100, 3), 120, np.uint8)
    frames[3, :, :50] = 200
    assert stable_share(frames, CONFIG.stable_difference) == 1.0


def test_a_thing_that_enters_moves_and_one_that_rests_does_not() -> None:
    """A shift of 1 px, less than 2 % of 120 rows, is not a movement."""
    assert is_moving([CROSSES], SPAN)
    assert not is_moving([RESTS], SPAN)
    assert not is_moving([part(3, 0, [(60, 40, 80, 60), (61, 40, 81, 60)] * 5)], SPAN)


def test_what_appears_in_the_middle_is_unexplained() -> None:
    """A thing comes over a border or is there from the beginning, and goes in the same way."""
    assert not unexplained([CROSSES], SPAN)
    assert not unexplained([RESTS], SPAN)
    assert unexplained([APPEARS], SPAN)


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


def test_a_glimpse_at_the_end_of_a_shot_is_cut_short() -> None:
    """Two sightings at its end may be a thing that has just entered; in its middle, or tiny, they are noise."""
    assert cut_short(part(7, 98, gliding(-10, 40, 6, 2)), SPAN)
    assert not cut_short(part(7, 50, gliding(-10, 40, 6, 2)), SPAN)
    assert not cut_short(part(7, 98, [(60, 40, 64, 44)] * 2), SPAN)
