"""A contact sheet shows frames, boxes and texts."""

import io

import numpy as np
from PIL import Image

from pipeline.presentation.contact_sheet import contact_sheet
from schemas.clip import Clip
from tests.finished import Whole


def pixels(png: bytes) -> np.ndarray:
    """The sheet as an array."""
    return np.asarray(Image.open(io.BytesIO(png)))


def test_boxes_are_drawn(whole: Whole) -> None:
    """A sheet without boxes differs from one with them by more than a hundred pixels for each box."""
    clip = whole.clips[0]
    bare = clip.model_copy(
        update={
            "scene": clip.scene.model_copy(
                update={"tracks": tuple(track.model_copy(update={"boxes": ()}) for track in clip.scene.tracks)}
            )
        }
    )
    with_boxes, without = pixels(contact_sheet(clip)), pixels(contact_sheet(bare))
    assert with_boxes.shape == without.shape
    boxes = sum(len(track.boxes) for track in clip.scene.tracks)
    assert boxes
    assert np.any(with_boxes != without, axis=2).sum() > boxes * 100


def test_lines_of_text_are_folded_above_the_frames(whole: Whole) -> None:
    """A sheet with text is that without, with more paper and more ink above the frames."""
    question = "Which way does it go? "
    bare, one, many = (pixels(contact_sheet(whole.clips[0], text)) for text in ((), (question,), (question * 20,)))
    assert bare.shape[0] < one.shape[0] < many.shape[0]
    assert np.array_equal(bare[-200:], one[-200:])
    assert (one < 128).sum() > (bare < 128).sum()


def test_a_sheet_is_the_same_each_time(whole: Whole) -> None:
    """Same clip, same bytes."""
    assert contact_sheet(whole.clips[0]) == contact_sheet(whole.clips[0])


def test_a_clip_as_narrow_as_a_strip_fills_no_endless_sheet(whole: Whole) -> None:
    """Frames of 16 x 1600 pixels are drawn 240 pixels high: the sheet is no larger than that of any other clip."""
    buffer = io.BytesIO()
    Image.new("RGB", (16, 1600)).save(buffer, "JPEG")
    clip = whole.clips[0]
    frames = tuple(frame.model_copy(update={"jpeg": buffer.getvalue()}) for frame in clip.frames)
    strip: Clip = clip.model_copy(update={"frames": frames, "width": 16, "height": 1600})
    height, width, _ = pixels(contact_sheet(strip)).shape
    assert width < 1400
    assert height < 1400
