"""Times that cannot be taken as they are: which are kept, which are moved, which are filled in."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stages.video.nal import PacketRole
from stages.video.packets import PacketRow
from stages.video.times import Clock, continuous_times, frame_times

TICKS = 90_000
STEP = 3_600
"""Ticks of a frame at 25 a second."""
TRANSPORT = Clock(TICKS, STEP, may_jump=True)
FILE = Clock(TICKS, STEP, may_jump=False)


def row(pts: int | None, dts: int | None, *, is_entry: bool = False) -> PacketRow:
    return PacketRow(pts, dts, STEP, is_discard=False, is_corrupt=False, has_header=False, role=PacketRole(is_entry))


def rows(first: int, count: int) -> list[PacketRow]:
    """Frames without reordering, one after the other, entered at the first."""
    return [row(first + STEP * n, first + STEP * n, is_entry=n == 0) for n in range(count)]


@given(st.integers(-20, 20), st.integers(2, 30), st.integers(2, 30))
def test_a_stream_that_starts_anew_follows_one_frame_later(start: int, before: int, after: int) -> None:
    """Wherever the second part starts, up to its own place in the first part or before it, no time repeats."""
    first = rows(0, before)
    joined = continuous_times([*first, *rows(min(start, before - 1) * STEP, after)], TRANSPORT)
    assert joined.pts_P == tuple(STEP * n for n in range(before + after))
    assert joined.is_joined


def test_a_jump_ahead_of_hours_is_closed_in_a_transport_stream_alone() -> None:
    """Two hours ahead: a transport stream was joined there; an MP4 file holds a picture for as long."""
    jump = [*rows(0, 3), *rows(7200 * TICKS, 3)]
    assert continuous_times(jump, TRANSPORT).pts_P == tuple(STEP * n for n in range(6))
    assert continuous_times(jump, FILE).pts_P == tuple(r.pts for r in jump)


def test_reordered_pictures_are_no_jump() -> None:
    """With B-frames pts go back by frames while dts increase: nothing is moved."""
    dts = range(0, 8 * STEP, STEP)
    pts = [STEP * n for n in (2, 6, 4, 3, 5, 9, 8, 7)]
    reordered = [row(p, d, is_entry=d == 0) for p, d in zip(pts, dts, strict=True)]
    for clock in (TRANSPORT, FILE):
        assert continuous_times(reordered, clock).pts_P == tuple(pts)
        assert not continuous_times(reordered, clock).is_joined


def test_a_variable_rate_is_no_jump() -> None:
    """Steps from 1 to 9 s, and a slow film of a frame each 30 s, are kept in every format."""
    for step in (1, 9, 30):
        slow = [
            r._replace(pts=step * TICKS * n, dts=step * TICKS * n, duration=step * TICKS)
            for n, r in enumerate(rows(0, 5))
        ]
        assert not continuous_times(slow, TRANSPORT).is_joined


def test_a_time_far_from_its_decode_time_is_not_believed() -> None:
    """One pts that damage put an hour ahead is unknown; its neighbours keep theirs."""
    damaged = rows(0, 4)
    damaged[2] = row(3600 * TICKS, 2 * STEP)
    assert continuous_times(damaged, TRANSPORT).pts_P == (0, STEP, None, 3 * STEP)


@given(st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=1, max_size=40))
def test_times_increase_strictly_whatever_was_known(known: Sequence[int | None]) -> None:
    """As many times come out as frames go in, each after the one before."""
    times = frame_times(known, 2.0)
    assert times is not None
    assert len(times) == len(known)
    assert (np.diff(times) > 0).all()


def test_a_permutation_is_handed_out_in_order() -> None:
    """Frames that come out as 0, 3, 1, 2 are shown at 0, 1, 2, 3."""
    assert (frame_times([0, 3, 1, 2], 1.0) == [0, 1, 2, 3]).all()


def test_a_repeated_time_counts_once_and_gaps_are_filled_evenly() -> None:
    """Of 0, 4, 4, 8 the second 4 lies between 4 and 8; what follows the last known time goes on at the rate of 4."""
    assert np.array_equal(frame_times([0, 4, 4, 8, None], 4.0), [0, 4, 6, 8, 12])


def test_few_times_count_less_than_the_rate() -> None:
    """A program stream that has a time for 2 of 6 frames goes at its rate from the first of them."""
    assert np.array_equal(frame_times([None, 30, 31, None, None, None], 10.0), [20, 30, 40, 50, 60, 70])


def test_without_times_and_rate_nothing_is_made_up() -> None:
    """Frames without any time, of a stream that states no rate, have no times; with a rate they start at 0."""
    assert frame_times([None, None], None) is None
    assert np.array_equal(frame_times([None, None], 5.0), [0, 5])
