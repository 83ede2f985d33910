"""How different the places of two shots are, by colours and edges, over the whole picture and part by part.

Another place differs in these. The same place must agree in them, and also show the same picture, with light and dark
where they were. Each frame of one shot is compared with each frame of the other. The place is the same only if all
frames are alike, and another only if none are; so the nearest and the farthest two frames are reported.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement, product
from statistics import median

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record
from schemas.scene import PlaceDistance
from stages.motion.analysis_frames import AnalysisFrames

_WIDTH, _HEIGHT = 96, 54
_CELLS = 3  # the picture is also compared in 3x3 parts
_FINE, _COARSE = (8, 12, 12), (6, 8, 8)  # bins of L, a, b
_LAYOUT_WEIGHT = 1.2  # scales layouts so that the limit between one place and two is near a correlation of 0.6
_DIFFERENT = 0.55  # the distance, 0..1, from which on two pictures look like two places; it is scaled to 1
_DIRECTIONS = 8  # of edges
_PLAIN_STRENGTH = 20.0  # of edges: a pixel of a surface without edges counts like an edge of this strength
_BLUR = 1.0  # pixels, of the layout
_AB_RANGE = 64, 192  # of Lab's a and b, which real pictures hardly leave
_NEIGHBOUR_WEIGHT = 0.5  # of the neighbouring bins of a histogram, so that a slight change of light moves nothing
_WHOLE_SHARE, _PARTS_SHARE, _EDGES_SHARE = 0.4, 0.4, 0.2  # of colours, colours of parts, and edges in the distance
_EDGES_GAIN = 2.5  # edges differ less than colours do


class PlaceConfig(Record):
    """How many frames of a shot are compared."""

    max_frames: int = Field(default=12, ge=2)
    """Most frames of a shot, evenly spread, including the first and the last."""


@dataclass(frozen=True)
class Picture:
    """A description of a frame by which places are compared."""

    colours: NDArray[np.float32]
    """Square roots of the shares of colours in the whole picture, [bins]."""
    parts: NDArray[np.float32]
    """The same for each part, [9, bins]."""
    layout: NDArray[np.float32]
    """The picture in grey, small and blurred, minus its mean, scaled to length 1 (near 0 if it is plain)."""
    edges: NDArray[np.float32]
    """Square roots of the shares of edge directions in each part, with the surface without edges last, [9, 9]."""


def picture_of(frame_RGB: NDArray[np.uint8]) -> Picture:
    """Describe a frame by colours and edges."""
    small = cv2.resize(frame_RGB, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    grey = lab[..., 0].astype(np.float32)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    strength = np.hypot(across, down)
    direction = ((np.arctan2(down, across) % np.pi) / np.pi * _DIRECTIONS).astype(int) % _DIRECTIONS
    parts, edges = [], []
    height, width = _HEIGHT // _CELLS, _WIDTH // _CELLS
    for row in range(_CELLS):
        for column in range(_CELLS):
            part = np.s_[row * height : (row + 1) * height, column * width : (column + 1) * width]
            parts.append(_colours(lab[part], _COARSE))
            sums = np.bincount(direction[part].ravel(), weights=strength[part].ravel(), minlength=_DIRECTIONS)
            plain = _PLAIN_STRENGTH * height * width  # so large that noise does not look like edges
            edges.append(np.sqrt(np.append(sums, plain) / (sums.sum() + plain)).astype(np.float32))
    return Picture(_colours(lab, _FINE), np.stack(parts), _layout(grey), np.stack(edges))


def _layout(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    blurred = cv2.GaussianBlur(grey, (0, 0), _BLUR).ravel()
    apart = blurred - blurred.mean()
    return np.asarray(apart / max(float(np.linalg.norm(apart)), float(len(apart)) ** 0.5), dtype=np.float32)


def _colours(lab_HWC: cv2.typing.MatLike, bins: tuple[int, int, int]) -> NDArray[np.float32]:
    histogram = cv2.calcHist(
        [np.ascontiguousarray(lab_HWC)], [0, 1, 2], None, list(bins), [0, 256, *_AB_RANGE, *_AB_RANGE]
    )
    for axis in range(3):
        padded = np.take(histogram, np.clip(np.arange(-1, bins[axis] + 1), 0, bins[axis] - 1), axis=axis)
        left, right = (np.take(padded, np.arange(i, i + bins[axis]), axis=axis) for i in (0, 2))
        histogram = histogram + _NEIGHBOUR_WEIGHT * (left + right)
    flat = np.asarray(histogram, dtype=np.float32).ravel()
    return np.asarray(np.sqrt(flat / max(float(flat.sum()), 1e-9)), dtype=np.float32)


def content_distance(a: Picture, b: Picture) -> float:
    """How different two frames are: 0 for the same picture, 1 and more for another place."""
    whole = _hellinger(a.colours, b.colours)
    # the median over the parts ignores what moves through less than half of them
    parts = median(_hellinger(x, y) for x, y in zip(a.parts, b.parts, strict=True))
    edges = median(_hellinger(x, y) for x, y in zip(a.edges, b.edges, strict=True))
    distance = _WHOLE_SHARE * whole + _PARTS_SHARE * parts + _EDGES_SHARE * min(1.0, _EDGES_GAIN * edges)
    return distance / _DIFFERENT


def layout_distance(a: Picture, b: Picture) -> float:
    """How different two frames are as pictures: 0 for the same one, `_LAYOUT_WEIGHT` for unrelated ones."""
    return _LAYOUT_WEIGHT * (1.0 - max(0.0, float(a.layout @ b.layout)))


def _hellinger(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    return float(np.sqrt(max(0.0, 1.0 - float(a @ b))))


def place_distances(
    analysis: AnalysisFrames, spans: Sequence[tuple[int, int]], config: PlaceConfig
) -> tuple[PlaceDistance, ...]:
    """The distances of each pair of shots, and of each shot to itself. `spans` are the shots as frames [first, end)."""
    pictures = [
        [picture_of(analysis.frames_NHWC[i]) for i in _spread(first, end, config.max_frames)] for first, end in spans
    ]
    found = []
    for a in range(len(pictures)):
        for b in range(a, len(pictures)):
            within = combinations_with_replacement(pictures[a], 2)
            pairs = list(within if a == b else product(pictures[a], pictures[b]))
            contents = [content_distance(x, y) for x, y in pairs]
            farthest = max(*contents, *(layout_distance(x, y) for x, y in pairs))
            found.append(PlaceDistance(shot_a=a, shot_b=b, nearest=min(contents), farthest=farthest))
    return tuple(found)


def _spread(first: int, end: int, count: int) -> list[int]:
    return sorted({int(i) for i in np.linspace(first, end - 1, min(count, end - first)).round()})
