"""How large a frame is shown. Axes: N frames, H rows, W columns, C = red green blue."""

from dataclasses import dataclass

import cv2
import numpy as np

from stages.drawing.painting import Pixels


@dataclass(frozen=True)
class Resolution:
    """Frames that are larger are scaled down, in their own shape; none is ever enlarged."""

    short_side: int | None = None
    """Most pixels of the shorter side; None: any number."""
    max_pixels: int | None = None
    """Most pixels of a frame; None: any number."""

    def size(self, width: int, height: int) -> tuple[int, int]:
        """Width and height with which a frame of this size is shown."""
        scale = 1.0
        if self.short_side is not None:
            scale = min(scale, self.short_side / min(width, height))
        if self.max_pixels is not None:
            scale = min(scale, (self.max_pixels / (width * height)) ** 0.5)
        if scale == 1.0:
            return width, height
        return max(1, int(width * scale + _ROUNDING)), max(1, int(height * scale + _ROUNDING))

    def fitted(self, frame_HWC: Pixels) -> Pixels:
        """The frame as it is shown."""
        height, width = frame_HWC.shape[:2]
        size = self.size(width, height)
        if size == (width, height):
            return frame_HWC
        return cv2.resize(frame_HWC, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


_ROUNDING = 1e-6
"""Sides are rounded down, so that no limit is exceeded; a side that is whole but for a rounding error stays whole."""
AS_LARGE_AS_STORED = Resolution()
