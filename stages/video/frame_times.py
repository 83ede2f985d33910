"""Which frames to take: moments in the time of the video, and the frame that is shown at each.

Legend: F = frames of the video in the order in which they are shown, N = chosen moments.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_ROUNDING_SECONDS = 1e-6
"""Moments are sums of floats, so a moment and a time that are equal may differ by this much."""


def middles(start_seconds: float, end_seconds: float, count: int) -> NDArray[np.float64]:
    """The middle of each of `count` equal stretches of [start, end), shape (N,)."""
    stretch_seconds = (end_seconds - start_seconds) / count
    return np.array([start_seconds + (i + 0.5) * stretch_seconds for i in range(count)], np.float64)


def at_rate(start_seconds: float, end_seconds: float, fps: float) -> NDArray[np.float64]:
    """The middle of each successive stretch of 1 / fps seconds of [start, end); at least one moment, shape (N,)."""
    count = max(1, round((end_seconds - start_seconds) * fps))
    return np.array([min(start_seconds + (i + 0.5) / fps, end_seconds) for i in range(count)], np.float64)


def shown_at(times_F: NDArray[np.float64], moments_N: Sequence[float] | NDArray[np.float64]) -> NDArray[np.intp]:
    """Number of the frame shown at each moment: the last one at or before it, the first one before all, shape (N,)."""
    reach_N = np.asarray(moments_N, np.float64) + _ROUNDING_SECONDS
    return np.maximum(np.searchsorted(times_F, reach_N, side="right") - 1, 0)


def shown_at_rate(
    times_F: NDArray[np.float64], start_seconds: float, end_seconds: float, fps: float
) -> NDArray[np.intp]:
    """The distinct numbers of `shown_at(times_F, at_rate(start_seconds, end_seconds, fps))`, in order.

    It costs as much as there are frames: one wrong time can make a file last for years, with more moments than fit into
    memory.
    """
    count = max(1, round((end_seconds - start_seconds) * fps))

    def is_reached(moment_F: NDArray[np.float64]) -> NDArray[np.bool_]:
        reached_F: NDArray[np.bool_] = (
            np.minimum(start_seconds + (moment_F + 0.5) / fps, end_seconds) + _ROUNDING_SECONDS >= times_F
        )
        return reached_F

    # for each frame the first moment at or after its start; a step down or up mends the rounding of the estimate
    first_F = np.clip(np.ceil((times_F - _ROUNDING_SECONDS - start_seconds) * fps - 0.5), 0, count)
    first_F -= (first_F > 0) & is_reached(first_F - 1)
    first_F += (first_F < count) & ~is_reached(first_F)
    first_F[:1] = 0  # it is shown at all moments before it too
    return np.flatnonzero(np.diff(first_F, append=count) > 0)


def at_least_rate(times_F: NDArray[np.float64], fps: float) -> list[int]:
    """Numbers of frames at most 1 / fps seconds apart; frames that are further apart are all taken.

    At a constant rate these are every k-th frame with k = max(1, floor(rate / fps)). At a variable rate each step takes
    the last frame within 1 / fps of the one before.
    """
    numbers = [0] if len(times_F) else []
    while numbers and numbers[-1] + 1 < len(times_F):
        reach = times_F[numbers[-1]] + 1 / fps + _ROUNDING_SECONDS
        numbers.append(max(int(np.searchsorted(times_F, reach, side="right")) - 1, numbers[-1] + 1))
    return numbers


def evenly_spread(times_F: NDArray[np.float64], start_seconds: float, end_seconds: float, count: int) -> list[int]:
    """Numbers of `count` distinct frames inside [start, end), evenly spread; all of them if there are fewer."""
    first, end = (int(n) for n in np.searchsorted(times_F, (start_seconds, end_seconds), side="left"))
    if end - first <= count:
        return list(range(first, end))
    by_time = [min(max(int(n), first), end - 1) for n in shown_at(times_F, middles(start_seconds, end_seconds, count))]
    if len(set(by_time)) == count:
        return by_time
    # a variable frame rate can show one frame at two of the moments: spread over the frames instead
    return [first + (2 * i + 1) * (end - first) // (2 * count) for i in range(count)]
