"""How much of each pixel a shape covers.

Array names: H rows, W columns, C colour channels.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.demo.world.world import Pose, Shape

FINER = 4
"""Subpixels per side of a pixel."""
_BAR = 0.36  # width of the bars of an arrow and of a cross


@dataclass(frozen=True)
class Patch:
    """The part of the frame that a thing covers."""

    left: int
    """First column."""
    top: int
    """First row."""
    alpha: NDArray[np.float32]
    """Covered share of each pixel, 0..1, shape (H, W)."""

    @property
    def rows(self) -> slice:
        """Rows of the frame."""
        return slice(self.top, self.top + self.alpha.shape[0])

    @property
    def columns(self) -> slice:
        """Columns of the frame."""
        return slice(self.left, self.left + self.alpha.shape[1])


def patch_of(shape: Shape, pose: Pose, width: int, height: int) -> Patch | None:
    """The pixels that a thing covers inside a frame of `width` x `height`; None if it is outside."""
    sides = np.array((pose.size * pose.aspect, pose.size)) * height
    x, y = pose.x * width, pose.y * height
    left, top = int(np.floor(x - sides[0] / 2)) - 1, int(np.floor(y - sides[1] / 2)) - 1
    columns, rows = (int(np.ceil(side)) + 3 for side in sides)
    inside = _inside(left, columns, width), _inside(top, rows, height)
    if any(part.start >= part.stop for part in inside):
        return None
    corners = outline(shape) * sides + (x - left, y - top)
    return Patch(left + inside[0].start, top + inside[1].start, _coverage(corners, columns, rows)[inside[1], inside[0]])


def _inside(first: int, count: int, length: int) -> slice:
    """Which of `count` pixels from `first` on are among the `length` of the frame."""
    return slice(max(0, -first), min(count, length - first))


def _coverage(corners: NDArray[np.float64], columns: int, rows: int) -> NDArray[np.float32]:
    fine = np.zeros((rows * FINER, columns * FINER), np.uint8)
    # pixel (0, 0) of the fine grid has its centre at 0.5 / FINER, and fillPoly counts from pixel centres
    fine_corners = corners * FINER - 0.5
    cv2.fillPoly(fine, [np.round(fine_corners * 256).astype(np.int32)], (255,), shift=8)
    coarse = cv2.resize(fine, (columns, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(coarse, np.float32) / np.float32(255)


@cache
def outline(shape: Shape) -> NDArray[np.float64]:
    """Corners (x, y) of a shape with centre 0 and a bounding box of side 1 (a little less for a star)."""
    if shape is Shape.BALL:
        return _around(48, 0.5)
    if shape in (Shape.BOX, Shape.SIGN):
        return np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    if shape is Shape.ARROW:
        half = np.array([(-0.5, -_BAR / 2), (0.0, -_BAR / 2), (0.0, -0.5), (0.5, 0.0)])
        return np.concatenate([half, half[2::-1] * (1, -1)])
    if shape is Shape.CROSS:
        arm = np.array([(-_BAR / 2, -0.5), (_BAR / 2, -0.5), (_BAR / 2, -_BAR / 2)])
        quarter_turn = np.array([(0, 1), (-1, 0)])
        return np.concatenate([arm @ np.linalg.matrix_power(quarter_turn, turns) for turns in range(4)])
    return np.stack([_around(5, 0.5), _around(5, 0.25, turn=0.1)], axis=1).reshape(-1, 2)


def _around(corners: int, radius: float, turn: float = 0.0) -> NDArray[np.float64]:
    angles = (np.arange(corners) / corners + turn - 0.25) * 2 * np.pi
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) * radius
