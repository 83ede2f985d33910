"""Stretches lie inside shots, are long enough, and are drawn for every length."""

import numpy as np

from schemas.interval import Interval
from stages.alone.stretches import pairs_of, stretches_of, two_parts
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


def test_two_shots_are_taken_before_halves() -> None:
    """Of shots from 0 to 3, 3 to 4 and 4 to 10 s the first and the last are long enough, without 0.25 s at the cuts;
    with cuts at 1.5 and 3 s one shot alone is, and the halves are taken, without 0.25 s at the middle, or without less
    where they would be too short. A clip of 3.5 s has neither.
    """

    def parts(seconds: float, *cuts: float) -> list[tuple[float, float]]:
        found = two_parts(clip_of(scene(seconds=seconds, cuts=[cut(at) for at in cuts])), np.random.default_rng(0))
        return [(one.start_seconds, one.end_seconds) for one in found or ()]

    assert parts(10, 3, 4) == [(0, 2.75), (4.25, 10)]
    assert parts(6, 1.5, 3) == [(0, 2.75), (3.25, 6)]
    assert parts(4.2) == [(0, 2), (2.2, 4.2)]
    assert parts(3.5) == []
