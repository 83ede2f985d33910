"""Stretches lie inside shots, are long enough, and are drawn for every length."""

import numpy as np

from schemas.interval import Interval
from stages.alone.stretches import pairs_of, stretches_of
from stages.claims.alone import LEAST_SECONDS
from tests.scenes import cut, fade, scene
from tests.stages.facts.clips import clip_of


def test_no_stretch_shows_a_cut_or_a_fade() -> None:
    """Shots from 0 to 4, 4 to 7.5 and 8.5 to 20 s: nothing within 0.25 s of the cut, nor in the fade."""
    found = stretches_of(clip_of(scene(seconds=20, cuts=[cut(4.0)], fades=[fade(8.0)])), np.random.default_rng(0))
    assert found
    for stretch in found:
        assert stretch.duration_seconds >= LEAST_SECONDS
        shots = ((0.0, 3.75), (4.25, 7.5), (8.5, 20.0))
        assert any(a <= stretch.start_seconds and stretch.end_seconds <= b for a, b in shots)


def test_long_and_short_stretches_are_drawn_alike() -> None:
    """Of the many of two minutes 40 are drawn: all of it, its halves and stretches of 2 s are among them."""
    found = stretches_of(clip_of(scene(seconds=120)), np.random.default_rng(0))
    lengths = [round(stretch.duration_seconds, 3) for stretch in found]
    assert len(found) == 40
    assert lengths.count(120) == 1
    assert lengths.count(60) == 2
    assert lengths.count(2) > 1


def test_pairs_share_no_frame() -> None:
    """Of [0, 2), [1, 3) and [2, 4) only the first and the last do not overlap."""
    stretches = tuple(Interval(start_seconds=start, end_seconds=start + 2) for start in (0.0, 1.0, 2.0))
    assert pairs_of(stretches, np.random.default_rng(0)) == ((stretches[0], stretches[2]),)
