"""A thing that stands in one shot and moves in another has a track in both, or the shot is not tracked."""

import pytest

from schemas.colour import ColourName
from stages.motion.objects.links import link_tracks
from stages.motion.objects.still_objects import with_still_objects
from stages.motion.objects.tracks import ShotTracks, TrackingConfig, track_shot
from tests.stages.motion.scenes import BLUE, RED, WIDTH, Rectangle, clip

CONFIG = TrackingConfig()


def _two_shots(resting: Rectangle) -> list[ShotTracks]:
    """A red square crosses the first shot; in the second `resting` stands still and a blue one crosses."""
    first, times, end = clip(4, [Rectangle(RED, lambda t: (-50 + 60 * t, 40))])
    second, _, _ = clip(4, [resting, Rectangle(BLUE, lambda t: (-50 + 60 * t, 90))])
    return [track_shot(first, times, end, CONFIG, "a"), track_shot(second, times + 4, end + 4, CONFIG, "b")]


def test_what_moved_before_the_cut_and_stands_after_it_is_tracked_and_linked() -> None:
    """The red square stands at x = 100 to 120 in the second shot, all its 4 s."""
    shots = with_still_objects(_two_shots(Rectangle(RED, lambda _: (100, 30))), CONFIG)
    (still,) = [t for t in shots[1].tracks if t.colour and t.colour.name is ColourName.RED]
    assert not still.moves
    assert (still.visible[0].start_seconds, still.visible[0].end_seconds) == (4.0, pytest.approx(8.0))
    assert still.path[0].x0 * WIDTH == pytest.approx(100, abs=2)
    same = [{link.track_a, link.track_b} for link in link_tracks(shots, CONFIG.identity) if link.same]
    assert same == [{shots[0].tracks[0].track_id, still.track_id}]
    assert shots[1].tracked


def test_where_another_size_stands_the_shot_is_not_tracked() -> None:
    """A red square of 30 instead of 20 pixels may or may not be the one that moved, so the shot is not tracked."""
    shots = with_still_objects(_two_shots(Rectangle(RED, lambda _: (100, 30), side=30)), CONFIG)
    assert shots[1].tracked == ()
    assert shots[0].tracked


def test_what_stands_where_another_passes_leaves_the_shot_untracked() -> None:
    """The blue square passes over the thing that rests, so it is unknown when that is visible."""
    shots = with_still_objects(_two_shots(Rectangle(RED, lambda _: (100, 90))), CONFIG)
    assert shots[1].tracked == ()
