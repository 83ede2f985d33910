"""How a player shows a stored picture: turned and mirrored by its display matrix, with square pixels."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import numpy as np
from av.sidedata.sidedata import SideData, Type
from av.video.frame import VideoFrame
from numpy.typing import NDArray


@dataclass(frozen=True)
class Orientation:
    """One of the eight ways to turn and mirror a picture: transpose it or not, then mirror each axis or not."""

    is_transposed: bool = False
    """Rows become columns; done first."""
    mirrors_x: bool = False
    """Left and right are swapped."""
    mirrors_y: bool = False
    """Top and bottom are swapped."""

    @property
    def rotation_degrees(self) -> int:
        """Its counter-clockwise rotation, 0, 90, 180 or 270, done after a mirroring of left and right if it has one."""
        if self.is_transposed:
            return 270 if self.mirrors_x else 90
        return 180 if self.mirrors_y else 0

    def size(self, width: int, height: int) -> tuple[int, int]:
        """(width, height) of the upright picture."""
        return (height, width) if self.is_transposed else (width, height)

    def upright(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The upright picture (height x width x channel); the same array if it is upright already."""
        if self == Orientation():
            return pixels
        laid = pixels.transpose(1, 0, 2) if self.is_transposed else pixels
        return np.ascontiguousarray(laid[:: -1 if self.mirrors_y else 1, :: -1 if self.mirrors_x else 1])


@dataclass(frozen=True)
class Display:
    """How the frames of a stream are shown."""

    pixel_aspect: Fraction = Fraction(1)
    """Width over height of a stored pixel."""
    orientation: Orientation = Orientation()


def orientation_of(frame: VideoFrame) -> Orientation:
    """What the frame's display matrix asks for; other angles are rounded to the nearest right angle.

    PyAV makes a frame whose side data was read part of a reference cycle, which keeps it in memory until the garbage
    collector runs: to be called for a few frames of a video only.

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
