"""Shares of pairs, with intervals over videos."""

import numpy as np
import pytest

from pipeline.stats.bootstrap import gain_over_videos, share_over_videos

VIDEOS_P = np.repeat(np.arange(100), 4)
"""100 videos of 4 pairs."""


def test_pairs_of_one_video_count_as_one_draw() -> None:
    """Half of the videos are right in all of their pairs: the share is 1/2, with a standard error of
    sqrt(1/4 / 100) = 0.05 over videos, not sqrt(1/4 / 400) = 0.025 over pairs; the interval is 1.96 of it to each side.
    """
    values_P = (VIDEOS_P % 2).astype(np.float64)
    share = share_over_videos(values_P, VIDEOS_P, np.random.default_rng(0))
    assert (share.point, share.pairs, share.videos) == (0.5, 400, 100)
    assert share.half_width == pytest.approx(1.96 * 0.05, rel=0.1)


def test_ties_that_are_broken_by_lot_give_the_width_alone() -> None:
    """A reader that ties on every pair has a share of exactly 1/2, and the interval of coins that are thrown."""
    rng = np.random.default_rng(0)
    thrown_P = rng.integers(2, size=400).astype(np.float64)
    share = share_over_videos(np.full(400, 0.5), VIDEOS_P, rng, thrown_P)
    assert share.point == 0.5
    assert 0.02 < share.half_width < 0.08


def test_a_gain_is_of_the_same_videos_before_and_after() -> None:
    """Where every pair gains 0.1 the gain is certain, however unlike the videos are."""
    before_P = VIDEOS_P / 200
    gain = gain_over_videos(before_P, before_P + 0.1, VIDEOS_P, np.random.default_rng(0))
    assert gain == pytest.approx((0.1, 0.1, 0.1))


def test_no_pair_is_no_share() -> None:
    """Nothing is divided by nothing, and pairs are compared with themselves."""
    none = np.zeros(0)
    with pytest.raises(ValueError, match="at least one pair"):
        share_over_videos(none, none.astype(np.int64), np.random.default_rng(0))
    with pytest.raises(ValueError, match="as many pairs"):
        gain_over_videos(np.zeros(2), np.zeros(3), np.zeros(2, dtype=np.int64), np.random.default_rng(0))
