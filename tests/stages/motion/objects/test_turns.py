"""Starts and stops of given courses."""

import numpy as np
import pytest

from schemas.scene import EventKind
from stages.motion.objects.turns import Turns, stands_still, turns
from tests.stages.motion.objects.courses import CONFIG, SPAN, course_at

TIMES = np.arange(0.0, 6.0, 0.1)
NONE = Turns((), complete=True)


def test_start_and_stop_are_timed_by_hinges() -> None:
    """It stands until 1.53 s, moves at 50 px/s until 3.27 s, and stands again."""
    course = course_at(100 + 50 * (TIMES.clip(1.53, 3.27) - 1.53), TIMES)
    found = turns(course, SPAN, CONFIG)
    start, stop = found.moments
    assert found.complete
    assert (start.kind, stop.kind) == (EventKind.STARTS, EventKind.STOPS)
    assert start.pts_seconds == pytest.approx(1.53, abs=0.011)
    assert stop.pts_seconds == pytest.approx(3.27, abs=0.011)
    assert stands_still(course, SPAN, CONFIG) == (True, True)


def test_a_thing_that_begins_to_grow_on_one_side_does_not_start() -> None:
    """Its right edge moves at 60 px/s from 2 s on, and its left edge stays: the centre shifts, but the thing does not
    move.
    """
    times = np.arange(0.0, 3.5, 0.1)
    course = course_at(np.full_like(times, 100.0), times, 40 + 60 * np.maximum(0, times - 2))
    assert turns(course, SPAN, CONFIG) == NONE


def test_a_thing_that_moves_evenly_neither_starts_nor_stops() -> None:
    """At 20 px/s the centre shifts 10 px in half a second, five times what standing still allows."""
    course = course_at(50 + 20 * TIMES, TIMES)
    assert turns(course, SPAN, CONFIG) == NONE
    assert stands_still(course, SPAN, CONFIG) == (False, False)


def test_a_thing_that_creeps_may_have_turns_that_are_not_found() -> None:
    """At 6.4 px/s, held for 0.4 s and then moved on at once as codecs do, it seems to stand still now and again."""
    held = np.floor(TIMES / 0.4 + 1e-9) * 0.4
    found = turns(course_at(50 + 6.4 * np.where(TIMES % 2 < 1, held, TIMES), TIMES), SPAN, CONFIG)
    assert found == Turns((), complete=False)


def test_a_thing_that_is_lost_from_sight_as_it_sets_off_may_have_started() -> None:
    """It stands at the border until 2 s, and is cut off by it from then on."""
    lefts = np.where(TIMES < 2, 1.0, 1 - 50 * (TIMES - 2))
    course = course_at(lefts, TIMES)
    course.centres[TIMES >= 2] = np.nan
    assert turns(course, SPAN, CONFIG) == Turns((), complete=False)


def test_a_thing_that_rests_to_the_end_has_no_turns() -> None:
    """It jitters by a pixel, which is within what standing still allows."""
    assert turns(course_at(100 + np.sin(7 * TIMES) / 2, TIMES), SPAN, CONFIG) == NONE
