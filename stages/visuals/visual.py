"""A video as a policy is shown it. Axes: N frames, H rows, W columns, C = red green blue."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.clip import Frame
from stages.drawing.painting import Pixels


@dataclass(frozen=True)
class Visual:
    """A video as a policy is shown it. ValueError if pixels and times do not fit each other."""

    frames_NHWC: Pixels
    """Upright RGB, at least one frame, all of one size."""
    pts_seconds: NDArray[np.float64]
    """(N,) times on the clip's clock, never decreasing."""

    def __post_init__(self) -> None:
        shape, times = self.frames_NHWC.shape, self.pts_seconds.shape
        if len(shape) != 4 or shape[-1] != 3 or shape[0] < 1 or self.frames_NHWC.dtype != np.uint8:
            raise ValueError(f"frames must be uint8 of shape (N >= 1, H, W, 3), got {self.frames_NHWC.dtype} {shape}")
        if times != shape[:1]:
            raise ValueError(f"{shape[0]} frames need as many times, got shape {times}")
        if np.any(np.diff(self.pts_seconds) < 0):
            raise ValueError(f"frame times must not decrease, got {self.pts_seconds.tolist()}")

    @property
    def count(self) -> int:
        """Number of frames."""
        return int(self.frames_NHWC.shape[0])


def decoded_jpeg(frame: Frame, owner: str) -> Pixels:
    """The RGB pixels of a stored frame, HWC. ValueError, with `owner`, if its JPEG cannot be read."""
    pixels = cv2.imdecode(np.frombuffer(frame.jpeg, np.uint8), cv2.IMREAD_COLOR_RGB) if frame.jpeg else None
    if pixels is None:
        raise ValueError(f"{owner}: the frame at {frame.pts_seconds:.3f} s is not a readable JPEG")
    return pixels.astype(np.uint8, copy=False)
