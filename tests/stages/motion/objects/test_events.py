"""Events of given courses."""

import numpy as np
import pytest

from schemas.scene import Side
from stages.motion.objects.course import Course
from stages.motion.objects.events import EventConfig, ShotExtent, enters, leaves, starts, stops
from stages.motion.objects.trail import SLIVER_PIXELS

SPAN = ShotExtent(start_seconds=0.0, last_seconds=9.9, end_seconds=10.0, frame_seconds=0.1, width=320, height=240)
CONFIG = EventConfig()


def _course(lefts: np.ndarray, times: np.ndarray, sides: np.ndarray | float = 40.0) -> Course:
    """A thing as wide as `sides` whose left edge is at `lefts`, rows 100 to 140; cut off at the frame's borders."""
    rights = lefts + sides
    edges = np.stack([lefts.clip(0, 320), np.full_like(lefts, 100), rights.clip(0, 320), np.full_like(lefts, 140)], 1)
    free = np.stack([lefts > 0, np.ones_like(lefts, bool), rights < 320, np.ones_like(lefts, bool)], 1)
    centres = np.stack([(lefts + rights) / 2, np.full_like(lefts, 120)], 1)
    return Course(times, edges, free, centres)


def test_enter_and_leave_fall_between_frames() -> None:
    """The right edge is at -20 + 100 t: at the sliver (2.5 px) at 0.225 s; the left one is at 317.5 at 3.775 s.

    A fifth of a frame is added to the first and taken from the second.
    """
    times = np.arange(0.3, 3.75, 0.1)
    course = _course(-60 + 100 * times, times)
    coming, going = enters(course, SPAN, CONFIG), leaves(course, SPAN, CONFIG)
    assert coming is not None
    assert going is not None
    assert SLIVER_PIXELS == 2.5
    assert coming.pts_seconds == pytest.approx(0.225 + 0.02, abs=0.005)
    assert going.pts_seconds == pytest.approx(3.775 - 0.02, abs=0.005)
    assert (coming.side, going.side) == (Side.LEFT, Side.RIGHT)


def test_what_is_there_on_the_first_frame_does_not_enter() -> None:
    """If it is seen from the shot's first frame on, it is unknown whether it has just entered."""
    times = np.arange(0.0, 2.0, 0.1)
    assert enters(_course(-30 + 100 * times, times), SPAN, CONFIG) is None


def test_start_and_stop_are_timed_by_hinges() -> None:
    """It stands until 1.53 s, moves at 50 px/s until 3.27 s, and stands again."""
    times = np.arange(0.0, 6.0, 0.1)
    course = _course(100 + 50 * (times.clip(1.53, 3.27) - 1.53), times)
    (start,), (stop,) = starts(course, SPAN, CONFIG), stops(course, SPAN, CONFIG)
    assert start.pts_seconds == pytest.approx(1.53, abs=0.011)
    assert stop.pts_seconds == pytest.approx(3.27, abs=0.011)


def test_a_thing_that_begins_to_grow_on_one_side_does_not_start() -> None:
    """Its right edge moves at 60 px/s from 2 s on, and its left edge stays: the centre shifts, but the thing does not
    move.
    """
    times = np.arange(0.0, 3.5, 0.1)
    course = _course(np.full_like(times, 100.0), times, 40 + 60 * np.maximum(0, times - 2))
    assert starts(course, SPAN, CONFIG) == []


def test_a_thing_that_moves_evenly_neither_starts_nor_stops() -> None:
    """At 20 px/s the centre shifts 10 px in half a second, five times what standing still allows."""
    times = np.arange(0.0, 6.0, 0.1)
    course = _course(50 + 20 * times, times)
    assert starts(course, SPAN, CONFIG) + stops(course, SPAN, CONFIG) == []
