"""The motion between two frames, by corners."""

import numpy as np
import pytest

from stages.motion.camera.corners import IDENTITY, CornerConfig, Reference, compose, corner_shift
from tests.stages.motion.films import HEIGHT, WIDTH, seen, world

WORLD = world(3)
CONFIG = CornerConfig()


def grey(x: float, y: float) -> np.ndarray:
    """What the camera sees from (x, y), in grey."""
    return seen(WORLD, x, y).mean(axis=2).astype(np.uint8)


def test_a_shift_is_found_to_a_fraction_of_a_pixel() -> None:
    """The camera moves 5 px to the right and 3 px up: the picture moves by (-5, 3)."""
    motion = Reference(grey(200, 150), CONFIG).motion_to(grey(205, 147))
    assert motion is not None
    assert motion[:, 2] + motion[:, :2] @ (WIDTH / 2, HEIGHT / 2) - (WIDTH / 2, HEIGHT / 2) == pytest.approx(
        [-5, 3], abs=0.2
    )


def test_a_picture_in_place_does_not_move() -> None:
    """The same picture, a little brighter, is exactly in place."""
    assert Reference(grey(200, 150), CONFIG).motion_to((grey(200, 150) * 1.1).clip(0, 255).astype(np.uint8)) is IDENTITY


def test_another_picture_and_a_plain_one_have_no_motion() -> None:
    """There is nothing to follow on another world, or on a surface without structure."""
    other = seen(world(9), 200, 150).mean(axis=2).astype(np.uint8)
    assert Reference(grey(200, 150), CONFIG).motion_to(other) is None
    plain = np.full((HEIGHT, WIDTH), 120, np.uint8)
    assert Reference(plain, CONFIG).motion_to(plain) is None


def test_motions_are_composed_in_order() -> None:
    """Twice as large and then 10 px to the right takes (3, 4) to (16, 8)."""
    larger = np.array([[2.0, 0, 0], [0, 2.0, 0]])
    right = np.array([[1.0, 0, 10], [0, 1.0, 0]])
    assert compose(right, larger) @ (3, 4, 1) == pytest.approx([16, 8])


def test_a_zoom_moves_the_far_corner_most() -> None:
    """Scaling by 1.1 about the upper left corner moves the lower right one by a tenth of the diagonal."""
    zoom = np.array([[1.1, 0, 0], [0, 1.1, 0]])
    assert corner_shift(zoom, (30, 40)) == pytest.approx(5.0)
