"""Faces: only linked detections count, and only between detections that are close."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from schemas.corners import Corners
from stages.motion.faces import detect
from stages.motion.faces.detect import FaceConfig, FaceSearch, FaceSighting, box_at, find_faces, looked_at
from tests.stages.motion.films import film, seen, world

CONFIG = FaceConfig()
MADE = film(4, lambda t: seen(world(1), 100 * t, 0))
Seen = Callable[[int], Sequence[tuple[Corners, float]]]


def at(x: float) -> Corners:
    """A face 0.2 wide whose left edge is at x."""
    return (x, 0.3, x + 0.2, 0.6)


def searched(
    monkeypatch: pytest.MonkeyPatch, shown: Seen, pieces: Sequence[tuple[int, int]] = ((0, len(MADE)),)
) -> FaceSearch:
    """The search in which each look at a frame gives `shown(0)`, `shown(1)`, ..."""
    looks = iter(range(1000))
    monkeypatch.setattr(detect, "faces_in", lambda *_: list(shown(next(looks))))
    return find_faces(MADE, pieces, CONFIG)


def test_three_frames_a_second_are_looked_at() -> None:
    """Of 10 frames a second every third one; of 2 every one; and the last one of a piece always."""
    assert looked_at(np.arange(11) / 10, 3.0) == [0, 3, 6, 9, 10]
    assert looked_at(np.arange(4) / 2, 3.0) == [0, 1, 2, 3]
    assert looked_at(np.array([0.0]), 3.0) == [0]


def test_every_frame_that_was_looked_at_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 s at 10 frames a second: 0, 3, ..., 39, each with what was seen, also with nothing."""
    found = searched(monkeypatch, lambda look: [(at(0.3), 0.2)] if look == 1 else [])
    assert list(found.seen) == list(range(0, 40, 3))
    assert {frame: len(of) for frame, of in found.seen.items() if of} == {3: 1}
    assert found.tracks == ()


def test_a_picture_that_stays_the_same_is_searched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """4 s of one slide: what the first look shows is there in all 14 frames that are looked at, and makes a track."""
    slide = replace(MADE, frames_NHWC=np.repeat(MADE.frames_NHWC[:1], len(MADE), axis=0))
    looks: list[float] = []

    def one_face(*_: object) -> list[tuple[Corners, float]]:
        looks.append(0.9)
        return [(at(0.3), 0.9)]

    monkeypatch.setattr(detect, "faces_in", one_face)
    [track] = find_faces(slide, [(0, len(slide))], CONFIG).tracks
    assert (len(looks), [sighting.frame for sighting in track]) == (1, list(range(0, 40, 3)))


def test_weak_detections_belong_to_a_track_but_make_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sure, weak, sure, sure at one place is a face with four detections; weak ones alone are none."""
    scores = [0.9, 0.3, 0.8, 0.7]
    [track] = searched(monkeypatch, lambda n: [(at(0.3), scores[n])] if n < 4 else []).tracks
    assert [sighting.score for sighting in track] == scores
    assert searched(monkeypatch, lambda _: [(at(0.3), 0.5)]).tracks == ()


def test_a_weak_detection_does_not_take_the_place_of_a_sure_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The weak one overlaps the track more, the sure one is its face."""
    [track] = searched(monkeypatch, lambda n: [(at(0.3 + 0.05 * n), 0.9), (at(0.3 + 0.05 * (n - 1)), 0.3)]).tracks
    assert all(sighting.score == 0.9 for sighting in track)


def test_a_track_needs_sure_detections_at_one_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are too few; three that jump by more than a face are three faces of one detection each."""
    assert searched(monkeypatch, lambda n: [(at(0.3), 0.9)] if n < 2 else []).tracks == ()
    assert searched(monkeypatch, lambda n: [(at(0.3 * n), 0.9)] if n < 3 else []).tracks == ()


def test_a_face_may_jump_by_its_size_if_no_other_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Boxes 0.15 apart, of 0.2, overlap by 0.05 of 0.35; a second face within 0.2 of the place makes it unclear."""
    [track] = searched(monkeypatch, lambda n: [(at(0.15 * n), 0.9)] if n < 4 else []).tracks
    assert len(track) == 4
    crowd = searched(monkeypatch, lambda n: [(at(0.15 * n), 0.9), (at(0.15 * n + 0.16), 0.9)] if n < 4 else [])
    assert not any(len(track) == 4 for track in crowd.tracks)


def test_no_track_crosses_a_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A face at the same place on both sides of a cut at frame 20 is two tracks."""
    tracks = searched(monkeypatch, lambda _: [(at(0.3), 0.9)], [(0, 20), (20, 40)]).tracks
    assert [(track[0].frame, track[-1].frame) for track in tracks] == [(0, 19), (20, 39)]


def test_a_box_is_interpolated_between_close_detections_only() -> None:
    """Detected at 0.0, 0.3 and 1.5 s: a third of the way at 0.1 s; nothing within the 1.2 s after."""
    track = (
        FaceSighting(0, (0.1, 0.1, 0.2, 0.3), 0.9),
        FaceSighting(3, (0.4, 0.1, 0.5, 0.3), 0.9),
        FaceSighting(15, (0.4, 0.1, 0.5, 0.3), 0.9),
    )
    assert box_at(track, MADE, 0.1, CONFIG) == pytest.approx((0.2, 0.1, 0.3, 0.3))
    assert box_at(track, MADE, 0.3, CONFIG) == pytest.approx((0.4, 0.1, 0.5, 0.3))
    assert box_at(track, MADE, 0.9, CONFIG) is None
    assert box_at(track, MADE, 1.5, CONFIG) == (0.4, 0.1, 0.5, 0.3)
