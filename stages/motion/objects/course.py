"""The sightings of one trail to its course: where its centre is over time, also where a part of it is hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stages.motion.objects.trail import Sighting

_WIDTH_SIGHTINGS = 5


@dataclass(frozen=True)
class Course:
    """One entry per sighting. Edges are left, top, right, bottom; pixels of the analysis frame."""

    times: NDArray[np.float64]
    """Container seconds, [n]."""
    edges: NDArray[np.float64]
    """Visible box, [n, 4]."""
    free: NDArray[np.bool_]
    """Which edges are the thing's own, [n, 4]."""
    centres: NDArray[np.float64]
    """x, y of the whole thing's centre, [n, 2]; NaN where it cannot be told."""


def course_of(sightings: Sequence[Sighting], pts_seconds: NDArray[np.float64]) -> Course:
    """The course of the sightings, in order of time; `pts_seconds` are the shot's frame times."""
    times = np.array([pts_seconds[one.frame] for one in sightings])
    edges = np.array([one.box for one in sightings], dtype=np.float64)
    free = np.array([one.free for one in sightings])
    centres = np.full((len(times), 2), np.nan)
    for axis in (0, 1):
        low, high = edges[:, axis], edges[:, axis + 2]
        low_free, high_free = free[:, axis], free[:, axis + 2]
        whole = low_free & high_free
        if whole.any():
            size = np.interp(times, times[whole], _smooth((high - low)[whole]))
            size = np.maximum(size, high - low)
        else:
            size = np.full(len(times), np.nan)
        centre = centres[:, axis]
        centre[whole] = ((low + high) / 2)[whole]
        centre[low_free & ~high_free] = (low + size / 2)[low_free & ~high_free]
        centre[high_free & ~low_free] = (high - size / 2)[high_free & ~low_free]
    return Course(times, edges, free, centres)


def _smooth(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Running median over five values, the ends repeated."""
    half = _WIDTH_SIGHTINGS // 2
    padded = np.pad(values, half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WIDTH_SIGHTINGS)
    return np.asarray(np.median(windows, axis=1), dtype=np.float64)
