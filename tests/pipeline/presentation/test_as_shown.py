"""A twin's clip is drawn as the twin shows it."""

import io

import numpy as np
import pytest
from PIL import Image

from pipeline.presentation.as_shown import as_shown
from schemas.clip import Segment
from schemas.errors import DatasetError
from schemas.shown import AS_STORED, EditKind, Shown, ShownEdit
from tests.finished import Whole
from tests.scenes import span


@pytest.mark.parametrize("edit", [EditKind.MIRRORED, EditKind.REVERSED])
def test_boxes_times_and_pixels_are_edited_alike(whole: Whole, edit: EditKind) -> None:
    """Edited twice, boxes and times are what they were. Edited once, a box lies on its object: on coloured pixels."""
    clip = whole.clips[0]
    shown = Shown.whole(edit, clip)
    once, twice = as_shown(clip, shown), as_shown(as_shown(clip, shown), shown)
    assert [f.pts_seconds for f in twice.frames] == pytest.approx([f.pts_seconds for f in clip.frames])
    for track, back in zip(clip.scene.tracks, twice.scene.tracks, strict=True):
        assert [b.frame_index for b in back.boxes] == [b.frame_index for b in track.boxes]
        assert [b.x0 for b in back.boxes] == pytest.approx([b.x0 for b in track.boxes])
    box = once.scene.tracks[0].boxes[0]
    pixels = np.asarray(Image.open(io.BytesIO(once.frames[box.frame_index].jpeg)))
    height, width = pixels.shape[:2]
    there = pixels[round(box.centre[1] * height), round(box.centre[0] * width)].astype(int)
    assert np.ptp(there) > 60  # a colour, on a grey ground


def test_an_unedited_clip_stays_as_it_is(whole: Whole) -> None:
    """Nothing is copied or encoded again."""
    assert as_shown(whole.clips[0], AS_STORED) is whole.clips[0]


def test_planted_edits_are_drawn_without_boxes(whole: Whole) -> None:
    """A frozen stretch shows its first frame, a seam is black, and no box is drawn over either; an edit that the stored
    frames do not bear out is refused.
    """
    clip = whole.clips[0]
    times = [frame.pts_seconds for frame in clip.frames]
    frozen = ShownEdit(kind=EditKind.FROZEN, start_seconds=times[2], end_seconds=times[5])
    seam = ShownEdit(kind=EditKind.SEAM, start_seconds=times[5], end_seconds=times[6])
    shown = as_shown(clip, Shown(edits=(frozen, seam)))
    pixels = [np.asarray(Image.open(io.BytesIO(frame.jpeg))).astype(int) for frame in shown.frames]
    assert all(np.abs(pixels[2] - pixels[place]).max() == 0 for place in (3, 4))
    assert pixels[5].max() < 8  # JPEG
    assert shown.scene.tracks == ()
    slowed = ShownEdit(kind=EditKind.SLOWED, start_seconds=times[2], end_seconds=times[5], amount=0.5)
    with pytest.raises(DatasetError, match="no segment stores"):
        as_shown(clip, Shown(edits=(slowed,)))


def test_a_stretch_that_is_shown_alone_is_all_of_the_clip(whole: Whole) -> None:
    """Only its frames are drawn, with boxes where a thing was looked at; nothing else of the clip is in its scene."""
    clip = whole.clips[0]
    track = clip.scene.tracks[0]
    part = span(track.visible[0].start_seconds + 1.0, track.visible[0].end_seconds - 1.0)
    frames = tuple(frame for frame in clip.frames if part.contains(frame.pts_seconds))
    segment = Segment(segment_id="a", **part.model_dump(), frames=frames)
    alone = as_shown(clip.model_copy(update={"segments": (segment,)}), Shown(segment_id="a"))
    assert [frame.pts_seconds for frame in alone.frames] == [frame.pts_seconds for frame in frames]
    assert (alone.start_seconds, alone.end_seconds) == (part.start_seconds, part.end_seconds)
    assert [box.frame_index for box in alone.scene.tracks[0].boxes] == list(range(len(frames)))
    assert alone.scene.tracks[0].visible == (part,)
    assert alone.scene.events == ()
