"""What each second shows as a whole: brightness, motion in each third of the frame, the camera's shift.

N H W C = frames, rows, columns, RGB.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record
from schemas.scene import Measure
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.camera.camera import Camera, shift_and_scale
from stages.motion.camera.corners import Matrix, corner_shift
from stages.motion.picture.relight import relit

_AROUND = 3  # frames before and after a second that show between which values a pixel changes
_KERNEL = np.ones((3, 3), np.uint8)
_EXACT_SECONDS = 1e-3
_UNMOVED_PIXELS = 0.25  # if the camera moves less than this in a step, the frames are compared without a warp


class MeasureConfig(Record):
    """When a pixel counts as moving."""

    noise_of_luma: float = Field(default=0.06, gt=0)
    """A change below this share of the picture's mean brightness is noise, ..."""
    least_noise: float = Field(default=3.0, gt=0)
    """... and so is a change below this, 0..255, ..."""
    most_noise: float = Field(default=7.0, gt=0)
    """... but no change above this, 0..255."""
    passage: float = Field(default=3.0, gt=1)
    """Something moves over a pixel if it changes by more than this many times the noise within about a second."""

    def noise(self, grey_HW: NDArray[np.uint8]) -> float:
        """The largest change, 0..255, that is noise in a picture of that brightness."""
        return float(np.clip(self.noise_of_luma * grey_HW.mean(), self.least_noise, self.most_noise))


def measure(
    analysis: AnalysisFrames, pieces: list[tuple[int, int]], camera: Camera, config: MeasureConfig
) -> tuple[Measure, ...]:
    """One record for each analysis second. `pieces` are the parts without a cut, as frames [first, end)."""
    return tuple(_second(analysis, pieces, camera, second, config) for second in analysis.seconds())


def _second(
    analysis: AnalysisFrames,
    pieces: list[tuple[int, int]],
    camera: Camera,
    second: tuple[float, int, int],
    config: MeasureConfig,
) -> Measure:
    start_seconds, first, end = second
    swept, num_pairs = np.zeros(3), 0
    for piece_first, piece_end in pieces:
        # the step to the first frame of the next second belongs to this second
        a, b = max(first, piece_first), min(end + 1, piece_end)
        if b - a >= 2:
            around = max(piece_first, a - _AROUND), min(piece_end, b + _AROUND)
            swept += _swept(analysis, (a, b), around, camera, config)
            num_pairs += b - a - 1
    left, centre, right = swept / max(1, num_pairs)
    last = min(end, len(analysis) - 1)
    runs_on = last > first and not _may_cut(analysis, pieces, start_seconds, last)
    motion = camera.between(first, last) if runs_on else None
    shift_x, shift_y, scale = (
        (None,) * 3 if motion is None else shift_and_scale(motion, (analysis.height, analysis.width))
    )
    return Measure(
        pts_seconds=start_seconds,
        luma=float(analysis.greys_NHW[first:end].mean()) / 255,
        motion_left=float(left),
        motion_centre=float(centre),
        motion_right=float(right),
        shift_x=shift_x,
        shift_y=shift_y,
        scale=scale,
    )


def _may_cut(analysis: AnalysisFrames, pieces: list[tuple[int, int]], start_seconds: float, last: int) -> bool:
    """Whether a cut may lie in a second: between the last frame of one piece and the first frame of the next."""
    starts = [first for first, _ in pieces if first > 0]
    return any(analysis.pts_seconds[i] > start_seconds + _EXACT_SECONDS and i <= last for i in starts)


def _swept(
    analysis: AnalysisFrames, pairs: tuple[int, int], around: tuple[int, int], camera: Camera, config: MeasureConfig
) -> NDArray[np.float64]:
    """For each third, the share of its pixels over which edges of moving things pass, summed over the steps in [a, b).

    The change of a pixel in one step is divided by its whole change in the frames around, so that contrast, blur and
    speed do not matter: an edge that takes five frames to cross a pixel counts as a fifth of it in each.
    """
    (a, b), (lo, hi) = pairs, around
    noise = config.noise(analysis.greys_NHW[a])
    frames_NHWC = np.stack([cv2.blur(analysis.frames_NHWC[i], (3, 3)) for i in range(lo, hi)])
    steps = [camera.between(i - 1, i) for i in range(a + 1, b)]
    shape = analysis.height, analysis.width
    aligned = all(step is not None and corner_shift(step, shape) < _UNMOVED_PIXELS for step in steps)
    if aligned:
        frames_NHWC = np.stack([relit(frame, frames_NHWC[a - lo]) for frame in frames_NHWC])
        most, least = _extremes(frames_NHWC)
        width = of_any_channel(most - least).astype(np.float32)
    swept_HW = np.zeros(shape, np.float32)
    for i, step in zip(range(a + 1, b), steps, strict=True):
        before, now = frames_NHWC[i - 1 - lo], frames_NHWC[i - lo]
        if aligned:
            change = of_any_channel(cv2.absdiff(now, before)).astype(np.float32)
            share = (change - noise) / np.maximum(width - noise, 1.0)
            swept_HW += np.where(width > config.passage * noise, share.clip(0, 1), 0)
        else:
            swept_HW += unexplained_change(before, now, step) > config.passage * noise
    edges = [0, analysis.width // 3, analysis.width - analysis.width // 3, analysis.width]
    return np.array([swept_HW[:, x:y].mean() for x, y in pairwise(edges)], dtype=np.float64)


def _extremes(frames_NHWC: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The largest and the smallest value of each pixel."""
    most, least = frames_NHWC[0].copy(), frames_NHWC[0].copy()
    for frame in frames_NHWC[1:]:
        np.maximum(most, frame, out=most)
        np.minimum(least, frame, out=least)
    return most, least


def unexplained_change(
    before_HWC: NDArray[np.uint8], now_HWC: NDArray[np.uint8], step: Matrix | None
) -> NDArray[np.uint8]:
    """How much more each pixel changes than the camera's step explains, with a tolerance of one pixel; [H, W]."""
    height, width = now_HWC.shape[:2]
    in_view = np.ones((height, width), np.uint8)
    before: cv2.typing.MatLike = before_HWC
    if step is not None:
        in_view = cv2.warpAffine(in_view, step, (width, height), flags=cv2.INTER_NEAREST).astype(np.uint8)
        before = cv2.warpAffine(before_HWC, step, (width, height), flags=cv2.INTER_LINEAR)
    before = relit(np.asarray(before, dtype=np.uint8), now_HWC)
    most, least = cv2.dilate(before, _KERNEL), cv2.erode(before, _KERNEL)
    beyond = cv2.max(cv2.subtract(now_HWC, most), cv2.subtract(least, now_HWC))
    return np.asarray(of_any_channel(beyond) * in_view, dtype=np.uint8)


def of_any_channel(change_HWC: cv2.typing.MatLike) -> NDArray[np.uint8]:
    """The largest change of any channel of each pixel; thirty times as fast as numpy's maximum along the last axis."""
    change = np.asarray(change_HWC, dtype=np.uint8)
    return np.maximum(np.maximum(change[..., 0], change[..., 1]), change[..., 2])
