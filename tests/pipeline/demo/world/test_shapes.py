"""Shapes cover the area that their geometry says."""

import numpy as np
import pytest

from pipeline.demo.world.shapes import patch_of
from pipeline.demo.world.world import Pose, Shape

SIDE = 200  # of the frame, pixels


@pytest.mark.parametrize(
    ("shape", "area"),
    [(Shape.SQUARE, 1.0), (Shape.DISC, np.pi / 4), (Shape.DIAMOND, 0.5), (Shape.TRIANGLE, 0.5)],
)
def test_a_shape_covers_its_area(shape: Shape, area: float) -> None:
    """In a box of side 1: a square 1, a disc pi/4, a diamond and a triangle 1/2; here the side is 100 pixels."""
    patch = patch_of(shape, Pose(0.5, 0.5, 0.5), SIDE, SIDE)
    assert patch is not None
    assert patch.alpha.sum() == pytest.approx(area * 100**2, rel=0.02)


def test_the_frame_cuts_a_shape_off() -> None:
    """A square with its centre on the left border shows its right half; outside the frame there is nothing."""
    half = patch_of(Shape.SQUARE, Pose(0.0, 0.5, 0.5), SIDE, SIDE)
    assert half is not None
    assert half.left == 0
    assert half.alpha.sum() == pytest.approx(100 * 50, rel=0.02)
    assert patch_of(Shape.SQUARE, Pose(-0.3, 0.5, 0.5), SIDE, SIDE) is None
