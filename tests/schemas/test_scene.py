"""What a scene must fulfil: boxes, tracks, fades, and references among its parts."""

import pytest
from pydantic import ValidationError

from schemas.box import Box, PathPoint, SizeClass, size_class
from schemas.scene import Fade, Scene, Track
from tests.scenes import cut, event, fade, fixed, line, link, scene, track


def test_boxes_lie_in_the_frame_and_have_area() -> None:
    """0 <= x0 < x1 <= 1, likewise y; area and IoU as geometry has them (two half-overlapping halves: 1/3)."""
    left = Box(frame_index=0, x0=0, y0=0, x1=0.5, y1=1)
    middle = Box(frame_index=0, x0=0.25, y0=0, x1=0.75, y1=1)
    assert left.area == 0.5
    assert left.centre == (0.25, 0.5)
    assert left.iou(middle) == pytest.approx(1 / 3)
    with pytest.raises(ValidationError):
        Box(frame_index=0, x0=0.5, y0=0, x1=0.5, y1=1)
    with pytest.raises(ValidationError):
        Box(frame_index=0, x0=-0.1, y0=0, x1=0.5, y1=1)


@pytest.mark.parametrize(("side", "size"), [(0.05, SizeClass.SMALL), (0.2, SizeClass.MEDIUM), (0.5, SizeClass.LARGE)])
def test_the_size_of_a_track_is_its_usual_one(side: float, size: SizeClass) -> None:
    """The median area decides: what it covers for one moment does not count."""
    usual = [PathPoint(pts_seconds=float(t), x0=0, y0=0, x1=side, y1=side) for t in range(3)]
    odd = PathPoint(pts_seconds=3.0, x0=0, y0=0, x1=1, y1=1)
    assert size_class([*usual, odd]) is size


def test_times_of_a_path_increase() -> None:
    """Two boxes at one time, or a track that ends before it begins, are refused."""
    good = track("a", line((0.1, 0.5), (0.9, 0.5), (0, 5)), [(0, 5)])
    with pytest.raises(ValidationError, match="track a: path times must increase"):
        Track.model_validate(good.model_dump() | {"path": [good.path[0], good.path[0]]})
    with pytest.raises(ValidationError, match=r"track a: first 6\.0 > last 5\.0"):
        Track.model_validate(good.model_dump() | {"first_seconds": 6.0})


def test_a_fade_holds_its_middle() -> None:
    """The shot ends while the picture is dark: between the beginning and the end of the fade."""
    with pytest.raises(ValidationError, match="start <= middle < end"):
        Fade.model_validate(fade(3.0).model_dump() | {"pts_seconds": 4.0})


@pytest.mark.parametrize("part", ["events", "links"])
def test_events_and_links_name_tracks_of_the_scene(part: str) -> None:
    """A reference to a track that is not there is refused by its name."""
    there = scene(track("a", fixed(0.5, 0.5)))
    strange = {"events": (event("enters", 1.0, "x"),), "links": (link("a", "x", same=True),)}[part]
    with pytest.raises(ValidationError, match=r"unknown tracks \['x'\]"):
        Scene.model_validate({**dict(there), part: strange})


def test_track_ids_are_unique() -> None:
    """One id for two tracks would leave open which one is meant."""
    one = track("a", fixed(0.5, 0.5))
    with pytest.raises(ValidationError, match="must be unique"):
        scene(one, one)


def test_a_shot_starts_after_a_cut_and_in_the_middle_of_a_fade() -> None:
    """A cut at 6 s and a fade around 3 s: shots start at 3 and 6 s, and the picture fades from 2.5 to 3.5 s."""
    there = scene(cuts=[cut(6.0)], fades=[fade(3.0)])
    assert there.shot_starts == (3.0, 6.0)
    assert [there.is_fading(at) for at in (2.4, 2.5, 3.4, 3.5)] == [False, True, True, False]


def test_a_track_is_found_by_its_id() -> None:
    """An id that the scene does not have is a KeyError."""
    there = scene(track("a", fixed(0.5, 0.5)))
    assert there.track("a") is there.tracks[0]
    with pytest.raises(KeyError):
        there.track("b")
