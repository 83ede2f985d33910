"""Faces: only linked detections count, and only between detections that are close."""

import pytest

from stages.motion.faces import FaceConfig, FaceSighting, box_at, find_faces
from tests.stages.motion.films import film, seen, world

CONFIG = FaceConfig()
MADE = film(2, lambda t: seen(world(1), 100 * t, 0))


def test_a_textured_world_has_no_faces() -> None:
    """Nothing in soft blobs is found three times in one place."""
    assert find_faces(MADE, [(0, len(MADE))], CONFIG) == ()


def test_a_box_is_interpolated_between_close_detections_only() -> None:
    """Detected at 0.0, 0.3 and 1.5 s: a third of the way at 0.1 s; nothing within the 1.2 s after."""
    track = (
        FaceSighting(0, (0.1, 0.1, 0.2, 0.3), 5.0),
        FaceSighting(3, (0.4, 0.1, 0.5, 0.3), 5.0),
        FaceSighting(15, (0.4, 0.1, 0.5, 0.3), 5.0),
    )
    assert box_at(track, MADE, 0.1, CONFIG) == pytest.approx((0.2, 0.1, 0.3, 0.3))
    assert box_at(track, MADE, 0.3, CONFIG) == pytest.approx((0.4, 0.1, 0.5, 0.3))
    assert box_at(track, MADE, 0.9, CONFIG) is None
    assert box_at(track, MADE, 1.5, CONFIG) == (0.4, 0.1, 0.5, 0.3)
