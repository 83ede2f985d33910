"""The timeline of a clip: bars, shot starts and highlighted times lie where their seconds are."""

import numpy as np

from pipeline.presentation.timeline import timeline
from schemas.interval import Interval
from tests.finished import SECONDS, Whole
from tests.scenes import deed, fade

WIDTH = 1000
SHADED, SHOT, HAPPENING = (255, 236, 170), (210, 60, 60), (120, 150, 60)


def columns_of(pixels: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """The columns that hold a colour."""
    return np.flatnonzero((pixels == colour).all(axis=2).any(axis=0))


def test_highlighted_times_are_shaded(whole: Whole) -> None:
    """Of a clip of 10 s the stretch from 2 s to 4 s is shaded: a fifth of the axis, which the whole clip fills."""
    clip = whole.clips[0]
    some = np.asarray(timeline(clip, WIDTH, [Interval(start_seconds=2, end_seconds=4)]))
    everything = np.asarray(timeline(clip, WIDTH, [Interval(start_seconds=0, end_seconds=SECONDS)]))
    part, axis = columns_of(some, SHADED), columns_of(everything, SHADED)
    length = axis[-1] - axis[0]
    assert abs((part[0] - axis[0]) / length - 0.2) < 0.01
    assert abs((part[-1] - axis[0]) / length - 0.4) < 0.01
    assert not len(columns_of(np.asarray(timeline(clip, WIDTH)), SHADED))


def test_a_shot_start_is_a_line(whole: Whole) -> None:
    """A fade at 5 s of 10 s begins a shot in the middle of the axis; the sheet of one shot has no such line."""
    clip = whole.clips[0]
    axis = columns_of(np.asarray(timeline(clip, WIDTH, [Interval(start_seconds=0, end_seconds=SECONDS)])), SHADED)
    two_shots = clip.model_copy(update={"scene": clip.scene.model_copy(update={"fades": (fade(5.0),)})})
    line = columns_of(np.asarray(timeline(two_shots, WIDTH)), SHOT)
    assert abs(line.mean() - axis.mean()) < 2
    assert not len(columns_of(np.asarray(timeline(clip, WIDTH)), SHOT))


def test_there_is_a_lane_for_each_track(whole: Whole) -> None:
    """Each track makes the timeline 24 pixels higher."""
    clip = whole.clips[0]
    bare = clip.model_copy(update={"scene": clip.scene.model_copy(update={"tracks": (), "events": ()})})
    assert timeline(clip, WIDTH).height - timeline(bare, WIDTH).height == 24 * len(clip.scene.tracks)


def test_a_named_event_has_a_lane_with_a_bar(whole: Whole) -> None:
    """An event from 2 s to 4 s of 10 s is a bar of a fifth of the axis, in a lane of its own below the tracks."""
    clip = whole.clips[0]
    happens = deed("n0", "A ball rolls", 2.0, 4.0)
    with_event = clip.model_copy(update={"scene": clip.scene.model_copy(update={"events": (happens,)})})
    without = clip.model_copy(update={"scene": clip.scene.model_copy(update={"events": ()})})
    drawn = timeline(with_event, WIDTH)
    assert drawn.height - timeline(without, WIDTH).height == 24
    axis = columns_of(np.asarray(timeline(with_event, WIDTH, [Interval(start_seconds=0, end_seconds=SECONDS)])), SHADED)
    bar = columns_of(np.asarray(drawn), HAPPENING)
    assert abs(len(bar) / (axis[-1] - axis[0]) - 0.2) < 0.01
