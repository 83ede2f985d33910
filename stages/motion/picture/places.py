"""Frames of two shots to how unlike their places are: colours and edges, over the whole picture and part by part.

Another place differs in these; the same place must be alike in them and also show the same picture, light and dark
where they were. Every frame of one shot is compared with every frame of the other, so that a claim can be held against
the nearest and the farthest two: a place is the same only where all frames are alike, another only where none are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record
from schemas.scene import PlaceDistance
from stages.motion.analysis_frames import AnalysisFrames

_WIDTH, _HEIGHT = 96, 54
_CELLS = 3  # the picture is compared in 3x3 parts as well
_FINE, _COARSE = (8, 12, 12), (6, 8, 8)  # bins of L, a, b
_LAYOUT_WEIGHT = 1.2  # a correlation of 0.5 of two pictures is the border between the same place and another
_DIFFERENT = 0.55  # the distance, 0..1, from which two pictures look like two places: made 1


class PlaceConfig(Record):
    """How many frames stand for a shot."""

    max_frames: int = Field(default=12, ge=2)
    """Most frames of a shot that are compared, evenly spread, its first and last included."""


@dataclass(frozen=True)
class Picture:
    """What a frame looks like."""

    colours: NDArray[np.float32]
    """Square roots of the shares of the colours of the whole picture."""
    parts: NDArray[np.float32]
    """The same for each part, [9, bins]."""
    layout: NDArray[np.float32]
    """The picture in grey, small and blurred, its mean taken out and of length 1 (0 where it is plain)."""
    edges: NDArray[np.float32]
    """Square roots of the shares of edge directions in each part, the plain surface as one of them, [9, 9]."""


def picture_of(frame_RGB: NDArray[np.uint8]) -> Picture:
    """Describe a frame by colours and edges."""
    small = cv2.resize(frame_RGB, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    grey = lab[..., 0].astype(np.float32)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    direction = ((np.arctan2(down, across) % np.pi) / np.pi * 8).astype(int) % 8
    parts, edges = [], []
    height, width = _HEIGHT // _CELLS, _WIDTH // _CELLS
    for row in range(_CELLS):
        for column in range(_CELLS):
            part = np.s_[row * height : (row + 1) * height, column * width : (column + 1) * width]
            parts.append(_colours(lab[part], _COARSE))
            sums = np.bincount(direction[part].ravel(), weights=strength[part].ravel(), minlength=8)
            plain = 20.0 * height * width  # a surface without edges counts too, and noise must not make one
            edges.append(np.sqrt(np.append(sums, plain) / (sums.sum() + plain)).astype(np.float32))
    return Picture(_colours(lab, _FINE), np.stack(parts), _layout(grey), np.stack(edges))


def _layout(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    blurred = cv2.GaussianBlur(grey, (0, 0), 1.0).ravel()
    apart = blurred - blurred.mean()
    return np.asarray(apart / max(float(np.linalg.norm(apart)), float(len(apart)) ** 0.5), dtype=np.float32)


def _colours(lab_HWC: cv2.typing.MatLike, bins: tuple[int, int, int]) -> NDArray[np.float32]:
    histogram = cv2.calcHist([np.ascontiguousarray(lab_HWC)], [0, 1, 2], None, list(bins), [0, 256, 64, 192, 64, 192])
    for axis in range(3):  # neighbours count half, so that a slight change of light crosses no border
        padded = np.take(histogram, np.clip(np.arange(-1, bins[axis] + 1), 0, bins[axis] - 1), axis=axis)
        left, right = (np.take(padded, np.arange(i, i + bins[axis]), axis=axis) for i in (0, 2))
        histogram = histogram + 0.5 * (left + right)
    flat = np.asarray(histogram, dtype=np.float32).ravel()
    return np.asarray(np.sqrt(flat / max(float(flat.sum()), 1e-9)), dtype=np.float32)


def content_distance(a: Picture, b: Picture) -> float:
    """How unlike two frames are: 0 the same picture, 1 and more another place."""
    whole = _hellinger(a.colours, b.colours)
    # the median over the parts forgives what moves through less than half of them
    parts = float(np.median([_hellinger(x, y) for x, y in zip(a.parts, b.parts, strict=True)]))
    edges = float(np.median([_hellinger(x, y) for x, y in zip(a.edges, b.edges, strict=True)]))
    return (0.4 * whole + 0.4 * parts + 0.2 * min(1.0, 2.5 * edges)) / _DIFFERENT


def layout_distance(a: Picture, b: Picture) -> float:
    """How unlike two frames are as pictures: 0 the same, `_LAYOUT_WEIGHT` where one says nothing of the other."""
    return _LAYOUT_WEIGHT * (1.0 - max(0.0, float(a.layout @ b.layout)))


def _hellinger(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(np.sqrt(max(0.0, 1.0 - float(a @ b))))


def place_distances(
    analysis: AnalysisFrames, spans: Sequence[tuple[int, int]], config: PlaceConfig
) -> tuple[PlaceDistance, ...]:
    """Every two shots, and each shot with itself; `spans` are the shots as frames [first, end)."""
    pictures = [
        [picture_of(analysis.frames_NHWC[i]) for i in _spread(first, end, config.max_frames)] for first, end in spans
    ]
    found = []
    for a in range(len(pictures)):
        for b in range(a, len(pictures)):
            pairs = [(x, y) for x in pictures[a] for y in pictures[b]]
            contents = [content_distance(x, y) for x, y in pairs]
            farthest = max(*contents, *(layout_distance(x, y) for x, y in pairs))
            found.append(PlaceDistance(shot_a=a, shot_b=b, nearest=min(contents), farthest=farthest))
    return tuple(found)


def _spread(first: int, end: int, count: int) -> list[int]:
    return sorted({int(i) for i in np.linspace(first, end - 1, min(count, end - first)).round()})
