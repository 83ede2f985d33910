"""Tracks of one shot: paths, events, colours, identity, and when nothing is asserted."""

import numpy as np
import pytest

from schemas.box import SizeClass
from schemas.colour import ColourName
from schemas.scene import EventKind, Side
from stages.motion.objects.abstain import Abstention, stable_pixels
from stages.motion.objects.links import link_tracks
from stages.motion.objects.tracks import ShotTracks, TrackingConfig, sampled_boxes, track_shot
from tests.stages.motion.scenes import BLUE, GREEN, RED, WIDTH, Rectangle, clip

CONFIG = TrackingConfig()


def _moments(shot: ShotTracks, kind: EventKind) -> list[float]:
    return [event.pts_seconds for event in shot.events if event.kind is kind]


def test_a_square_that_crosses_has_one_track_from_border_to_border() -> None:
    """At 60 px/s from x = -50 px its right edge (side 20) is at 0 at 0.5 s; its left edge is at 160 at 3.5 s."""
    shot = track_shot(*clip(5, [Rectangle(RED, lambda t: (-50 + 60 * t, 40))]), CONFIG)
    (track,) = shot.tracks
    assert track.colour is not None
    assert track.colour.name is ColourName.RED
    assert (track.enters_from, track.leaves_to) == (Side.LEFT, Side.RIGHT)
    assert _moments(shot, EventKind.ENTERS) == [pytest.approx(0.5, abs=0.08)]
    assert _moments(shot, EventKind.LEAVES) == [pytest.approx(3.5, abs=0.08)]
    assert not _moments(shot, EventKind.STARTS) + _moments(shot, EventKind.STOPS)
    middle = next(point for point in track.path if point.pts_seconds == pytest.approx(2.0))
    assert middle.x0 * WIDTH == pytest.approx(70, abs=2)
    assert middle.x1 * WIDTH == pytest.approx(90, abs=2)


def test_a_square_that_stops_stays_a_track_and_its_stop_is_timed() -> None:
    """At 50 px/s from x = -30 px it stops at 2.0 s at x = 70 and stands there for the other two thirds of the shot."""
    shot = track_shot(*clip(6, [Rectangle(BLUE, lambda t: (-30 + 50 * min(t, 2.0), 60))]), CONFIG)
    (track,) = shot.tracks
    assert _moments(shot, EventKind.STOPS) == [pytest.approx(2.0, abs=0.08)]
    assert track.leaves_to is None
    assert track.path[-1].pts_seconds == pytest.approx(5.9)
    assert track.path[-1].x0 * WIDTH == pytest.approx(70, abs=2)


def test_a_square_that_starts_late_has_its_track_from_the_beginning() -> None:
    """It stands at x = 30 for two thirds of the shot, so the median holds it, and leaves no ghost when it starts."""
    shot = track_shot(*clip(6, [Rectangle(GREEN, lambda t: (30 + 40 * max(0.0, t - 4.0), 60))]), CONFIG)
    (track,) = shot.tracks
    assert _moments(shot, EventKind.STARTS) == [pytest.approx(4.0, abs=0.08)]
    assert not _moments(shot, EventKind.ENTERS)
    assert track.path[0].pts_seconds == 0
    assert track.path[0].x0 * WIDTH == pytest.approx(30, abs=2)


def test_what_never_moves_has_no_track() -> None:
    """A thing that rests belongs to the background; the whole shot is tracked."""
    shot = track_shot(*clip(3, [Rectangle(RED, lambda _: (60, 60))]), CONFIG)
    assert shot.tracks == ()
    assert shot.abstained is None
    assert [(i.start_seconds, i.end_seconds) for i in shot.tracked] == [(0.0, pytest.approx(3.0))]


def test_what_is_there_on_the_last_frame_stays_as_long_as_that() -> None:
    """At 20 px/s from x = 20 it is at 80 on the last frame, at 2.9 s, which lasts until 3.7 s: there is no leave."""
    frames, times, _ = clip(3, [Rectangle(RED, lambda t: (20 + 20 * t, 60))])
    shot = track_shot(frames, times, 3.7, CONFIG)
    (track,) = shot.tracks
    assert (track.last_seconds, track.visible[-1].end_seconds) == (3.7, 3.7)
    assert not _moments(shot, EventKind.LEAVES)
    assert [(i.start_seconds, i.end_seconds) for i in shot.tracked] == [(0.0, 3.7)]


