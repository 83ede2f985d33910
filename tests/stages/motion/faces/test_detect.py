"""Faces: only linked detections count, and only between detections that are close."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.faces import detect as faces
from stages.motion.faces.detect import FaceConfig, FaceSighting, box_at, find_faces, searched_size
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
    """Skin of any shade is more red than blue, in dim light too; a grey pattern that the cascade takes for a face is
    not. (Cr - Cb) / Y by the JPEG matrix: (224, 172, 138) has Y 184, Cr 157, Cb 102: 0.30; a grey has 0.
    """
    one = film(2, lambda _: np.full((240, 320, 3), skin, np.uint8))
    monkeypatch.setattr(
        faces, "_faces_in", lambda _film, frame, _config: [FaceSighting(frame, (0.4, 0.3, 0.6, 0.6), 6.0)]
    )
    assert bool(find_faces(one, [(0, len(one))], CONFIG)) is is_believed


def test_frames_are_enlarged_to_the_short_side() -> None:
    """Up to 4 : 1 the short side becomes 360."""
    assert searched_size(427, 240, 360) == (640, 360)
    assert searched_size(960, 240, 360) == (1440, 360)
    assert searched_size(240, 427, 360) == (360, 640)


@given(st.integers(1, 32_767), st.integers(1, 32_767))
def test_no_strip_is_enlarged_beyond_what_opencv_can_scale(width: int, height: int) -> None:
    """Sides stay within 32,767, and a frame has no more pixels than one of 4 : 1, but for rounding."""
    wide, high = searched_size(width, height, 360)
    assert min(wide, high) >= 1
    assert max(wide, high) <= 32_767
    assert (wide - 0.5) * (high - 0.5) <= 4 * 360 * 360


@pytest.mark.parametrize(("width", "height"), [(1600, 16), (16, 1600), (21_000, 11), (11, 21_000)])
def test_strips_are_searched_without_harm(width: int, height: int) -> None:
    """A grey strip is searched, and no face is found in it."""
    grey = np.full((2, height, width, 3), 128, np.uint8)
    strip = AnalysisFrames(grey, np.arange(2) / 3, 0.0, 1.0)
    assert find_faces(strip, [(0, 2)], FaceConfig()) == ()
