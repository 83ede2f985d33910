"""The frames that a question shows: as stored, a stretch alone, or after edits."""

import cv2
import numpy as np

from schemas.clip import Frame, Segment, UnitClip
from schemas.shown import AS_STORED, EditKind, Shown
from stages.retrospection.shown import FramesAsShown
from stages.stage import read_here
from stages.visuals.visual import decoded_jpeg
from tests.stages.retrospection.policy import clip


def _clip() -> UnitClip:
    """Eight frames that are bright on their left, brighter from frame to frame; its first four are a segment, too."""
    frames = []
    for number in range(8):
        pixels_HWC = np.zeros((16, 32, 3), np.uint8)
        pixels_HWC[:, :16] = 30 * number + 20
        frames.append(Frame(pts_seconds=100 + number, jpeg=cv2.imencode(".jpg", pixels_HWC)[1].tobytes()))
    segment = Segment(segment_id="s", start_seconds=102, end_seconds=104, frames=tuple(frames[2:4]))
    times = {"start_seconds": 100.0, "end_seconds": 108.0}
    return clip().model_copy(update={"frames": tuple(frames), "segments": (segment,), **times})


def test_frames_are_sent_as_they_are_stored() -> None:
    """All of the clip, or the segment, with times from the start of what is shown."""
    shown = FramesAsShown(read_here)
    whole, alone = shown.of(_clip(), AS_STORED), shown.of(_clip(), Shown(segment_id="s"))
    assert whole.frames == _clip().frames
    assert (whole.shown_seconds, alone.shown_seconds) == (tuple(map(float, range(8))), (0.0, 1.0))


def test_edits_are_made_once_for_all_questions() -> None:
    """Mirrored frames are bright on their right; the same edit of the same clip is the same object."""
    mirrored, shown = Shown.whole(EditKind.MIRRORED, _clip()), FramesAsShown(read_here)
    found = shown.of(_clip(), mirrored)
    pixels_HWC = decoded_jpeg(found.frames[7], "test")
    assert pixels_HWC[:, 24:].mean() > 10 * max(1.0, pixels_HWC[:, :8].mean())
    assert shown.of(_clip(), mirrored) is found


def test_a_reversed_clip_runs_forward_in_time() -> None:
    """Its brightest frame comes first, and times count from 0 upwards."""
    found = FramesAsShown(read_here).of(_clip(), Shown.whole(EditKind.REVERSED, _clip()))
    means = [decoded_jpeg(frame, "test").mean() for frame in found.frames]
    assert means == sorted(means, reverse=True)
    assert list(found.shown_seconds) == sorted(found.shown_seconds)
    assert found.shown_seconds[0] == 0.0
