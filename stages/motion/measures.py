"""Analysis frames to what each second shows as a whole: brightness, motion per third, the camera's shift.

H W = rows, columns.
"""

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record
from schemas.scene import Measure
from stages.motion.camera import Camera, Matrix, corner_shift, shift_and_scale
from stages.motion.film import Film

_DIGITS = 5
_UNMOVED_PIXELS = 0.25  # a camera's step below this is not worth a warp, which blurs


class MeasureConfig(Record):
    """When a pixel counts as moving."""

    share_of_luma: float = Field(default=0.10, gt=0)
    """A pixel moves where it changes by more than this share of the picture's mean brightness..."""
    min_change: float = Field(default=5.0, gt=0)
    """...and by more than this, 0..255, so that noise in the dark is none..."""
    max_change: float = Field(default=14.0, gt=0)
    """...but by this always."""


def measure(film: Film, pieces: list[tuple[int, int]], camera: Camera, config: MeasureConfig) -> tuple[Measure, ...]:
    """One record per analysis second; `pieces` are the stretches of frames [first, end) without a cut."""
    starts = {first for first, _ in pieces}
    thirds = np.zeros((len(film), 3))
    for i in range(1, len(film)):
        if i not in starts:
            thirds[i] = _motion(film.greys_NHW[i - 1], film.greys_NHW[i], camera.between(i - 1, i), config)
    return tuple(_second(film, thirds, starts, camera, start, first, end) for start, first, end in film.seconds())


def _second(
    film: Film,
    thirds_N3: NDArray[np.float64],
    starts: set[int],
    camera: Camera,
    start_seconds: float,
    first: int,
    end: int,
) -> Measure:
    pairs = [i for i in range(max(first, 1), min(end + 1, len(film))) if i not in starts and i > first]
    left, centre, right = thirds_N3[pairs].mean(axis=0) if pairs else np.zeros(3)
    last = min(end, len(film) - 1)
    motion = camera.between(first, last) if last > first else None
    shape = (film.height, film.width)
    shift_x, shift_y, scale = (None, None, None) if motion is None else shift_and_scale(motion, shape)
    return Measure(
        pts_seconds=round(start_seconds, _DIGITS),
        luma=round(float(film.greys_NHW[first:end].mean()) / 255, _DIGITS),
        motion_left=round(float(left), _DIGITS),
        motion_centre=round(float(centre), _DIGITS),
        motion_right=round(float(right), _DIGITS),
        shift_x=None if shift_x is None else round(shift_x, _DIGITS),
        shift_y=None if shift_y is None else round(shift_y, _DIGITS),
        scale=None if scale is None else round(scale, _DIGITS),
    )


def _motion(
    before_HW: NDArray[np.uint8], now_HW: NDArray[np.uint8], camera: Matrix | None, config: MeasureConfig
) -> NDArray[np.float64]:
    """Share of each third's pixels that the camera's motion does not explain, [3]."""
    height, width = now_HW.shape
    before: cv2.typing.MatLike = cv2.blur(before_HW, (3, 3))
    valid = np.ones((height, width), np.uint8)
    if camera is not None and corner_shift(camera, (height, width)) > _UNMOVED_PIXELS:
        valid = cv2.warpAffine(valid, camera, (width, height), flags=cv2.INTER_NEAREST).astype(np.uint8)
        before = cv2.warpAffine(before, camera, (width, height), flags=cv2.INTER_LINEAR)
    now = cv2.blur(now_HW, (3, 3))
    # a pixel that is within the range of its neighbourhood before may have got there by a fraction of a pixel's shift
    kernel = np.ones((3, 3), np.uint8)
    beyond = cv2.max(cv2.subtract(now, cv2.dilate(before, kernel)), cv2.subtract(cv2.erode(before, kernel), now))
    limit = float(np.clip(config.share_of_luma * now_HW.mean(), config.min_change, config.max_change))
    moving = ((np.asarray(beyond) > limit) & (valid > 0)).astype(np.uint8)
    moving = cv2.morphologyEx(moving, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)).astype(np.uint8)
    edges = [0, width // 3, width - width // 3, width]
    return np.array([moving[:, a:b].mean() for a, b in pairwise(edges)])
