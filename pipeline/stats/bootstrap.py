"""Means over pairs with bootstrap intervals over videos, since pairs of one video depend on each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
_CELLS = 2_000_000
"""Most counts of drawn videos that are held at a time."""


@dataclass(frozen=True)
class Share:
    """A mean over pairs with the ends of its 95 % interval."""

    point: float
    low: float
    high: float
    pairs: int
    videos: int

    @property
    def half_width(self) -> float:
        """Half of the width of the interval."""
        return (self.high - self.low) / 2


def share_over_videos(
    values_P: NDArray[np.float64],
    video_P: NDArray[np.int64],
    rng: np.random.Generator,
    drawn_P: NDArray[np.float64] | None = None,
) -> Share:
    """The mean of `values_P` with the percentile interval of 1,000 bootstrap draws of whole videos.

    Args:
        values_P: the value of each pair.
        video_P: the number of the video of each pair.
        rng: draws the videos.
        drawn_P: the values with ties broken at random, which give the interval its width: a reader to which all
            answers are tied would have an interval without width, however few videos there are.

    Raises ValueError if there is no pair.
    """
    if len(values_P) == 0:
        raise ValueError("a share needs at least one pair")
    if drawn_P is None:
        drawn_P = values_P
    point = float(values_P.mean())
    means = _bootstrap(drawn_P, video_P, rng) + point - float(drawn_P.mean())
    low, high = np.clip(np.percentile(means, [2.5, 97.5]), 0, 1)
    return Share(point, float(low), float(high), len(values_P), len(np.unique(video_P)))


def gain_over_videos(
    before_P: NDArray[np.float64], after_P: NDArray[np.float64], video_P: NDArray[np.int64], rng: np.random.Generator
) -> tuple[float, float, float]:
    """(growth, low, high): how much the mean over pairs has grown, and its 95 % interval over videos.

    Raises ValueError if there is no pair.
    """
    if len(before_P) == 0 or len(before_P) != len(after_P):
        raise ValueError(
            f"a gain needs as many pairs before as after, and at least one, got {len(before_P)}, {len(after_P)}"
        )
    gained_P = after_P - before_P
    low, high = np.percentile(_bootstrap(gained_P, video_P, rng), [2.5, 97.5])
    return float(gained_P.mean()), float(low), float(high)


def _bootstrap(
    values_P: NDArray[np.float64], video_P: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """The mean over pairs for each of DRAWS draws of as many videos, with replacement: (DRAWS,).

    A draw is how often each video comes, so no pair is copied. `scipy.stats.bootstrap` copies them, and takes no fewer
    than two videos.
    """
    _, video_P = np.unique(video_P, return_inverse=True)
    sums_V = np.bincount(video_P, weights=values_P)
    counts_V = np.bincount(video_P).astype(np.float64)
    videos = len(counts_V)
    means = []
    block = max(1, _CELLS // videos)
    for first in range(0, DRAWS, block):
        draws_DV = rng.multinomial(videos, np.full(videos, 1 / videos), size=min(block, DRAWS - first))
        means.append((draws_DV @ sums_V) / (draws_DV @ counts_V))
    return np.concatenate(means)
