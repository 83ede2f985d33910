"""Pictures that sheets are composed of: frames, text, paper."""

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.clip import Frame
from stages.video.frame_times import evenly_spread
from stages.visuals import decoded_jpeg

Image = NDArray[np.uint8]
"""HWC, blue green red."""


Bgr = tuple[int, int, int]


PAPER: Bgr = (252, 251, 250)


INK: Bgr = (52, 44, 40)


FAINT: Bgr = (175, 170, 166)


FONT = cv2.FONT_HERSHEY_DUPLEX


_MARGIN = 24


def spread(count: int, most: int) -> list[int]:
    """Which of `count` frames are shown: all, or `most` of them, evenly spread."""
    return evenly_spread(np.arange(count, dtype=np.float64), 0, count, most)


def decoded_picture(frame: Frame, clip_id: str) -> Image:
    """The pixels of a stored frame. ValueError if its JPEG cannot be read."""
    return np.ascontiguousarray(decoded_jpeg(frame, f"clip {clip_id}")[:, :, ::-1])


def write(
    image: Image, text: str, place: tuple[int, int], size: float, colour: Bgr = INK, outline: Bgr | None = None
) -> None:
    """Write a text at a place, in pixels."""
    shown = text.encode("ascii", "replace").decode()  # the only letters that OpenCV draws
    if outline is not None:
        cv2.putText(image, shown, place, FONT, size, outline, 3, cv2.LINE_AA)
    cv2.putText(image, shown, place, FONT, size, colour, 1, cv2.LINE_AA)


def blank(width: int, height: int) -> Image:
    """Empty paper."""
    return np.full((height, width, 3), PAPER, dtype=np.uint8)


def framed(sheet: Image) -> Image:
    """A sheet with a margin around it."""
    framed = blank(sheet.shape[1] + 2 * _MARGIN, sheet.shape[0] + 2 * _MARGIN)
    framed[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN] = sheet
    return framed
