"""Regions of a foreground mask, and how the pixels of a region are divided among the trails that may share it.

H W = frame rows, columns; h w = rows, columns of a crop; P = pixels; C = L, a, b.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

PixelBox = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels of the analysis frame; x1 and y1 are one past the last pixel."""

_KERNEL = np.ones((3, 3), np.uint8)
_FREE_PIXELS = 3  # a pixel may be this far outside the expected box at no cost
_CELLS = 6  # rows and columns of the grid that describes a shape
_MOST_MIXED = 0.7  # a pixel of a thing is at most to this share background
_CRUMB = 10  # a piece with less than one part in this many of the largest piece's area is dropped


@dataclass(frozen=True)
class Region:
    """A set of pixels of a frame."""

    box: PixelBox
    """The bounding box."""
    mask_hw: NDArray[np.uint8]
    """1 for the pixels of the box that belong to it, else 0."""

    @property
    def area(self) -> int:
        """Number of pixels."""
        return int(np.count_nonzero(self.mask_hw))

    @property
    def crop(self) -> tuple[slice, slice]:
        """Rows and columns of its box in the frame."""
        x0, y0, x1, y1 = self.box
        return slice(y0, y1), slice(x0, x1)

    def core(self) -> NDArray[np.bool_]:
        """Its pixels that are at least two pixels away from its contour, [h, w]; thin regions have none."""
        padded = cv2.copyMakeBorder(self.mask_hw, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0)
        return cv2.erode(padded, _KERNEL, iterations=2)[2:-2, 2:-2].astype(np.bool_)

    def shape(self) -> NDArray[np.float32]:
        """Covered share of each cell of a 6x6 grid over its box, row by row; [36]."""
        grid = cv2.resize(self.mask_hw.astype(np.float32), (_CELLS, _CELLS), interpolation=cv2.INTER_AREA)
        return np.asarray(grid, np.float32).ravel()

    def depths(self) -> NDArray[np.float32]:
        """Distance of each of its pixels from its contour in pixels, [h, w]; 0 outside.

        The frame's border counts as contour: a thing may end just outside it, so the outermost row may be mixed like a
        rim.
        """
        padded = cv2.copyMakeBorder(self.mask_hw, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
        return np.asarray(cv2.distanceTransform(np.asarray(padded, np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1], np.float32)


def regions_of(mask_hw: NDArray[np.uint8], least_area: int, origin: tuple[int, int] = (0, 0)) -> list[Region]:
    """The 8-connected regions of at least `least_area` pixels; `origin` (x, y) is the mask's place in the frame."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask_hw, connectivity=8)
    found = []
    for label in range(1, count):
        x, y, w, h, area = (int(value) for value in stats[label])
        if area >= least_area:
            box = (x + origin[0], y + origin[1], x + w + origin[0], y + h + origin[1])
            found.append(Region(box, (labels[y : y + h, x : x + w] == label).astype(np.uint8)))
    return found


def opened(mask_HW: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The mask without parts thinner than three pixels."""
    return cv2.morphologyEx(mask_HW, cv2.MORPH_OPEN, _KERNEL).astype(np.uint8, copy=False)


def united(regions: Sequence[Region]) -> Region:
    """One region with all pixels of the given ones."""
    box = union([region.box for region in regions])
    mask = np.zeros((box[3] - box[1], box[2] - box[0]), np.uint8)
    for region in regions:
        x0, y0, x1, y1 = region.box
        mask[y0 - box[1] : y1 - box[1], x0 - box[0] : x1 - box[0]] |= region.mask_hw
    return Region(box, mask)


def union(boxes: Sequence[PixelBox]) -> PixelBox:
    """The smallest box that contains all boxes."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def meet(left: PixelBox, right: PixelBox, reach: int = 0) -> bool:
    """Whether two boxes share a pixel, or are less than `reach` pixels apart."""
    return (
        min(left[2], right[2]) - max(left[0], right[0]) > -reach
        and min(left[3], right[3]) - max(left[1], right[1]) > -reach
    )


def meeting(ones: Sequence[PixelBox], others: Sequence[PixelBox], reach: int = 0) -> NDArray[np.bool_]:
    """Which of some boxes `meet` which of others, [ones, others]."""
    ones_N4, others_M4 = (np.array(boxes, np.int64).reshape(-1, 4) for boxes in (ones, others))
    low = np.maximum(ones_N4[:, None, :2], others_M4[None, :, :2])
    high = np.minimum(ones_N4[:, None, 2:], others_M4[None, :, 2:])
    return np.asarray((high - low > -reach).all(axis=2))


def at_border(box: PixelBox, frame_box: PixelBox) -> bool:
    """Whether a box touches the frame's border."""
    return box[0] <= frame_box[0] or box[1] <= frame_box[1] or box[2] >= frame_box[2] or box[3] >= frame_box[3]


def main_piece(pieces: Sequence[Region]) -> Region:
    """All pieces joined, without those that are tiny beside the largest one."""
    largest = max(piece.area for piece in pieces)
    return united([piece for piece in pieces if piece.area * _CRUMB >= largest])


@dataclass(frozen=True)
class Expected:
    """Where a trail is expected, and how it looks."""

    box: tuple[float, float, float, float]
    """Expected box in pixels of the analysis frame."""
    lab: NDArray[np.float32]
    """Its colour in Lab, [3]."""
    tolerance: float
    """Pixels beyond this Lab distance from its colour do not belong to it."""
    slack: float
    """A pixel this far outside the expected box costs as much as one at the limit of the tolerance; pixels."""


def shared_out(
    region: Region, lab_HWC: NDArray[np.float32], behind_HWC: NDArray[np.float32], expected: Sequence[Expected]
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """For each pixel of the region: the index of the expected trail that it fits best, and the cost (<= 1: it fits).

    The cost of a pixel is its Lab distance to the trail's colour divided by the trail's tolerance, plus its distance
    from the expected box divided by the trail's slack. A mixture with the background (`behind_HWC`, Lab) counts as the
    colour itself, because rims and thin points are mixtures. Both results are [h, w]; outside the region the cost is
    infinite.
    """
    rows_P, columns_P = np.nonzero(region.mask_hw)
    rows_P, columns_P = rows_P + region.box[1], columns_P + region.box[0]
    lab_CP, behind_CP = (np.ascontiguousarray(lab[rows_P, columns_P].T) for lab in (lab_HWC, behind_HWC))
    xs_P, ys_P = columns_P.astype(np.float32) + 0.5, rows_P.astype(np.float32) + 0.5
    costs_NP = np.empty((len(expected), len(rows_P)), np.float32)
    for index, track in enumerate(expected):
        left, top, right, bottom = track.box
        outside_P = np.maximum(np.maximum(left - xs_P, xs_P - right), np.maximum(top - ys_P, ys_P - bottom))
        far_P = np.maximum(outside_P - _FREE_PIXELS, 0) / track.slack
        way_CP, unlike_CP = behind_CP - track.lab[:, None], lab_CP - track.lab[:, None]
        mixed_P = (way_CP * unlike_CP).sum(axis=0) / ((way_CP**2).sum(axis=0) + 1.0)
        unlike_CP -= np.clip(mixed_P, 0.0, _MOST_MIXED) * way_CP
        costs_NP[index] = np.sqrt((unlike_CP**2).sum(axis=0)) / track.tolerance + far_P
    owner_hw = np.zeros(region.mask_hw.shape, np.intp)
    cost_hw = np.full(region.mask_hw.shape, np.inf, np.float32)
    owner_hw[region.mask_hw > 0], cost_hw[region.mask_hw > 0] = costs_NP.argmin(axis=0), costs_NP.min(axis=0)
    return owner_hw, cost_hw
