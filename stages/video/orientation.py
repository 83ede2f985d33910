"""How a stored picture has to be turned and mirrored to stand upright, as its display matrix says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np
from av.sidedata.sidedata import SideData, Type
from av.video.frame import VideoFrame
from numpy.typing import NDArray


@dataclass(frozen=True)
class Orientation:
    """One of the eight ways to lay a picture: rows and columns swapped or not, then mirrored or not."""

    is_transposed: bool = False
    """Rows become columns; done first."""
    mirrors_x: bool = False
    """Left and right change places."""
    mirrors_y: bool = False
    """Top and bottom change places."""

    @property
    def rotation_degrees(self) -> int:
        """The counter-clockwise turn in it, 0, 90, 180 or 270; a mirroring of left and right, if any, comes first."""
        if self.is_transposed:
            return 270 if self.mirrors_x else 90
        return 180 if self.mirrors_y else 0

    def size(self, width: int, height: int) -> tuple[int, int]:
        """(width, height) of the upright picture."""
        return (height, width) if self.is_transposed else (width, height)

    def upright(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture (height x width x channel), upright; the same memory if nothing is to be done."""
        if self == Orientation():
            return pixels
        laid = pixels.transpose(1, 0, 2) if self.is_transposed else pixels
        return np.ascontiguousarray(laid[:: -1 if self.mirrors_y else 1, :: -1 if self.mirrors_x else 1])


def orientation_of(frame: VideoFrame) -> Orientation:
    """What the frame's display matrix asks for; the nearest right angle if it turns by any other.

    The matrix maps a stored point (p, q) to (a p + c q, b p + d q), with x to the right and y down (ISO/IEC 14496-12,
    8.5.2.3).
    """
    matrix = cast("Mapping[Type, SideData]", frame.side_data).get(Type.DISPLAYMATRIX)
    if matrix is None:
        return Orientation()
    a, b, _, c, d, *_ = np.frombuffer(bytes(matrix), np.int32).tolist()
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Orientation(False, a < 0, d < 0)
    return Orientation(True, c < 0, b < 0)
