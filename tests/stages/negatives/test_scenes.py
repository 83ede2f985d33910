"""The scenes that a perfect detector would report of corrupted clips."""

import pytest

from schemas.box import PathPoint
from schemas.scene import Track
from stages.negatives.scenes import black, moved, shuffled
from tests.scenes import cut, event, fixed, line, scene, span, track

RED = track("r", line((0.1, 0.3), (0.9, 0.3), (0, 8)), [(0, 8)], name="red")
THERE = scene(RED, cuts=[cut(4.0)], events=[event("leaves", 8.0, "r")])


def test_black_frames_show_nothing_and_a_camera_at_rest() -> None:
    """No track, cut, event or colour is left; each second is dark, without motion, and its camera stands still."""
    dark = black(THERE)
    assert (dark.tracks, dark.cuts, dark.events, dark.strongest_non_cut) == ((), (), (), 0.0)
    assert {hue.largest_share for hue in dark.hues} == {0.0}
    assert {(m.luma, m.motion_centre, m.shift_x, m.scale) for m in dark.measures} == {(0.0, 0.0, 0.0, 1.0)}
    assert dark.tracked == (span(0.0, 10.0),)


def test_a_moved_thing_keeps_its_size_and_leaves_the_others_alone() -> None:
    """From (0.45, 0.45) by (0.2, -0.1) to (0.65, 0.35); one step further right it would leave the frame."""
    at = [track(name, fixed(0.5, y), [(0, 0.1)], name=name) for name, y in (("red", 0.5), ("blue", 0.8))]
    found = moved(scene(*at), "red", 0.2, -0.1)
    assert found is not None
    (red,), (blue,) = (found.track(name).path for name in ("red", "blue"))
    assert (red.x0, red.y0, red.x1, red.y1) == pytest.approx((0.65, 0.35, 0.75, 0.45))
    assert blue == at[1].path[0]
    assert moved(scene(*at), "red", 0.5, 0.0) is None


def test_a_shuffled_clip_has_no_events_or_cuts() -> None:
    """What seems to happen at the border of two runs is not an event; and there may be a cut at any of them."""
    there = shuffled(THERE, tuple(range(7, -1, -1)))
    assert (there.events, there.cuts, there.strongest_non_cut) == ((), (), 1.0)
    assert all(m.shift_x is None for m in there.measures)


def test_a_shuffled_clip_shows_each_moment_of_all_things_at_once() -> None:
    """208 frames of 1/30 s; red is on the first 96, and blue is 0.4 to its right on all of them. The border of two
    runs, 26 frames, is at a time that floats cannot represent exactly.
    """
    seconds_all = 208 / 30

    def gliding(name: str, x: float, frames: int) -> Track:
        there = line((x, 0.3), (x + 0.4, 0.3), (0, seconds_all))
        boxes = ((i / 30, there(i / 30)) for i in range(frames))
        path = tuple(PathPoint(pts_seconds=t, x0=x0, y0=y0, x1=x1, y1=y1) for t, (x0, y0, x1, y1) in boxes)
        return track(name, there, [(0, frames / 30)], name=name).model_copy(update={"path": path})

    things = gliding("red", 0.1, 96), gliding("blue", 0.5, 208)
    there = shuffled(scene(*things, seconds=seconds_all), (4, 2, 6, 3, 7, 0, 5, 1))
    blue = {round(point.pts_seconds, 6): point.centre[0] for point in there.track("blue").path}
    gaps = [blue[round(p.pts_seconds, 6)] - p.centre[0] for p in there.track("red").path]
    assert gaps == pytest.approx([0.4] * 96)


def test_a_shuffled_clip_shows_its_runs_elsewhere() -> None:
    """In reverse order of eight runs of 1.25 s, the run [7.5, 8.75), of which red is visible for half a second, comes
    second; the first run, with red on the left, comes last.
    """
    red = shuffled(THERE, tuple(range(7, -1, -1))).track("r")
    assert red.visible[0] == span(1.25, 1.75)
    assert [p.pts_seconds for p in red.path] == sorted(p.pts_seconds for p in red.path)
    assert max(p.centre[0] for p in red.path if p.pts_seconds >= 8.75) < 0.36
