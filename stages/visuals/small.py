"""Small pictures of stored frames, in which the change that an edit makes is measured.

Legend: N, M = pictures, H, W = rows and columns, C = red green blue, P = numbers of one picture.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.clip import Frame
from stages.stage import PixelReader, read_here
from stages.visuals.unborne import UnborneEditError

SHORT_SIDE = 36
_DETAIL_SIGMA = 0.8
"""Blur of small pictures, pixels: so much that noise of the camera and of JPEG is no change."""
_COARSE_SIGMA = 3.0
"""Blur of coarse pictures, pixels: their difference grows with the distance that a thing has moved."""
_PEAK_SHARE = 0.02
"""Share of a picture's pixels that must change before somebody sees it."""

Small = NDArray[np.float32]
"""(H, W, C), 0..1."""


def small_picture(jpeg: bytes) -> Small:
    """A stored frame, 36 pixels on its short side. UnborneEditError if it is not a readable JPEG."""
    reduced = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_COLOR_4) if jpeg else None
    if reduced is None:
        raise UnborneEditError("a stored frame is not a readable JPEG")
    height, width = reduced.shape[:2]
    scale = SHORT_SIDE / min(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    shrunk_HWC = cv2.resize(reduced[:, :, ::-1], size, interpolation=cv2.INTER_AREA)
    return blurred(np.asarray(shrunk_HWC, np.float32) / np.float32(255), _DETAIL_SIGMA)


def small_pictures(jpegs: Sequence[bytes]) -> list[Small]:
    """`small_picture` of each."""
    return [small_picture(jpeg) for jpeg in jpegs]


def coarse_picture(picture_HWC: Small) -> Small:
    """The picture without details smaller than three pixels, of which every second row and column is left."""
    return blurred(picture_HWC, _COARSE_SIGMA)[::2, ::2]


def blurred(picture_HWC: Small, sigma: float) -> Small:
    """The picture without details smaller than `sigma` pixels."""
    return np.asarray(cv2.GaussianBlur(picture_HWC, (0, 0), sigma), np.float32)


def differences(left: Sequence[Small], right: Sequence[Small]) -> NDArray[np.float64]:
    """The root of the mean squared difference of each two pictures, 0..1, (N, M)."""
    left_NP, right_MP = (np.stack(side).reshape(len(side), -1).astype(np.float64) for side in (left, right))
    # not by BLAS, whose sums depend on its number of threads
    product_NM = np.einsum("np,mp->nm", left_NP, right_MP)
    squares_NM = (left_NP**2).sum(1)[:, None] + (right_MP**2).sum(1)[None] - 2 * product_NM
    return np.asarray(np.sqrt(np.maximum(squares_NM, 0.0) / left_NP.shape[1]))


def difference(left_HWC: Small, right_HWC: Small) -> float:
    """The root of the mean squared difference of two pictures, 0..1."""
    return float(np.sqrt(np.mean(np.square(left_HWC - right_HWC, dtype=np.float64))))


def peak_difference(left_HWC: Small, right_HWC: Small) -> float:
    """The mean difference, 0..1, of the pixels that differ most: what moves somewhere in the picture."""
    changed = np.abs(left_HWC - right_HWC).mean(axis=-1).ravel()
    most = max(1, round(changed.size * _PEAK_SHARE))
    return float(np.partition(changed, -most)[-most:].mean())


class SmallPictures:
    """The small pictures of stored frames, each made once. Axes as above."""

    def __init__(self, read: PixelReader = read_here) -> None:
        self._read = read
        self._made: dict[bytes, Small] = {}

    def of(self, frames: Sequence[Frame]) -> list[Small]:
        """The pictures of some frames, in their order."""
        missing = [jpeg for jpeg in dict.fromkeys(frame.jpeg for frame in frames) if jpeg not in self._made]
        if missing:
            self._made.update(zip(missing, self._read(small_pictures, missing), strict=True))
        return [self._made[frame.jpeg] for frame in frames]
