"""Which sampled frames are read, and what is read in one."""

from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.box import Rectangle
from schemas.clip import Frame
from schemas.search import Reading
from stages.models.ocr import SHORT_SIDE, KnownWriting, OcrLine, read_lines
from stages.visuals.visual import decoded_jpeg

ENLARGED = 1.5
"""By how much a frame is enlarged for the second reading."""


def read_frame(frame: Frame, owner: str, known: KnownWriting) -> tuple[Reading, ...]:
    """The lines in a sampled frame. ValueError, with `owner`, if its JPEG cannot be read.

    Args:
        frame: the frame.
        owner: whose frame it is.
        known: what was found before; what this frame shows is added.
    """
    pixels_HWC = _fitted(decoded_jpeg(frame, owner))
    return _readings(read_lines(pixels_HWC, known), frame, pixels_HWC, 1.0)


def read_again(frame: Frame, owner: str, known: KnownWriting, places: Sequence[Rectangle]) -> tuple[Reading, ...]:
    """The same of the enlarged frame, but only the lines that lie in some of the places."""
    small_HWC = _fitted(decoded_jpeg(frame, owner))
    height, width = small_HWC.shape[:2]
    size = (round(width * ENLARGED), round(height * ENLARGED))
    pixels_HWC = cv2.resize(small_HWC, size, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)

    def wanted(corners_42: NDArray[np.float64]) -> bool:
        (x0, y0), (x1, y1) = corners_42.min(0) / size, corners_42.max(0) / size
        return any(x0 < place.x1 and place.x0 < x1 and y0 < place.y1 and place.y0 < y1 for place in places)

    return _readings(read_lines(pixels_HWC, known, wanted=wanted), frame, small_HWC, ENLARGED)


def evenly(count: int, wanted: int) -> list[int]:
    """`wanted` of the numbers below `count`, at equal distances; all of them if there are no more."""
    return [(2 * i + 1) * count // (2 * wanted) for i in range(wanted)] if wanted < count else list(range(count))


def _fitted(pixels_HWC: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture with its shorter side at most SHORT_SIDE pixels long."""
    height, width = pixels_HWC.shape[:2]
    scale = SHORT_SIDE / min(height, width)
    if scale >= 1:
        return pixels_HWC
    size = (round(width * scale), round(height * scale))
    return cv2.resize(pixels_HWC, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _readings(
    lines: Iterable[OcrLine], frame: Frame, pixels_HWC: NDArray[np.uint8], scale: float
) -> tuple[Reading, ...]:
    size = (pixels_HWC.shape[1], pixels_HWC.shape[0])
    found = (_reading(line, frame.pts_seconds, size, scale) for line in lines)
    return tuple(reading for reading in found if reading is not None)


def _reading(line: OcrLine, pts_seconds: float, size: tuple[int, int], scale: float) -> Reading | None:
    """The line in shares of the frame; None if its box has no area inside the frame."""
    corners_42 = np.clip(line.corners_42 / scale / size, 0.0, 1.0)
    (x0, y0), (x1, y1) = (np.round(corner, 5).tolist() for corner in (corners_42.min(0), corners_42.max(0)))
    if not (x0 < x1 and y0 < y1 and line.height_pixels > 0):
        return None
    return Reading(
        pts_seconds=pts_seconds,
        text=line.text,
        score=round(min(1.0, line.score), 5),
        height_pixels=round(line.height_pixels / scale, 2),
        scale=scale,
        x0=x0,
        y0=y0,
        x1=x1,
        y1=y1,
    )
