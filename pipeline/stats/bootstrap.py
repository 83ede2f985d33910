"""A share of pairs and how far it may be off, videos being what was drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
_CELLS = 2_000_000


@dataclass(frozen=True)
class Share:
    """A mean over pairs with its 95 % interval."""

    point: float
    low: float
    high: float
    pairs: int
    videos: int

    @property
    def half_width(self) -> float:
        """Half of the interval's width."""
        return (self.high - self.low) / 2


def share_over_videos(
    values_P: NDArray[np.float64],
    video_P: NDArray[np.int64],
    rng: np.random.Generator,
    drawn_P: NDArray[np.float64] | None = None,
) -> Share:
    """The mean of `values_P` with the percentile interval of 1,000 bootstrap draws of whole videos.

    `video_P` numbers the video of each pair. `drawn_P` are the values with ties broken by lot: they give the interval
    its width, for a reader that finds nothing to tell answers apart by has not thereby seen enough videos.
    ValueError where there is no pair.
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
    """By how much the mean over pairs has grown, and the ends of its interval: both are of the same drawn videos.

    ValueError where there is no pair.
    """
    if len(before_P) == 0 or len(before_P) != len(after_P):
        raise ValueError(f"a gain needs as many pairs before as after, at least one: {len(before_P)}, {len(after_P)}")
    gained_P = after_P - before_P
    low, high = np.percentile(_bootstrap(gained_P, video_P, rng), [2.5, 97.5])
    return float(gained_P.mean()), float(low), float(high)


def _bootstrap(
    values_P: NDArray[np.float64], video_P: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Means of the pairs of as many videos, drawn with replacement."""
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