def test_what_leaves_before_the_last_frame_leaves_however_long_that_lasts() -> None:
    """At 60 px/s from x = -50 its left edge is at 160 at 3.5 s; the last frame, at 3.9 s, lasts until 6 s or 3.91 s."""
    frames, times, _ = clip(4, [Rectangle(RED, lambda t: (-50 + 60 * t, 40))])
    for end in (6.0, 3.91):
        shot = track_shot(frames, times, end, CONFIG)
        assert _moments(shot, EventKind.LEAVES) == [pytest.approx(3.5, abs=0.08)]
        assert shot.tracks[0].last_seconds == pytest.approx(3.5, abs=0.08)


def test_where_two_cross_each_box_holds_the_uncovered_part() -> None:
    """Blue passes before red: at 2.0 s red spans 70..90 and blue 80..100, so red's visible part ends at 80."""
    red = Rectangle(RED, lambda t: (-30 + 50 * t, 50))
    blue = Rectangle(BLUE, lambda t: (180 - 50 * t, 50))
    shot = track_shot(*clip(4.5, [red, blue]), CONFIG)
    by_name = {track.colour.name: track for track in shot.tracks if track.colour}
    assert set(by_name) == {ColourName.RED, ColourName.BLUE}
    assert len(shot.tracks) == 2
    half = [p for p in by_name[ColourName.RED].path if p.pts_seconds == pytest.approx(2.0)]
    assert half[0].x1 * WIDTH == pytest.approx(80, abs=3)
    assert len(_moments(shot, EventKind.LEAVES)) == 2


@pytest.mark.parametrize("speed", [20, 35])
def test_what_rests_stays_one_thing_while_another_passes_before_it(speed: int) -> None:
    """A red bar of 20 x 60 px comes to rest at 1.5 s; blue passes down over it, so that red shows above and below."""
    bar = [Rectangle(RED, lambda t, y=y: (-20 + 60 * min(t, 1.5), y)) for y in (30, 50, 70)]
    blue = Rectangle(BLUE, lambda t: (66, -40 + speed * (t - 2.0)), side=28)
    shot = track_shot(*clip(2 + 180 / speed, [*bar, blue]), CONFIG)
    assert shot.abstained is None
    names = [track.colour.name for track in shot.tracks if track.colour]
    assert sorted(names) == [ColourName.BLUE, ColourName.RED]


def test_two_of_one_colour_that_meet_are_not_told_apart() -> None:
    """After two equal squares have crossed, nobody knows which is which: nothing is asserted about either."""
    one = Rectangle(RED, lambda t: (-30 + 50 * t, 50))
    other = Rectangle(RED, lambda t: (180 - 50 * t, 50))
    shot = track_shot(*clip(4.5, [one, other]), CONFIG)
    assert shot.tracks == ()


def _there_and_back(seconds: float) -> tuple[float, float]:
    """It leaves over the right border at 1.6 s and enters again over it at 3.4 s."""
    return (80 + 50 * seconds, 40) if seconds < 2.5 else (160 - 50 * (seconds - 3.4), 40)


def test_what_leaves_and_comes_back_is_one_track_with_a_gap() -> None:
    """Its left edge reaches x = 160 at 1.6 s and comes back over it at 3.4 s: out of view for 1.8 s."""
    shot = track_shot(*clip(5, [Rectangle(RED, _there_and_back)]), CONFIG)
    (track,) = shot.tracks
    assert len(track.visible) == 2
    assert track.visible[0].end_seconds == pytest.approx(1.6, abs=0.08)
    assert track.visible[1].start_seconds == pytest.approx(3.4, abs=0.08)


def test_what_comes_back_smaller_is_another_track_without_a_link() -> None:
    """Equal colours, but sides of 24 and 16 pixels: neither certainly one nor certainly two, so no link."""
    first = Rectangle(RED, lambda t: (80 + 50 * t, 40), side=24)
    second = Rectangle(RED, lambda t: (160 - 50 * (t - 3.4), 40), side=16)
    shot = track_shot(*clip(5, [first, second]), CONFIG)
    assert len(shot.tracks) == 2
    assert link_tracks([shot], CONFIG.identity) == ()


