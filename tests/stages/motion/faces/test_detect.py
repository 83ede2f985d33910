"""Faces: only linked detections count, and only between detections that are close."""

import numpy as np
import pytest

from stages.motion.faces import detect as faces
from stages.motion.faces.detect import FaceConfig, FaceSighting, box_at, find_faces
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


@pytest.mark.parametrize(
    ("skin", "is_believed"),
    [((224, 172, 138), True), ((92, 60, 44), True), ((40, 34, 33), True), ((120, 120, 120), False)],
    ids=["light", "dark", "in the dark", "grey"],
)
def test_what_is_as_grey_as_stone_is_no_face(
    skin: tuple[int, int, int], is_believed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Skin of any shade is redder than blue, in little light too; what the cascade sees in a grey pattern is not.

    (Cr - Cb) / Y by the JPEG matrix: (224, 172, 138) has Y 184, Cr 157, Cb 102: 0.30; a grey has 0.
    """
    one = film(2, lambda _: np.full((240, 320, 3), skin, np.uint8))
    monkeypatch.setattr(
        faces, "_faces_in", lambda _film, frame, _config: [FaceSighting(frame, (0.4, 0.3, 0.6, 0.6), 6.0)]
    )
    assert bool(find_faces(one, [(0, len(one))], CONFIG)) is is_believed
