"""Means over pairs with their intervals over videos."""

import numpy as np
import pytest

from pipeline.stats.bootstrap import gain_over_videos, share_over_videos
from stages.seeding import rng_for


def test_the_interval_covers_what_videos_vary_by() -> None:
    """With one value per video the interval is that of a mean: 1.96 x sd / sqrt(videos), within a tenth.

    400 videos of ten equal pairs each, values 0 or 1 with probability 1/2: 1.96 x 0.5 / 20 = 0.049.
    """
    rng = rng_for(0, "tests", "interval")
    values_V = rng.integers(0, 2, size=400).astype(np.float64)
    found = share_over_videos(np.repeat(values_V, 10), np.repeat(np.arange(400), 10), rng)
    assert found.half_width == pytest.approx(1.96 * 0.5 / 20, rel=0.1)
    assert (found.pairs, found.videos) == (4000, 400)
    assert found.low < found.point < found.high


def test_ties_leave_the_interval_as_wide_as_their_number_allows() -> None:
    """A reader that ties on all of 100 pairs scores exactly a half; the interval is that of 100 thrown coins."""
    rng = rng_for(0, "tests", "interval")
    drawn = rng.integers(0, 2, size=100).astype(np.float64)
    found = share_over_videos(np.full(100, 0.5), np.arange(100), rng, drawn)
    assert found.point == 0.5
    assert found.half_width == pytest.approx(1.96 * 0.5 / 10, rel=0.15)


def test_a_share_of_nothing_is_refused() -> None:
    """Zero pairs have no mean."""
    with pytest.raises(ValueError, match="at least one pair"):
        share_over_videos(np.array([]), np.array([], dtype=np.int64), rng_for(0, "tests", "interval"))


def test_one_video_has_an_interval_without_width() -> None:
    """Whatever is drawn, it is that one video."""
    found = share_over_videos(np.array([1.0, 0.0]), np.zeros(2, dtype=np.int64), rng_for(0, "tests", "interval"))
    assert (found.low, found.point, found.high, found.videos) == (0.5, 0.5, 0.5, 1)


def test_a_gain_is_taken_over_the_same_videos() -> None:
    """If every pair gains exactly 0.25, the gain has no width, however much the videos differ."""
    before_P = np.linspace(0, 0.5, 50)
    found = gain_over_videos(before_P, before_P + 0.25, np.arange(50), rng_for(0, "tests", "interval"))
    assert found == pytest.approx((0.25, 0.25, 0.25))


def test_a_gain_needs_as_many_pairs_before_as_after() -> None:
    """Two values cannot be compared with three."""
    with pytest.raises(ValueError, match="2, 3"):
        gain_over_videos(np.zeros(2), np.zeros(3), np.arange(2), rng_for(0, "tests", "interval"))
