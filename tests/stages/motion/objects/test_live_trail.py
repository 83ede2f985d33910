"""Where the thing of a trail is expected."""

import numpy as np
import pytest

from stages.motion.objects.live_trail import LinkingConfig, LiveTrail
from tests.stages.motion.objects.trails import gliding, sighting, trail

CONFIG = LinkingConfig()


def live(boxes: list[tuple[int, int, int, int]], depth: float = 10.0) -> LiveTrail:
    """A live trail with these boxes on successive frames."""
    return LiveTrail(trail(0, 0, boxes), np.zeros(3, np.float32), depth)


def test_a_thing_is_expected_on_its_line() -> None:
    """At 4 px a frame it is at x = 40 on frame 5: at 48 on frame 7."""
    assert live(gliding(20, 40, 4, 6)).expected_edges(7, CONFIG) == pytest.approx((48, 40, 68, 60))


def test_an_expected_box_has_an_area() -> None:
    """Edges that would cross, as those of a thing that leaves do, are kept 2 px apart."""
    shrinking = live([(0, 40, 20 - 5 * i, 60) for i in range(3)])
    x0, _, x1, _ = shrinking.expected_box(6, CONFIG)
    assert x1 - x0 >= 2


def test_a_fast_thing_may_stop_at_once() -> None:
    """At 12 px a frame it may be off by twice the step, 24 px; a slow one by 16, and a new one by 60."""
    assert live(gliding(20, 40, 12, 6)).expected(6, CONFIG).slack == pytest.approx(24)
    assert live(gliding(20, 40, 2, 6)).expected(6, CONFIG).slack == 16
    assert live(gliding(20, 40, 12, 2)).expected(2, CONFIG).slack == 60


def test_only_a_sliver_has_a_loose_colour() -> None:
    """Below a depth of 4.5 px the colour is mixed with the background."""
    assert live(gliding(20, 40, 4, 6), depth=3.0).expected(6, CONFIG).tolerance == 60
    assert live(gliding(20, 40, 4, 6), depth=5.0).expected(6, CONFIG).tolerance == 22


def test_a_thing_at_rest_is_remembered_while_another_covers_it() -> None:
    """It has stood for six frames; covered to its right half it is still expected in full, until it moves away."""
    thing = live([(40, 40, 60, 60)] * 6)
    thing.note_rest(CONFIG)
    assert thing.rest == (40, 40, 60, 60)
    thing.trail.sightings.append(sighting(6, (50, 40, 60, 60), touching=(1,)))
    thing.note_rest(CONFIG)
    assert thing.expected_box(7, CONFIG)[0] == 40
    thing.trail.sightings.append(sighting(7, (60, 40, 80, 60), touching=(1,)))
    thing.note_rest(CONFIG)
    assert thing.rest is None


def test_a_thing_that_moves_is_not_at_rest() -> None:
    """4 px a frame over six frames is more than 2 px."""
    thing = live(gliding(20, 40, 4, 6))
    thing.note_rest(CONFIG)
    assert thing.rest is None
