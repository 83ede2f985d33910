"""A decoded frame to upright pixels, and pixels to JPEG."""

import math
from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Height x width x channel."""
Room: TypeAlias = Callable[[tuple[int, ...]], NDArray[np.uint8]]
"""Makes room for pixels of a shape, not yet set."""

_HUGE_PAGES_BYTES = 4 * 2**20
"""From this size on numpy asks the kernel for huge pages: touching fresh memory is several times cheaper."""


def blank(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Pixels of this shape, not yet set, in memory that is cheap to touch for the first time."""
    size = math.prod(shape)
    return np.empty(max(size, _HUGE_PAGES_BYTES), np.uint8)[:size].reshape(shape)


def quarter_turns(frame: VideoFrame) -> int:
    """Counter-clockwise quarter turns (0..3) that the container asks for."""
    return round(frame.rotation / 90) % 4


def scaled_size(width: int, height: int, short_side: int | None) -> tuple[int, int]:
    """(width, height) with the short side at most `short_side` pixels, the aspect ratio kept; never enlarged."""
    shorter = min(width, height)
    if short_side is None or shorter <= short_side:
        return width, height
    return round(width * short_side / shorter), round(height * short_side / shorter)


class PixelMaker:
    """Frames to upright pixels of one size, by one scaler call each; every scaler is made once and used again.

    At native size the pixels are those of `frame.to_ndarray(format="rgb24")`, turned upright.
    """

    def __init__(self, short_side: int | None) -> None:
        """`short_side`: of the result, in pixels; None for native size."""
        self._short_side = short_side
        self._scaler = VideoReformatter()
        self._size: tuple[int, int] | None = None

    def size(self, frame: VideoFrame) -> tuple[int, int]:
        """(width, height) of the pixels that a frame becomes, before it is turned: those of the first one seen."""
        if self._size is None:
            self._size = scaled_size(frame.width, frame.height, self._short_side)
        return self._size

    def upright(self, frame: VideoFrame) -> Pixels:
        """The frame's pixels, height x width x RGB, not to be written to.

        A later frame of another size is scaled to the first one's.
        """
        width, height = self.size(frame)
        native = (width, height) == (frame.width, frame.height)
        converted = self._scaler.reformat(
            frame,
            width=width,
            height=height,
            format="rgb24",
            interpolation=None if native else Interpolation.AREA,
            threads=1,
        )
        plane = converted.planes[0]
        # rows are padded in the plane: a view of it saves a copy where the caller makes one anyway
        pixels: Pixels = np.ndarray((height, width, 3), np.uint8, memoryview(plane), 0, (plane.line_size, 3, 1))
        turns = quarter_turns(frame)
        return np.ascontiguousarray(np.rot90(pixels, turns)) if turns else pixels


def jpeg_of(pixels: Pixels, quality: int) -> bytes:
    """The picture (height x width x RGB) as JPEG of `quality` 1..100."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise RuntimeError(f"no JPEG of a picture of shape {pixels.shape}")
    return data.tobytes()
