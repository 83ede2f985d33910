"""What a detector with weights finds in frames: one record for all of them.

N H W C = frames, rows, columns, channels (RGB).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Detection:
    """Something in one frame that a phrase fits."""

    phrase: str
    """One of the phrases that were looked for."""
    score: float
    """How well the phrase fits, 0..1: the largest score of its tokens."""
    margin: float
    """The score minus that of the best other phrase at the same place, -1..1; below 0 if another one fits better."""
    box_xyxy_norm: tuple[float, float, float, float]
    """x0, y0, x1, y1 in 0..1 of the frame, with x0 < x1 and y0 < y1."""


FrameDetections = tuple[Detection, ...]
"""All detections of one frame, the surest first."""


class FrameDetector(Protocol):
    """A live model that looks for phrases in frames."""

    def detect(
        self, frames_NHWC: NDArray[np.uint8], phrases: Sequence[str], least_scores: Sequence[float]
    ) -> list[FrameDetections]:
        """What is in each frame: for each phrase, everything that scores at least that phrase's `least_scores`.

        The frames are of one clip and one size; phrases are in lower case and have no dot. Raises ModelError.
        """
        ...
