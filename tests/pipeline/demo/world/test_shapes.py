"""Shapes cover the area that their geometry says."""

import numpy as np
import pytest

from pipeline.demo.world.shapes import patch_of
from pipeline.demo.world.world import Pose, Shape

SIDE = 200  # of the frame, pixels


@pytest.mark.parametrize(
    ("shape", "area"),
    [(Shape.BOX, 1.0), (Shape.BALL, np.pi / 4), (Shape.ARROW, 0.43), (Shape.CROSS, 0.5904)],
)
def test_a_shape_covers_its_area(shape: Shape, area: float) -> None:
    """In a box of side 1: a box 1 and a ball pi/4; an arrow a bar of 0.36 x 0.5 and a head of 0.5 / 2; a cross two
    bars of 0.36 less the square that they share. Here the side is 100 pixels.
    """
    patch = patch_of(shape, Pose(0.5, 0.5, 0.5), SIDE, SIDE)
    assert patch is not None
    assert patch.alpha.sum() == pytest.approx(area * 100**2, rel=0.02)


@pytest.mark.parametrize("shape", Shape)
def test_a_shape_fills_its_bounding_box(shape: Shape) -> None:
    """The box that truth gives is that of the shape: every side is touched, but for a star by up to an eighth."""
    patch = patch_of(shape, Pose(0.5, 0.5, 0.5), SIDE, SIDE)
    assert patch is not None
    rows, columns = np.nonzero(patch.alpha >= 0.5)
    spare = 12 if shape is Shape.STAR else 3
    assert all(100 - spare <= places.max() - places.min() + 1 <= 100 for places in (rows, columns))


def test_the_frame_cuts_a_shape_off() -> None:
    """A box with its centre on the left border shows its right half; outside the frame there is nothing."""
    half = patch_of(Shape.BOX, Pose(0.0, 0.5, 0.5), SIDE, SIDE)
    assert half is not None
    assert half.left == 0
    assert half.alpha.sum() == pytest.approx(100 * 50, rel=0.02)
    assert patch_of(Shape.BOX, Pose(-0.3, 0.5, 0.5), SIDE, SIDE) is None
