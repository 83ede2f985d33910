"""Face tracks of a scene, from given detections."""

from pathlib import Path

import numpy as np
import pytest

from schemas.clip import Frame
from schemas.scene import FACE, Track
from stages.motion.camera.camera import Camera, CameraConfig, follow_camera
from stages.motion.faces import tracks
from stages.motion.faces.detect import FaceConfig, FaceSearch, FaceSighting
from stages.motion.faces.tracks import Faces, faces_of_clip
from tests.stages.motion.films import film, seen, world

CONFIG = FaceConfig()
MADE = film(4, lambda _: seen(world(1), 100, 100))
PIECES = [(0, len(MADE))]
SAMPLED = [Frame(pts_seconds=seconds, jpeg=b"") for seconds in (0.1, 0.5, 1.0, 3.0)]


@pytest.fixture(scope="module")
def camera() -> Camera:
    """A camera that stands still."""
    return follow_camera(MADE, PIECES, CameraConfig())


def sighting(frame: int, x: float, score: float = 0.8) -> FaceSighting:
    """A face 0.2 wide whose left edge is at x."""
    return FaceSighting(frame, (x, 0.3, min(1.0, x + 0.2), 0.6), score)


def found(camera: Camera, monkeypatch: pytest.MonkeyPatch, *track: FaceSighting, others: tuple[FaceSighting, ...] = ()):
    """What is known if one track was found, and `others` beside it."""
    looked = {frame: tuple(s for s in (*track, *others) if s.frame == frame) for frame in range(0, 40, 3)}
    looked |= {one.frame: (one,) for one in track if one.frame not in looked}
    monkeypatch.setattr(tracks, "find_faces", lambda *_: FaceSearch(looked, (track,)))
    monkeypatch.setattr(tracks, "with_close_looks", lambda search, *_: search)
    monkeypatch.setattr(tracks, "weights", lambda: Path("there"))
    return faces_of_clip(MADE, PIECES, camera, SAMPLED, CONFIG)


def faces(camera: Camera, monkeypatch: pytest.MonkeyPatch, *track: FaceSighting) -> tuple[Track, ...]:
    known: Faces = found(camera, monkeypatch, *track)
    return known.tracks


def test_a_face_is_visible_between_close_detections(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Detected at 0.0, 0.3 and 0.6 s, then at 2.5 s alone: visible from 0.0 to 0.6 s, with boxes at 0.1 and 0.5 s."""
    (face,) = faces(camera, monkeypatch, sighting(0, 0.3), sighting(3, 0.3), sighting(6, 0.3), sighting(25, 0.3))
    assert [(s.start_seconds, s.end_seconds) for s in face.visible] == [(0.0, pytest.approx(0.6))]
    assert [box.frame_index for box in face.boxes] == [0, 1]
    assert (face.label, face.source, face.colour, face.moves) == (FACE, "faces", None, False)


def test_a_face_is_visible_from_sure_to_sure(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weak detections at the ends do not prove that it is there; one in between does no harm."""
    scores = (0.3, 0.9, 0.3, 0.9, 0.3)
    (face,) = faces(camera, monkeypatch, *(sighting(3 * i, 0.3, score) for i, score in enumerate(scores)))
    assert [(s.start_seconds, s.end_seconds) for s in face.visible] == [(pytest.approx(0.3), pytest.approx(0.9))]


def test_a_face_that_goes_far_moves(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """0.06 of the frame is more than its detections scatter, 0.05; 0.04 is not."""
    for gone, moves in ((0.06, True), (0.04, False)):
        (face,) = faces(camera, monkeypatch, sighting(0, 0.3), sighting(3, 0.3 + gone))
        assert face.moves is moves


def test_the_score_is_the_mean_of_its_detections(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """0.7 and 0.9 have the mean 0.8."""
    (face,) = faces(camera, monkeypatch, sighting(0, 0.3, 0.7), sighting(3, 0.3, 0.9))
    assert face.score == pytest.approx(0.8)


def test_single_detections_are_no_track(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Detections 1 s apart are not joined, so that none of them shows a stretch of time."""
    assert faces(camera, monkeypatch, *(sighting(10 * i, 0.3) for i in range(4))) == ()


def test_the_search_lists_all_that_was_seen(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the 14 frames with its candidates: those of the face by its id, another one without."""
    known = found(camera, monkeypatch, sighting(0, 0.3), sighting(3, 0.3), others=(sighting(3, 0.7, 0.2),))
    (search,) = known.searched
    assert (search.noun, search.source, search.sure, search.maybe) == (FACE, "faces", CONFIG.sure, CONFIG.maybe)
    assert [frame.pts_seconds for frame in search.frames] == pytest.approx(np.arange(0, 40, 3) / 10)
    candidates = [(c.track_id, c.score) for frame in search.frames for c in frame.candidates]
    assert candidates == [("f0", 0.8), ("f0", 0.8), (None, 0.2)]


def test_without_weights_nothing_is_said_of_faces(camera: Camera, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither that there is one nor that somebody looked."""
    monkeypatch.setattr(tracks, "weights", lambda: None)
    assert faces_of_clip(MADE, PIECES, camera, SAMPLED, CONFIG) == Faces((), ())
