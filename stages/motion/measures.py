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
from stages.motion.camera import Camera, shift_and_scale
from stages.motion.corners import Matrix, corner_shift
from stages.motion.film import Film

_KERNEL = np.ones((3, 3), np.uint8)
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
    last = end if end < len(film) and end not in starts else end - 1
    motion = camera.between(first, last) if last > first else None
    shape = (film.height, film.width)
    shift_x, shift_y, scale = (None, None, None) if motion is None else shift_and_scale(motion, shape)
    return Measure(
        pts_seconds=start_seconds,
        luma=float(film.greys_NHW[first:end].mean()) / 255,
        motion_left=float(left),
        motion_centre=float(centre),
        motion_right=float(right),
        shift_x=shift_x,
        shift_y=shift_y,
        scale=scale,
    )


def _motion(
    before_HW: NDArray[np.uint8], now_HW: NDArray[np.uint8], camera: Matrix | None, config: MeasureConfig
) -> NDArray[np.float64]:
    """Share of each third's pixels that change by more than the camera's motion explains, [3]."""
    height, width = now_HW.shape
    now = cv2.blur(now_HW, (3, 3))
    before = cv2.blur(before_HW, (3, 3))
    least, most = before, before
    valid = np.ones((height, width), np.uint8)
    if camera is None or corner_shift(camera, (height, width)) > _UNMOVED_PIXELS:
        if camera is not None:
            valid = cv2.warpAffine(valid, camera, (width, height), flags=cv2.INTER_NEAREST).astype(np.uint8)
            before = cv2.warpAffine(before, camera, (width, height), flags=cv2.INTER_LINEAR)
        # a pixel within the range of its surroundings before may have got there by a fraction of a pixel's shift
        least, most = cv2.erode(before, _KERNEL), cv2.dilate(before, _KERNEL)
    beyond = cv2.max(cv2.subtract(now, most), cv2.subtract(least, now))
    limit = float(np.clip(config.share_of_luma * now_HW.mean(), config.min_change, config.max_change))
    moving = ((np.asarray(beyond) > limit) & (valid > 0)).astype(np.uint8)
    moving = cv2.morphologyEx(moving, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)).astype(np.uint8)
    edges = [0, width // 3, width - width // 3, width]
    return np.array([moving[:, a:b].mean() for a, b in pairwise(edges)])
