"""Intervals of container time."""

import pytest
from pydantic import ValidationError

from schemas.interval import Interval, shared_seconds

FIRST, LAST = Interval(start_seconds=0, end_seconds=2), Interval(start_seconds=4, end_seconds=6)


def test_intervals_know_gap_overlap_and_iou() -> None:
    """[0,2) and [4,6) lie 2 s apart, IoU 0; [0,2) and [1,3) share 1 of 3 s."""
    assert FIRST.overlap_seconds(LAST) == -2
    assert FIRST.iou(LAST) == 0
    assert FIRST.iou(Interval(start_seconds=1, end_seconds=3)) == pytest.approx(1 / 3)
    assert shared_seconds((FIRST, LAST), (Interval(start_seconds=1, end_seconds=5),)) == 2
    assert not FIRST.contains(2)


def test_an_interval_runs_forward() -> None:
    """An empty stretch is refused, with both values in the message."""
    with pytest.raises(ValidationError, match=r"\[2\.0, 2\.0\)"):
        Interval(start_seconds=2, end_seconds=2)
