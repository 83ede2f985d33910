"""Turns the score of a blind reader into a verdict on the set."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.stats.bootstrap import Share

LEAST_VIDEOS = 10
"""Two videos per fold: with fewer, no interval is meaningful."""
_ROUNDING = 1e-9


class Outcome(StrEnum):
    """The verdict on a score, and on the set."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    NOT_ENOUGH = "not enough"


@dataclass(frozen=True)
class Ceiling:
    """What a score must stay below."""

    point: float
    high: float
    half_width: float


WHOLE = Ceiling(0.55, 0.60, 0.04)
"""For the whole set."""
SLICE = Ceiling(0.58, 0.64, 0.06)
"""For one axis or one kind of rejection."""

MODELS = Ceiling(0.60, 0.65, 0.04)
"""For what language models wrote, twins apart: finalise keeps the point to `finalise.blind_ceiling`."""
SEAMS = Ceiling(0.60, 0.65, 0.05)
"""For the reader of seams."""


def judge(share: Share, ceiling: Ceiling) -> Outcome:
    """Pass if point and upper end are below the ceiling and the interval is narrow; not enough if it is too wide.

    From `LEAST_VIDEOS` videos on, a score whose lower end is above the ceiling fails however wide the interval is.
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
    """For pairs that the set has with chosen and rejected exchanged too: pass at exactly one half, within a tie."""
    return Outcome.PASS if abs(share.point - 0.5) <= 0.5 / share.pairs + _ROUNDING else Outcome.FAIL


def worst(outcomes: list[Outcome]) -> Outcome:
    """The verdict on all: fail if one fails, else not enough if one is or there is none, else pass."""
    for outcome in (Outcome.FAIL, Outcome.NOT_ENOUGH):
        if outcome in outcomes:
            return outcome
    return Outcome.PASS if outcomes else Outcome.NOT_ENOUGH
