"""Small faces that only the full-size frames show."""

import numpy as np
import pytest

from schemas.clip import Frame
from schemas.corners import Corners
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.faces import close_look
from stages.motion.faces.close_look import with_close_looks
from stages.motion.faces.detect import FaceConfig, FaceSearch, FaceSighting

CONFIG = FaceConfig()
TEN_SECONDS = AnalysisFrames(np.zeros((100, 16, 16, 3), np.uint8), np.arange(100) / 10, 0.0, 10.0)
LARGE, SMALL = (0.3, 0.3, 0.5, 0.6), (0.8, 0.1, 0.82, 0.13)
SEEN = FaceSearch({frame: (FaceSighting(frame, LARGE, 0.9),) for frame in range(0, 100, 3)}, ())


def looked(
    monkeypatch: pytest.MonkeyPatch, *found: tuple[Corners, float], pieces: tuple[tuple[int, int], ...] = ((0, 100),)
) -> dict[int, tuple[FaceSighting, ...]]:
    """What is seen further if the full-size frames, one every 0.5 s, all show `found`."""
    monkeypatch.setattr(close_look, "decoded_jpeg", lambda frame, _owner: frame)
    monkeypatch.setattr(close_look, "faces_in", lambda *_: list(found))
    sampled = [Frame(pts_seconds=i / 2 + 0.25, jpeg=b"") for i in range(20)]
    after = with_close_looks(SEEN, sampled, pieces, TEN_SECONDS, CONFIG)
    return {frame: of[len(SEEN.seen[frame]) :] for frame, of in after.seen.items() if of != SEEN.seen[frame]}


def test_a_small_face_is_a_candidate_of_the_nearest_frame_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at 0.25, 2.25, 4.25, ... s are at most 0.15 s from one of the frames at 0, 0.3, 0.6, ... s."""
    further = looked(monkeypatch, (LARGE, 0.9), (SMALL, 0.2))
    assert len(further) == 5
    assert all(abs(frame / 10 - (2 * i + 0.25)) <= 0.15 + 1e-9 for i, frame in enumerate(further))
    assert all(of == (FaceSighting(frame, SMALL, 0.2),) for frame, of in further.items())


def test_what_was_seen_already_is_not_listed_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A box that meets one of the frame is the same face."""
    assert looked(monkeypatch, ((0.45, 0.3, 0.65, 0.6), 0.9)) == {}


def test_a_frame_between_two_shots_belongs_to_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shots of [0, 2) and [2.3, 10) s: the look at 2.25 s waits for the next one, at 2.75 s."""
    further = looked(monkeypatch, (SMALL, 0.2), pieces=((0, 20), (23, 100)))
    assert sorted(further)[:2] == [3, 27]