def test_across_a_cut_colour_size_and_shape_link_tracks() -> None:
    """The red square of the second shot is the one of the first; the blue one is certainly another."""
    red = Rectangle(RED, lambda t: (-50 + 60 * t, 40))
    frames, times, end = clip(4, [red])
    later, _, _ = clip(4, [red, Rectangle(BLUE, lambda t: (-50 + 60 * t, 90))])
    shots = [track_shot(frames, times, end, CONFIG, "a"), track_shot(later, times + 4, end + 4, CONFIG, "b")]
    reds = {t.track_id for shot in shots for t in shot.tracks if t.colour and t.colour.name is ColourName.RED}
    links = link_tracks(shots, CONFIG.identity)
    assert [{link.track_a, link.track_b} for link in links if link.same] == [reds]
    assert len([link for link in links if not link.same]) == 2


def test_under_a_moving_camera_nothing_is_said() -> None:
    """A background that pans at 40 px/s is not stable: no tracks, nothing tracked, and the reason is given."""
    shot = track_shot(*clip(4, [Rectangle(RED, lambda t: (-50 + 60 * t, 40))], pan=40), CONFIG)
    assert shot.tracks == ()
    assert shot.tracked == ()
    assert shot.abstained is Abstention.NOT_STABLE


def test_a_thing_that_appears_whole_in_the_middle_has_a_track_and_does_not_enter() -> None:
    """It is shown at 1.5 s, away from all borders: it is in view from then on, and has crossed no border."""
    shot = track_shot(*clip(4, [Rectangle(RED, lambda t: (60 + 10 * t, 40) if t > 1.5 else (-99, 0))]), CONFIG)
    (track,) = shot.tracks
    assert track.first_seconds == pytest.approx(1.55, abs=0.1)
    assert track.enters_from is None
    assert _moments(shot, EventKind.ENTERS) == []


def test_a_thing_that_appears_bit_by_bit_in_the_middle_is_not_spoken_of() -> None:
    """It comes out from behind the background, row by row, from 1.5 s on: nothing is asserted about what moves."""
    frames, times, end = clip(4, [Rectangle(RED, lambda t: (70, 90 - 20 * max(0.0, t - 1.5)), side=40)])
    frames[:, 90:] = clip(4, [])[0][:, 90:]
    shot = track_shot(frames, times, end, CONFIG)
    assert shot.tracks == ()
    assert shot.abstained is Abstention.NOT_THINGS


def _comes_stands_and_goes_back(seconds: float) -> tuple[float, float]:
    """At 280 px/s, two thirds of its side a frame, to x = 60 at 0.8 s; from 1.8 s back as fast."""
    return (60 - 280 * max(0.0, 0.8 - seconds) - 280 * max(0.0, seconds - 1.8), 40)


def test_beside_what_is_unexplained_only_a_thing_that_keeps_its_look_is_spoken_of() -> None:
    """The red square comes out row by row, which no thing does: the blue one still is one, but no time is tracked."""
    comes_out = Rectangle(RED, lambda t: (110, 90 - 20 * max(0.0, t - 1.5)), side=40)
    frames, times, end = clip(4, [comes_out, Rectangle(BLUE, lambda t: (20 + 15 * t, 20))])
    frames[:, 90:] = clip(4, [])[0][:, 90:]
    shot = track_shot(frames, times, end, CONFIG)
    (track,) = shot.tracks
    assert track.colour is not None
    assert track.colour.name is ColourName.BLUE
    assert shot.tracked == ()
    assert shot.abstained is None


def test_a_large_slow_thing_is_a_thing_and_an_unstable_ground_is_none() -> None:
    """A square of 60 pixels that goes 87 pixels in 3.5 s changes more than a tenth of the picture for 40 % of the time;
    beside it all is stable, unless a strip of 10 columns flickers, too.
    """
    frames, times, end = clip(3.5, [Rectangle(BLUE, lambda t: (4 + 25 * t, 20), side=60)])
    shot = track_shot(frames, times, end, CONFIG)
    assert stable_pixels(frames, CONFIG.things.stable_difference).mean() < CONFIG.things.least_stable
    (track,) = shot.tracks
    assert track.size is SizeClass.LARGE
    assert shot.tracked == ()
    frames[::2, :, 150:] //= 2
    assert track_shot(frames, times, end, CONFIG).abstained is Abstention.NOT_STABLE


