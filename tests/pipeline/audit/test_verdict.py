"""Scores become verdicts."""

import pytest

from pipeline.audit.verdict import SLICE, WHOLE, Ceiling, Outcome, judge, judge_even, worst
from pipeline.stats.bootstrap import Share


def share(point: float, half_width: float, videos: int = 100) -> Share:
    """A symmetric interval."""
    return Share(point, point - half_width, point + half_width, videos * 10, videos)


@pytest.mark.parametrize(
    ("score", "ceiling", "outcome"),
    [
        (share(0.55, 0.04), WHOLE, Outcome.PASS),
        (share(0.30, 0.04), WHOLE, Outcome.PASS),  # below a half is not a leak
        (share(0.551, 0.04), WHOLE, Outcome.FAIL),
        (share(0.55, 0.041), WHOLE, Outcome.NOT_ENOUGH),
        (share(0.70, 0.10), WHOLE, Outcome.FAIL),  # even its lower end is above the ceiling
        (share(0.60, 0.10), WHOLE, Outcome.NOT_ENOUGH),
        (share(0.50, 0.0, videos=9), WHOLE, Outcome.NOT_ENOUGH),
        (share(0.58, 0.06), SLICE, Outcome.PASS),
        (share(0.56, 0.05), WHOLE, Outcome.NOT_ENOUGH),
        (Share(0.54, 0.53, 0.61, 1000, 100), WHOLE, Outcome.FAIL),  # the upper end
    ],
)
def test_the_rule(score: Share, ceiling: Ceiling, outcome: Outcome) -> None:
    """Pass needs a low point, a low upper end and a narrow interval; a wide one is not enough."""
    assert judge(score, ceiling) is outcome


def test_the_worst_counts() -> None:
    """One failure fails the set; without one, too few videos leave it open, and so does no score at all."""
    assert worst([Outcome.PASS, Outcome.NOT_ENOUGH, Outcome.FAIL]) is Outcome.FAIL
    assert worst([Outcome.PASS, Outcome.NOT_ENOUGH]) is Outcome.NOT_ENOUGH
    assert worst([Outcome.PASS]) is Outcome.PASS
    assert worst([]) is Outcome.NOT_ENOUGH


def test_twins_that_are_not_even_fail() -> None:
    """Of 100 pairs, 51 found is more than a tie allows: pairs that exchange each other give exactly 50."""
    assert judge_even(Share(0.5, 0.4, 0.6, 100, 20)) is Outcome.PASS
    assert judge_even(Share(0.505, 0.4, 0.6, 100, 20)) is Outcome.PASS
    assert judge_even(Share(0.51, 0.4, 0.6, 100, 20)) is Outcome.FAIL
