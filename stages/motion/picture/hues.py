"""The largest amount of each colour in a clip; it proves that an entity is absent, or the only one of its colour."""

from collections.abc import Mapping, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.box import PathPoint
from schemas.colour import ColourName, Hue
from schemas.scene import Track
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.colour import NAMES, family_bits

_STRIDE = 2  # every second row and column, which still includes a pixel of each thing of 3x3 pixels
_RIM = 2  # pixels around a box that still show its colour
_THIN = np.ones((3, 3), np.uint8)  # in strides: anything thinner is the rim of a thing of another colour


def find_hues(analysis: AnalysisFrames, tracks: Sequence[Track]) -> tuple[Hue, ...]:
    """One entry for each colour name, in the order of `ColourName`."""
    points = _points_of(tracks)
    largest = np.zeros(len(NAMES))
    outside = np.zeros(len(NAMES))
    for index, frame in enumerate(analysis.frames_NHWC):
        bits = family_bits(frame[::_STRIDE, ::_STRIDE])
        shares = _shares(bits)
        largest = np.maximum(largest, shares)
        for number, name in enumerate(NAMES):
            boxes = points.get((name, _key(float(analysis.pts_seconds[index]))), ())
            if shares[number] > outside[number]:
                outside[number] = max(outside[number], _thick_share(_outside(bits, boxes), number))
    return tuple(
        Hue(name=name, largest_share=float(a), largest_share_outside=float(b))
        for name, a, b in zip(NAMES, largest, outside, strict=True)
    )


def _key(pts_seconds: float) -> int:
    return round(pts_seconds * 1000)


def _points_of(tracks: Sequence[Track]) -> Mapping[tuple[ColourName, int], tuple[PathPoint, ...]]:
    """The boxes of tracks that have a colour, by colour name and time."""
    points: dict[tuple[ColourName, int], tuple[PathPoint, ...]] = {}
    for track in tracks:
        if track.colour is not None:
            for point in track.path:
                key = track.colour.name, _key(point.pts_seconds)
                points[key] = (*points.get(key, ()), point)
    return points


def _shares(bits: NDArray[np.uint16]) -> NDArray[np.float64]:
    """For each name, the share of all pixels that might have it, [12]."""
    counts = np.bincount(bits.ravel(), minlength=1 << len(NAMES))
    values = np.arange(len(counts))
    return np.array([counts[(values >> number) & 1 == 1].sum() for number in range(len(NAMES))]) / bits.size


def _thick_share(bits: NDArray[np.uint16], number: int) -> float:
    """Share of all pixels that might have a name, without thin lines."""
    might_be = ((bits >> np.uint16(number)) & np.uint16(1)).astype(np.uint8)
    return float(np.count_nonzero(cv2.morphologyEx(might_be, cv2.MORPH_OPEN, _THIN))) / bits.size


def _outside(bits: NDArray[np.uint16], boxes: Sequence[PathPoint]) -> NDArray[np.uint16]:
    """The bits with everything inside the boxes cleared."""
    height, width = bits.shape
    rim = _RIM / _STRIDE
    cleared = bits.copy()
    for box in boxes:
        rows = slice(max(0, int(box.y0 * height - rim)), int(np.ceil(box.y1 * height + rim)))
        columns = slice(max(0, int(box.x0 * width - rim)), int(np.ceil(box.x1 * width + rim)))
        cleared[rows, columns] = 0
    return cleared
