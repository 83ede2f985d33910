"""What an edit does to the picture of one frame, at any size. Axes: H rows, W columns, C = red green blue."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.shown import EditKind, ShownEdit
from stages.visuals.unborne import UnborneEditError

Picture = NDArray[Any]
"""(H, W, C), of whole numbers or floats."""

_K = EditKind
HALF_TURN_DEGREES = 180.0


def with_looks(picture_HWC: Picture, looks: Sequence[ShownEdit], size: tuple[int, int]) -> Picture:
    """The picture after edits of its look, `size` = (width, height); a picture without any is returned as it is."""
    for edit in looks:
        picture_HWC = _LOOKS[edit.kind](picture_HWC, edit, size)
    return picture_HWC


def _mirrored(picture_HWC: Picture, _edit: ShownEdit, _size: tuple[int, int]) -> Picture:
    return np.ascontiguousarray(picture_HWC[:, ::-1])


def _turned(picture_HWC: Picture, edit: ShownEdit, _size: tuple[int, int]) -> Picture:
    if edit.amount != HALF_TURN_DEGREES:
        raise UnborneEditError(f"a picture is turned by 180 degrees, which keeps its shape, not by {edit.amount}")
    return np.ascontiguousarray(picture_HWC[::-1, ::-1])


def _zoomed(picture_HWC: Picture, edit: ShownEdit, _size: tuple[int, int]) -> Picture:
    height, width = picture_HWC.shape[:2]
    return _cut_to(picture_HWC, height / (edit.amount or 1.0), width / (edit.amount or 1.0), (width, height))


def _swapped(picture_HWC: Picture, _edit: ShownEdit, size: tuple[int, int]) -> Picture:
    """Cut to the shape of the clip's frames, so that it fills them."""
    height, width = picture_HWC.shape[:2]
    scale = max(size[0] / width, size[1] / height)
    return _cut_to(picture_HWC, size[1] / scale, size[0] / scale, size)


def _cut_to(picture_HWC: Picture, rows: float, columns: float, size: tuple[int, int]) -> Picture:
    """The middle of the picture, `rows` high and `columns` wide, scaled to `size`."""
    height, width = picture_HWC.shape[:2]
    rows, columns = max(1, round(rows)), max(1, round(columns))
    top, left = (height - rows) // 2, (width - columns) // 2
    middle_HWC = picture_HWC[top : top + rows, left : left + columns]
    shrinks = size[0] < columns
    return cv2.resize(middle_HWC, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def _black(picture_HWC: Picture, _edit: ShownEdit, size: tuple[int, int]) -> Picture:
    return np.zeros((size[1], size[0], 3), picture_HWC.dtype)


_LOOKS: Mapping[EditKind, Callable[[Picture, ShownEdit, tuple[int, int]], Picture]] = {
    _K.MIRRORED: _mirrored,
    _K.TURNED: _turned,
    _K.ZOOMED: _zoomed,
    _K.SWAPPED: _swapped,
    _K.SEAM: _black,
}
"""The kinds that change pictures."""
