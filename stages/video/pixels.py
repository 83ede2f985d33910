"""A decoded frame to upright pixels, and pixels to JPEG."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from stages.video.orientation import Display
from stages.video.tone_map import HDR_TRANSFERS, to_standard_range

Pixels = NDArray[np.uint8]
"""Height x width x channel."""
Room: TypeAlias = Callable[[tuple[int, ...]], NDArray[np.uint8]]
"""Allocates pixels of a shape; their values are not set."""

AS_STORED = Display()
LONGEST_SIDE = 32_767
"""Longest side of a picture in pixels: what OpenCV can scale."""
_WIDEST_ASPECT = 4
_UNSPECIFIED = 2
"""FFmpeg's number of a colour space that a file does not state."""
_HUGE_PAGES_BYTES = 4 * 2**20
"""From this size on numpy asks the kernel for huge pages: touching fresh memory is several times cheaper."""


def blank(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Allocate pixels of this shape in memory that is cheap to touch for the first time; values are not set."""
    size = math.prod(shape)
    return np.empty(max(size, _HUGE_PAGES_BYTES), np.uint8)[:size].reshape(shape)


def shown_size(frame: VideoFrame, pixel_aspect: Fraction) -> tuple[int, int]:
    """(width, height) of a frame before it is turned, with its pixels made square.

    As in players, the side along which pixels are too short is stretched, so no detail is lost.
    """
    width, height = frame.width, frame.height
    if pixel_aspect > 1:
        width = round(width * pixel_aspect)
    elif pixel_aspect < 1:
        height = round(height / pixel_aspect)
    share = min(1.0, LONGEST_SIDE / max(width, height))
    return (width, height) if share == 1 else (max(1, int(width * share)), max(1, int(height * share)))


@dataclass(frozen=True)
class FrameShape:
    """How a frame is shown."""

    width: int
    """Width of the upright frame at native size, with square pixels."""
    height: int
    rotation_degrees: int
    """As `Orientation.rotation_degrees`."""


def shape_of(frame: VideoFrame, display: Display) -> FrameShape:
    """The frame's shape."""
    width, height = display.orientation.size(*shown_size(frame, display.pixel_aspect))
    return FrameShape(width, height, display.orientation.rotation_degrees)


def scaled_size(width: int, height: int, short_side: int | None) -> tuple[int, int]:
    """(width, height) with the short side at most `short_side` pixels, the aspect ratio kept; never enlarged.

    A strip longer than four times its short side is made smaller, to the area of a picture of exactly 4 : 1.
    """
    shorter, longer = min(width, height), max(width, height)
    if short_side is None:
        return width, height
    side: float = short_side
    if longer > _WIDEST_ASPECT * shorter:
        side = short_side * math.sqrt(_WIDEST_ASPECT * shorter / longer)
    if shorter <= side:
        return width, height
    return max(1, round(width * side / shorter)), max(1, round(height * side / shorter))


class PixelMaker:
    """Turns frames into upright pictures with square pixels and standard range, by one scaler call each.

    All frames of one size share a scaler. At native size, the pixels of a frame with square pixels and standard range
    are those of `frame.to_ndarray(format="rgb24")`, turned upright.
    """

    def __init__(self, short_side: int | None) -> None:
        """`short_side`: of the result, in pixels; None for native size."""
        self._short_side = short_side
        self._scaler = VideoReformatter()

    def size(self, frame: VideoFrame, display: Display = AS_STORED) -> tuple[int, int]:
        """(width, height) of the pixels that a frame becomes, before it is turned."""
        return scaled_size(*shown_size(frame, display.pixel_aspect), self._short_side)

    def upright(self, frame: VideoFrame, display: Display = AS_STORED) -> Pixels:
        """The frame's pixels, height x width x RGB, read-only."""
        if frame.color_trc in HDR_TRANSFERS:
            pixels = to_standard_range(self._converted(frame, display, np.dtype(np.uint16)), frame.color_trc)
        else:
            pixels = self._converted(frame, display, np.dtype(np.uint8))
        return display.orientation.upright(pixels)

    def _converted(self, frame: VideoFrame, display: Display, dtype: np.dtype[Any]) -> NDArray[Any]:
        """RGB at the final size, not yet turned."""
        width, height = self.size(frame, display)
        is_native = (width, height) == (frame.width, frame.height)
        is_hdr = dtype.itemsize > 1
        converted = self._scaler.reformat(
            frame,
            width=width,
            height=height,
            format="rgb48le" if is_hdr else "rgb24",
            src_colorspace=Colorspace.BT2020 if is_hdr and frame.colorspace == _UNSPECIFIED else None,
            interpolation=None if is_native else Interpolation.AREA,
            threads=1,
        )
        plane = converted.planes[0]
        # rows are padded in the plane: a view of it saves a copy, as the caller makes one anyway
        strides = (plane.line_size, 3 * dtype.itemsize, dtype.itemsize)
        return np.ndarray((height, width, 3), dtype, memoryview(plane), 0, strides)


def fitted(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    """The picture scaled to fit (width, height) and centred on black; the same array if it has that size already."""
    width, height = size
    old_height, old_width = pixels.shape[:2]
    if (old_width, old_height) == size:
        return pixels
    share = min(width / old_width, height / old_height)
    inner = max(1, min(width, round(old_width * share))), max(1, min(height, round(old_height * share)))
    framed = np.zeros((height, width, 3), np.uint8)
    x, y = (width - inner[0]) // 2, (height - inner[1]) // 2
    framed[y : y + inner[1], x : x + inner[0]] = cv2.resize(pixels, inner, interpolation=cv2.INTER_AREA)
    return framed
