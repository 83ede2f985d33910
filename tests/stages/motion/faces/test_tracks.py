"""Face tracks of a scene, from given detections."""

import numpy as np
import pytest

from schemas.scene import FACE
from stages.motion.camera.camera import Camera, CameraConfig, follow_camera
from stages.motion.faces import tracks
from stages.motion.faces.detect import FaceConfig, FaceSighting
from stages.motion.faces.tracks import face_tracks
from tests.stages.motion.films import film, seen, world

CONFIG = FaceConfig()
MADE = film(4, lambda _: seen(world(1), 100, 100))
PIECES = [(0, len(MADE))]
SAMPLED = [0.1, 0.5, 1.0, 3.0]


@pytest.fixture(scope="module")
def camera() -> Camera:
    """A camera that stands still."""
    return follow_camera(MADE, PIECES, CameraConfig())


def sighting(frame: int, x: float, weight: float = 6.0) -> FaceSighting:
    """A face 0.2 wide whose left edge is at x."""
    return FaceSighting(frame, (x, 0.3, x + 0.2, 0.6), weight)


def faces(camera: Camera, monkeypatch: pytest.MonkeyPatch, *found: FaceSighting):
    monkeypatch.setattr(tracks, "find_faces", lambda *_: (found,))
    return face_tracks(MADE, PIECES, camera, SAMPLED, CONFIG)


def test_a_face_is_visible_between_close_detections(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Detected at 0.0, 0.3 and 0.6 s, then at 2.5 s alone: visible from 0.0 to 0.6 s, with boxes at 0.1 and 0.5 s."""
    (face,) = faces(camera, monkeypatch, sighting(0, 0.3), sighting(3, 0.3), sighting(6, 0.3), sighting(25, 0.3))
    assert [(s.start_seconds, s.end_seconds) for s in face.visible] == [(0.0, pytest.approx(0.6))]
    assert [box.frame_index for box in face.boxes] == [0, 1]
    assert (face.label, face.colour, face.moves) == (FACE, None, False)


def test_a_face_that_goes_far_moves(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """0.06 of the frame is more than its detections scatter, 0.05; 0.04 is not."""
    for gone, moves in ((0.06, True), (0.04, False)):
        (face,) = faces(camera, monkeypatch, sighting(0, 0.3), sighting(3, 0.3 + gone))
        assert face.moves is moves


def test_the_score_follows_the_mean_weight(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights of 2 and 6 have the mean 4, half of the weight of a certain face; more than certain is 1."""
    for weights, score in (((2.0, 6.0), 0.5), ((9.0, 20.0), 1.0)):
        (face,) = faces(camera, monkeypatch, *(sighting(3 * i, 0.3, w) for i, w in enumerate(weights)))
        assert face.score == score


def test_single_detections_are_no_track(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Detections 1 s apart are not joined, so that none of them shows a stretch of time."""
    assert faces(camera, monkeypatch, *(sighting(10 * i, 0.3) for i in range(4))) == ()


def test_a_box_that_leaves_the_frame_ends_with_it(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """A detection may reach beyond the border; a stored box may not."""
    (face,) = faces(camera, monkeypatch, sighting(0, 0.9), sighting(3, 0.9))
    assert np.max([point.x1 for point in face.path]) == 1.0
