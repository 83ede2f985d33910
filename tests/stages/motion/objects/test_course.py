"""Where the centre of a thing is, also while a part of it is hidden."""

import numpy as np
import pytest

from stages.motion.objects.course import course_of
from tests.stages.motion.objects.trails import TIMES, gliding, sighting


def test_the_centre_of_a_thing_that_enters_is_outside_at_first() -> None:
    """A square of 20 px whose right edge is at 10: its left edge is hidden, so its centre is 10 left of the right."""
    boxes = gliding(-10, 40, 5, 8)
    course = course_of([sighting(i, box) for i, box in enumerate(boxes)], TIMES)
    assert course.centres[:, 0] == pytest.approx([5 * i for i in range(8)])
    assert course.centres[:, 1] == pytest.approx([50] * 8)


def test_the_size_is_taken_from_the_sightings_in_full_view() -> None:
    """While its right edge is covered, the centre is half of the size before and after from the left edge."""
    boxes = [(50, 40, 70, 60), (50, 40, 62, 60), (50, 40, 70, 60)]
    frees = [(True,) * 4, (True, True, False, True), (True,) * 4]
    found = [sighting(i, box, free=free) for i, (box, free) in enumerate(zip(boxes, frees, strict=True))]
    assert course_of(found, TIMES).centres[:, 0] == pytest.approx([60, 60, 60])


def test_the_centre_is_unknown_without_a_free_edge() -> None:
    """A thing that is covered on both sides all along has no known centre on that axis."""
    course = course_of([sighting(i, (50, 40, 60, 60), free=(False, True, False, True)) for i in range(3)], TIMES)
    assert np.isnan(course.centres[:, 0]).all()
    assert course.centres[:, 1] == pytest.approx([50] * 3)


def test_times_are_those_of_the_frames() -> None:
    """Seen on frames 3 and 7 of a shot: at 0.3 and 0.7 s."""
    assert course_of([sighting(3, (5, 5, 9, 9)), sighting(7, (5, 5, 9, 9))], TIMES).times == pytest.approx([0.3, 0.7])
