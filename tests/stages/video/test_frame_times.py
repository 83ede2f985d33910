"""Which frames are chosen."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.video.frame_times import at_least_rate, at_rate, evenly_spread, middles, shown_at, shown_at_rate


def test_every_kth_frame_at_a_constant_rate() -> None:
    """Every k-th, k = max(1, floor(rate / 10)): at 30, 25, 24, 12 and 5 frames a second k is 3, 2, 2, 1 and 1."""
    for rate, k in ((30.0, 3), (25.0, 2), (24.0, 2), (12.0, 1), (5.0, 1), (30000 / 1001, 2), (60.0, 6)):
        # 61 frames: the last one, number 60, is a whole number of steps from the first
        assert at_least_rate(np.arange(61) / rate, 10.0) == list(range(0, 61, k))


@given(st.lists(st.integers(1, 400), min_size=1, max_size=80))
def test_no_gap_is_longer_than_it_must_be(steps_milliseconds: list[int]) -> None:
    """At any frame rate, two frames taken in a row are at most 0.1 s apart, or neighbours; the last one is taken."""
    times = np.cumsum(steps_milliseconds) / 1000
    numbers = at_least_rate(times, 10.0)
    for earlier, later in pairwise(numbers):
        assert later == earlier + 1 or times[later] - times[earlier] <= 0.1 + 1e-5
    assert numbers[0] == 0
    assert numbers[-1] == len(times) - 1


def test_shown_is_the_last_frame_at_or_before() -> None:
    """The frame shown at a moment started at it or before it; before the first frame it is the first."""
    times = np.array([1.0, 1.5, 4.0])
    assert shown_at(times, [0.0, 1.0, 1.49, 1.5, 3.9, 4.0, 9.0]).tolist() == [0, 0, 0, 1, 1, 2, 2]


@given(
    st.lists(st.integers(1, 4000), min_size=1, max_size=80),
    st.sampled_from([0.1, 1.0, 8 * 32 / 120, 30.0]),
    st.sampled_from([-0.5, 0.0, 1.4, 95443.7]),
)
def test_frames_shown_at_a_rate_are_found_without_its_moments(
    steps_milliseconds: list[int], fps: float, start_seconds: float
) -> None:
    """They are exactly those that are shown at one of the moments."""
    times = start_seconds + np.cumsum([0, *steps_milliseconds]) / 1000
    at_moments = shown_at(times, at_rate(times[0], times[-1] + 0.04, fps))
    assert shown_at_rate(times, times[0], times[-1] + 0.04, fps).tolist() == sorted(set(at_moments.tolist()))


def test_one_wrong_time_asks_for_no_more_moments() -> None:
    """The last frame comes 222,000 years later, so all moments 0.25, 0.75, ... before it show the one at 0.1 s."""
    assert shown_at_rate(np.array([0.0, 0.05, 0.1, 7e12]), 0.0, 7e12, 2.0).tolist() == [2]


def test_middles_of_equal_stretches() -> None:
    """Four stretches of [10, 12) have their middles a quarter after each half second's start."""
    assert middles(10.0, 12.0, 4).tolist() == [10.25, 10.75, 11.25, 11.75]


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60), st.floats(0, 10), st.floats(0.01, 10))
def test_spread_frames_are_distinct_and_inside(steps: list[int], start_seconds: float, length: float) -> None:
    """Inside any interval come 8 distinct frames in order, or all frames if there are fewer."""
    times = np.cumsum(steps) / 1000
    numbers = evenly_spread(times, start_seconds, start_seconds + length, 8)
    inside = [n for n, t in enumerate(times) if start_seconds <= t < start_seconds + length]
    assert set(numbers) <= set(inside)
    assert len(numbers) == len(set(numbers)) == min(8, len(inside))
    assert numbers == sorted(numbers)
