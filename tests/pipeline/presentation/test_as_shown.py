"""A twin's clip is drawn as the twin shows it."""

import io

import numpy as np
import pytest
from PIL import Image

from pipeline.presentation.as_shown import as_shown
from schemas.shown import AS_STORED, EditKind, Shown
from tests.finished import Whole


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