def test_what_stops_and_starts_at_once_is_one_track() -> None:
    """One frame after it stops or starts it is not where a line through its last boxes ends; its size identifies it."""
    shot = track_shot(*clip(4, [Rectangle(RED, _comes_stands_and_goes_back, side=44)]), CONFIG)
    (track,) = shot.tracks
    assert (track.enters_from, track.leaves_to) == (Side.LEFT, Side.LEFT)
    assert _moments(shot, EventKind.STOPS) == [pytest.approx(0.8, abs=0.08)]
    assert _moments(shot, EventKind.STARTS) == [pytest.approx(1.8, abs=0.08)]


def test_what_passes_behind_a_part_of_the_background_is_one_track() -> None:
    """Blue, 20 px wide, is behind what stands at 60..90 from -40 + 30 t = 60 to 90 - 20 = 70: hidden about 3.4 s."""
    blue = Rectangle(BLUE, lambda t: (-40 + 30 * t, 45))
    shot = track_shot(*clip(7.5, [blue, Rectangle(GREEN, lambda _: (60, 40), side=30)]), CONFIG)
    (track,) = shot.tracks
    assert (track.enters_from, track.leaves_to) == (Side.LEFT, Side.RIGHT)
    assert not any(stretch.contains(3.5) for stretch in track.visible)


def test_what_comes_out_from_behind_another_leaves_its_time_unclaimed() -> None:
    """Red falls out from behind blue at 2.0 s: blue and green have tracks, and the time around red is not tracked."""
    red = Rectangle(RED, lambda t: (-26 + 30 * t, 24 + 50 * max(0.0, t - 2.0)), side=22)
    blue = Rectangle(BLUE, lambda t: (-30 + 30 * t, 20), side=30)
    green = Rectangle(GREEN, lambda t: (170 - 45 * t, 90))
    shot = track_shot(*clip(6.5, [red, blue, green]), CONFIG)
    assert {track.colour.name for track in shot.tracks if track.colour} == {ColourName.BLUE, ColourName.GREEN}
    assert shot.tracked
    assert not any(stretch.contains(moment) for stretch in shot.tracked for moment in (1.5, 2.2, 3.0, 3.8))


def test_too_few_frames_are_no_shot_to_speak_of() -> None:
    """Seven frames are one less than the least number."""
    frames, times, end = clip(0.7, [])
    assert track_shot(frames, times, end, CONFIG).abstained is Abstention.TOO_SHORT


def test_a_change_of_light_moves_nothing() -> None:
    """A picture that dims evenly from 1 to 0.7 has no tracks, and no reason to abstain."""
    frames, times, end = clip(3, [Rectangle(RED, lambda _: (60, 60))])
    gains = np.linspace(1, 0.7, len(frames))[:, None, None, None]
    shot = track_shot((frames * gains).astype(np.uint8), times, end, CONFIG)
    assert shot.tracks == ()
    assert shot.abstained is None


def test_sampled_boxes_lie_between_those_of_the_analysis_frames() -> None:
    """At 60 px/s from -50 the left edge is at 43 px at 1.55 s; at 0.2 s and 4.5 s the square is not in view."""
    shot = track_shot(*clip(5, [Rectangle(RED, lambda t: (-50 + 60 * t, 40))]), CONFIG)
    (box,) = sampled_boxes(shot.tracks[0], [0.2, 1.55, 4.5])
    assert box.frame_index == 1
    assert box.x0 * WIDTH == pytest.approx(43, abs=2)


def test_the_same_frames_give_the_same_tracks() -> None:
    """Nothing in tracking is random."""
    frames, times, end = clip(3, [Rectangle(RED, lambda t: (-50 + 60 * t, 40))])
    first, second = (track_shot(frames, times, end, CONFIG) for _ in range(2))
    assert (first.tracks, first.events) == (second.tracks, second.events)
