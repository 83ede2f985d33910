"""The course of a trail: where the centre of its thing is over time, also while a part of it is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stages.motion.objects.trail import Sighting

_WIDTH_SIGHTINGS = 5  # sightings in the running median of a thing's width and height


@dataclass(frozen=True)
class Course:
    """One entry for each sighting. Edges are left, top, right, bottom, in pixels of the analysis frame."""

    times: NDArray[np.float64]
    """Container seconds, [n]."""
    edges: NDArray[np.float64]
    """Edges of the visible part, [n, 4]."""
    free: NDArray[np.bool_]
    """Whether each edge is the thing's own: neither at the frame's border nor covered, [n, 4]."""
    centres: NDArray[np.float64]
    """x, y of the centre of the thing, hidden parts included, [n, 2]; NaN if unknown."""


def course_of(sightings: Sequence[Sighting], pts_seconds: NDArray[np.float64]) -> Course:
    """The course of the sightings, in order of time. `pts_seconds` are the times of the shot's frames.

    If only one of two opposite edges is free, the centre is half a size away from it, the size being interpolated
    between the sightings at which both are free.
    """
    times = np.array([pts_seconds[one.frame] for one in sightings])
    edges = np.array([one.box for one in sightings], dtype=np.float64)
    free = np.array([one.free for one in sightings])
    centres = np.full((len(times), 2), np.nan)
    for axis in (0, 1):
        low, high = edges[:, axis], edges[:, axis + 2]
        low_free, high_free = free[:, axis], free[:, axis + 2]
        both_free = low_free & high_free
        if both_free.any():
            size = np.interp(times, times[both_free], _smooth((high - low)[both_free]))
            size = np.maximum(size, high - low)
        else:
            size = np.full(len(times), np.nan)
        centre = centres[:, axis]
        centre[both_free] = ((low + high) / 2)[both_free]
        centre[low_free & ~high_free] = (low + size / 2)[low_free & ~high_free]
        centre[high_free & ~low_free] = (high - size / 2)[high_free & ~low_free]
    return Course(times, edges, free, centres)


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Running median over five values, with the ends repeated."""
    half = _WIDTH_SIGHTINGS // 2
    padded = np.pad(values, half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WIDTH_SIGHTINGS)
    return np.asarray(np.median(windows, axis=1), dtype=np.float64)
