"""How things look, and whether two looks belong to one object."""

from dataclasses import replace

import numpy as np
import pytest

from stages.motion.objects.course import course_of
from stages.motion.objects.identity import IdentityConfig, Look, colour_distance, families, likeness, look_of
from tests.stages.motion.objects.trails import HEIGHT, TIMES, sighting

CONFIG = IdentityConfig()
SIZE = (0.2, 0.1)
LOOK = Look(
    lab=np.array([50, 0, 0], np.float32),
    first_size=SIZE,
    last_size=SIZE,
    shape=np.ones(36, np.float32),
    full_sightings=5,
)


def test_a_look_is_measured_on_full_sightings_alone() -> None:
    """Twelve rows at the border are not full; nor is a sighting that touches another thing, or that was joined."""
    full = [sighting(i, (40, 40, 60, 64)) for i in range(4)]
    cut_off, touching = sighting(4, (0, 40, 8, 64)), sighting(5, (40, 40, 50, 64), touching=(1,))
    joined = replace(sighting(6, (40, 40, 90, 64)), shape=None)
    every = [*full, cut_off, touching, joined]
    look = look_of(every, course_of(every, TIMES), HEIGHT)
    assert look is not None
    assert look.full_sightings == 4
    assert look.first_size == look.last_size == pytest.approx((20 / HEIGHT, 24 / HEIGHT))
    assert look_of([cut_off, touching], course_of([cut_off, touching], TIMES), HEIGHT) is None


def test_the_size_at_an_end_is_that_of_its_largest_sightings() -> None:
    """A thing that goes behind the background shrinks from 24 to 6 rows: it is still 24 rows high."""
    heights = [24] * 14 + [18, 12, 6]
    seen = [sighting(i, (40, 40, 60, 40 + height)) for i, height in enumerate(heights)]
    look = look_of(seen, course_of(seen, TIMES), HEIGHT)
    assert look is not None
    assert look.last_size[1] == pytest.approx(24 / HEIGHT)


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (LOOK, 1.0),
        (replace(LOOK, lab=np.array([53, 0, 0], np.float32)), 0.5),
        (replace(LOOK, first_size=(0.2 * np.exp(0.05), 0.1)), 0.5),
        (replace(LOOK, shape=np.full(36, 0.95, np.float32)), 0.5),
        (replace(LOOK, lab=np.array([57, 0, 0], np.float32)), 0.0),
    ],
    ids=["equal", "colour", "size", "shape", "another"],
)
def test_the_least_alike_property_decides(later: Look, expected: float) -> None:
    """3 of 6 in Lab, 0.05 of 0.1 in the logarithm of size and 0.05 of 0.1 in shape are each half alike."""
    assert likeness(LOOK, later, CONFIG) == pytest.approx(expected, abs=1e-6)


def test_colours_that_differ_step_by_step_are_one_family() -> None:
    """At 0, 10, 20 and 60 in Lab, with a limit of 18: the first three are linked by neighbours, the last is apart."""
    labs = [np.array([value, 0, 0], np.float32) for value in (0, 60, 10, 20)]
    assert families(labs, CONFIG) == [[0, 2, 3], [1]]
    assert colour_distance(LOOK, replace(LOOK, lab=np.array([50, 3, 4], np.float32))) == 5.0
