"""What a reading of a blind reader says of the set."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.stats.bootstrap import Share

LEAST_VIDEOS = 10
"""Two videos a fold: with fewer no interval means anything."""
_ROUNDING = 1e-9


class Outcome(StrEnum):
    """The verdict on a reading, and on the set."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    NOT_ENOUGH = "not enough"


@dataclass(frozen=True)
class Ceiling:
    """What a reading must stay below."""

    point: float
    high: float
    half_width: float


WHOLE = Ceiling(0.55, 0.60, 0.04)
"""For the whole set."""
SLICE = Ceiling(0.58, 0.64, 0.06)
"""For one axis or one kind of rejection."""


def judge(share: Share, ceiling: Ceiling) -> Outcome:
    """Pass where point and upper end are below the ceiling and there are enough videos for the interval to be
    narrow. Not enough is no pass; but of `LEAST_VIDEOS` or more, a set whose lower end is above the ceiling fails,
    however wide the interval.
    """
    if share.videos < LEAST_VIDEOS:
        return Outcome.NOT_ENOUGH
    if share.low > ceiling.point:
        return Outcome.FAIL
    if share.half_width > ceiling.half_width + _ROUNDING:
        return Outcome.NOT_ENOUGH
    passed = share.point <= ceiling.point + _ROUNDING and share.high <= ceiling.high + _ROUNDING
    return Outcome.PASS if passed else Outcome.FAIL


def judge_even(share: Share) -> Outcome:
    """Of pairs each of which the set holds the other way round, too: pass at exactly one half, within a tie."""
    return Outcome.PASS if abs(share.point - 0.5) <= 0.5 / share.pairs + _ROUNDING else Outcome.FAIL


def worst(outcomes: list[Outcome]) -> Outcome:
    """The verdict on all: fail where one fails, else not enough where one is, else pass."""
    for outcome in (Outcome.FAIL, Outcome.NOT_ENOUGH):
        if outcome in outcomes:
            return outcome
    return Outcome.PASS if outcomes else Outcome.NOT_ENOUGH
