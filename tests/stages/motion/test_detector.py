"""The detector on drawn clips of two shots."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from schemas.clip import Frame
from stages.claims.scene_view import SceneView
from stages.motion.detector import MotionDetector
from stages.payloads import ClipHeader, DecodedClip
from tests.stages.motion.scenes import BLUE, RED, Rectangle, clip

STEPS_A_SECOND = 12


def _decoded(speed: float = 60) -> DecodedClip:
    """A red square crosses in 41 steps, then a blue one before a lighter wall. Times are those of a clip of 24 frames a
    second in whole milliseconds, two frames to a step; the last frame lasts one frame.
    """
    first, _, _ = clip(4.1, [Rectangle(RED, lambda t: (-50 + speed * t, 40))])
    second, _, _ = clip(4, [Rectangle(BLUE, lambda t: (-50 + 60 * t, 60))])
    frames = [*first, *np.clip(second[:, ::-1].astype(np.int16) + 90, 0, 255).astype(np.uint8)]
    times = [round(index / STEPS_A_SECOND, 3) for index in range(len(frames))]
    jpegs = [cv2.imencode(".jpg", frame[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes() for frame in frames]
    stored = tuple(Frame(pts_seconds=time, jpeg=jpeg) for time, jpeg in zip(times, jpegs, strict=True))
    header = ClipHeader(
        clip_id="clip",
        content_sha256="0" * 64,
        codec="h264",
        width=160,
        height=120,
        rotation_degrees=0,
        start_seconds=0.0,
        end_seconds=times[-1] + 0.042,
        duration_seconds_from_header=None,
        duration_seconds_measured=times[-1] + 0.042,
    )
    return DecodedClip(header, stored[::8], stored)


def test_what_is_tracked_on_both_sides_of_a_cut_is_tracked_across_it() -> None:
    """Steps are 83 or 84 ms long, the one at the cut (3.333 to 3.417 s) 84: the tracked time has no gap there, and ends
    with the clip.
    """
    decoded = _decoded()
    scene = MotionDetector().detect(decoded)
    assert [cut.pts_seconds for cut in scene.cuts] == [round(41 / STEPS_A_SECOND, 3)]
    assert len(scene.tracks) == 2
    assert SceneView(scene).tracked == ((0.0, decoded.header.end_seconds),)


def test_a_frame_between_two_shots_has_no_box() -> None:
    """At 40 px/s red is still there at the cut, between the steps at 3.333 and 3.417 s: a sampled frame at 3.38 s may
    belong to either shot, those at 3.2 and 3.6 s do not.
    """
    decoded = _decoded(speed=40)
    sampled = tuple(Frame(pts_seconds=time, jpeg=decoded.frames[0].jpeg) for time in (3.2, 3.38, 3.6))
    red, blue = MotionDetector().detect(replace(decoded, frames=sampled)).tracks
    assert [box.frame_index for box in red.boxes] == [0]
    assert 1 not in {box.frame_index for box in blue.boxes}
    assert red.visible[-1].contains(3.38)


def test_detecting_twice_gives_equal_scenes() -> None:
    """Nothing is random and nothing is remembered from one clip to the next."""
    decoded = _decoded()
    assert MotionDetector().detect(decoded) == MotionDetector().detect(decoded)


def test_a_clip_without_analysis_frames_is_refused() -> None:
    """A clip with nothing to look at is an error that names it, not an empty scene."""
    with pytest.raises(ValueError, match="clip clip has no analysis frames"):
        MotionDetector().detect(replace(_decoded(), analysis=()))
