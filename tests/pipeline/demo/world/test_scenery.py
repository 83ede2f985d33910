"""Scenery: drawn from a seed, of the brightness that is asked for, and of little colour."""

import numpy as np
import pytest

from pipeline.demo.world.scenery import paint
from pipeline.demo.world.world import SMOOTH_GROUNDS, DrawnPlace, Surface


@pytest.mark.parametrize("surface", Surface)
def test_a_surface_has_its_brightness_and_little_colour(surface: Surface) -> None:
    """The mean is the place's, its channels differ by a few levels of 255, and a seed gives one picture."""
    place = DrawnPlace(surface=surface, seed=3, luma=0.5)
    painted = paint(place, 160, 90, 90)
    assert painted.shape == (90, 160, 3)
    assert painted.mean() == pytest.approx(127.5, rel=0.05)
    assert np.ptp(painted.mean(axis=(0, 1))) < 15
    assert np.array_equal(painted, paint(place, 160, 90, 90))
    if surface is not Surface.PLAIN:
        assert painted.std() > 2
        assert not np.array_equal(painted, paint(place.model_copy(update={"seed": 4}), 160, 90, 90))


@pytest.mark.parametrize("surface", Surface)
def test_a_smooth_ground_has_no_corners_and_a_texture_has(surface: Surface) -> None:
    """From one pixel to the next a smooth ground changes by a few levels of 255 at most; a plain one not at all."""
    painted = paint(DrawnPlace(surface=surface, seed=3, luma=0.5), 512, 288, 288)[..., 1].astype(int)
    steepest = max(int(np.abs(np.diff(painted, axis=axis)).max()) for axis in (0, 1))
    assert (steepest <= 5) is (surface in SMOOTH_GROUNDS)
    assert (steepest == 0) is (surface is Surface.PLAIN)
