"""An area of a frame filled with one colour, or painted over with what surrounds it.

Axes: H rows, W columns, C = red green blue.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from stages.drawing.rectangles import Rect

Pixels = NDArray[np.uint8]

_INPAINT_RADIUS = 3  # pixels
_INPAINT_MARGIN = 24  # pixels around the hole that inpainting may use


def area_pixels(rect: Rect, frame_HWC: Pixels, away_x: float, away_y: float) -> tuple[slice, slice]:
    """Rows and columns of a rectangle moved by shares of the frame; their number does not depend on the move."""
    height, width = frame_HWC.shape[:2]
    return _side(rect[1], rect[3], away_y, height), _side(rect[0], rect[2], away_x, width)


def _side(start: float, end: float, away: float, size: int) -> slice:
    first, last = int(np.floor(start * size)), int(np.ceil(end * size))
    moved = min(max(first + round(away * size), 0), size - (last - first))
    return slice(moved, moved + last - first)


def filled(frame_HWC: Pixels, rows: slice, columns: slice) -> Pixels:
    """The frame with the area filled with the mean colour of the rest."""
    outside_HW = np.ones(frame_HWC.shape[:2], dtype=np.bool_)
    outside_HW[rows, columns] = False
    filled_HWC = frame_HWC.copy()
    filled_HWC[rows, columns] = np.round(frame_HWC[outside_HW].mean(axis=0)).astype(np.uint8)
    return filled_HWC


def inpainted(frame_HWC: Pixels, rows: slice, columns: slice) -> Pixels:
    """The frame with the area painted from what surrounds it (Telea's method)."""
    near_rows, near_columns = _widened(rows, frame_HWC.shape[0]), _widened(columns, frame_HWC.shape[1])
    hole_HW = np.zeros(frame_HWC.shape[:2], np.uint8)
    hole_HW[rows, columns] = 255
    near_HWC = np.ascontiguousarray(frame_HWC[near_rows, near_columns])
    painted = cv2.inpaint(near_HWC, hole_HW[near_rows, near_columns], _INPAINT_RADIUS, cv2.INPAINT_TELEA)
    result_HWC = frame_HWC.copy()
    result_HWC[near_rows, near_columns] = painted
    return result_HWC


def _widened(side: slice, size: int) -> slice:
    return slice(max(0, side.start - _INPAINT_MARGIN), min(size, side.stop + _INPAINT_MARGIN))
