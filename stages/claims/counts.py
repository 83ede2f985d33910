"""Predicates that count the moving things of an interval."""

from dataclasses import dataclass
from itertools import combinations

from schemas.interval import Interval
from stages.claims.checked import UNKNOWN, Checked, MarginKind, TruthValue, false_by, true_by
from stages.claims.phrases import ALONE_SHARE
from stages.claims.scene_view import Case, SceneView
from stages.claims.thing import Stretches, Thing

_CLEARLY_SEEN_SECONDS = 0.5  # visible, or away from the interval, for this long: certain


def _tracked_parts(view: SceneView, interval: Interval) -> tuple[Interval, ...]:
    parts = ((max(start, interval.start_seconds), min(end, interval.end_seconds)) for start, end in view.tracked)
    return tuple(Interval(start_seconds=start, end_seconds=end) for start, end in parts if start < end)


def _seconds_away(visible: Stretches, interval: Interval) -> float:
    return min((max(start - interval.end_seconds, interval.start_seconds - end) for start, end in visible), default=1.0)


def _clearness(thing: Thing, interval: Interval) -> float:
    """How certain it is that a thing is visible in the interval, or that it is not, 0..1."""
    seen = thing.seen_seconds(interval)
    seconds = seen if seen > 0 else _seconds_away(thing.visible, interval)
    return min(thing.score, seconds / _CLEARLY_SEEN_SECONDS, 1.0)


def _most_at_once(things: list[Thing], parts: tuple[Interval, ...]) -> int:
    """The largest number of things visible at one moment: these are certainly distinct."""
    starts = [max(start, part.start_seconds) for part in parts for thing in things for start, _ in thing.visible]
    return max((sum(any(s <= moment < e for s, e in t.visible) for t in things) for moment in starts), default=0)


def _seconds_from_all_at_once(things: list[Thing], interval: Interval) -> float:
    """How far the things are from being visible all at one moment of the interval, in seconds; 0 if they are.

    For each moment, take the time to the farthest of the things' visible intervals; the result is the least over all
    moments.
    """
    ends = sorted({moment for thing in things for stretch in thing.visible for moment in stretch})
    # that time is least at an end of a visible interval, or midway between two such ends
    moments = [*ends, *((a + b) / 2 for a, b in combinations(ends, 2))]
    inside = [min(max(m, interval.start_seconds), interval.end_seconds) for m in moments]
    return min((max(_distance(t.visible, m) for t in things) for m in inside), default=0.0) if things else 0.0


def _distance(visible: Stretches, moment: float) -> float:
    return min(max(start - moment, moment - end, 0.0) for start, end in visible)


def _may_stand_unseen(view: SceneView) -> bool:
    """Whether a thing that moves in one shot may stand still, without a track, in another shot.

    It may if pixels of its colour are visible outside the tracks, or if it has no clear colour to look for.
    """
    hues = [view.hue(mover.colour.name) if mover.colour else None for mover in view.movers]
    return bool(view.scene.shot_starts) and any(hue is None or hue.largest_share_outside > ALONE_SHARE for hue in hues)


@dataclass(frozen=True)
class _Number:
    """How many distinct moving things are visible in an interval."""

    least: int
    """At least this many, certainly."""
    most: int | None
    """At most this many; None if there may be any number of others."""
    clearness: float
    """How certain the least certain thing is, whether it is visible or not, 0..1."""


def _all_movers_known(view: SceneView, interval: Interval) -> bool:
    """Whether every moving thing that is visible in the interval is known, and certainly one."""
    if not view.is_tracked(interval.start_seconds, interval.end_seconds) or _may_stand_unseen(view):
        return False
    doubtful = (*view.perhaps_movers, *(thing for thing in view.movers if thing.may_be_several))
    return not any(thing.is_seen(interval) for thing in doubtful)


def _number(view: SceneView, interval: Interval) -> _Number:
    parts = _tracked_parts(view, interval)
    seen = [thing for thing in view.movers if any(thing.is_seen(part) for part in parts)]
    distinct = all(view.parting(a, b) is not None for i, a in enumerate(seen) for b in seen[:i])
    return _Number(
        least=len(seen) if distinct else _most_at_once(seen, parts),
        most=len(seen) if _all_movers_known(view, interval) else None,
        clearness=min((_clearness(thing, interval) for thing in view.movers), default=1.0),
    )


def moving_count(case: Case) -> Checked:
    """N distinct objects that move at some time of the clip are visible at some time in I.

    Two things that are never visible together, and that no link joins or separates, may be one: the number is then
    unknown. Outside `tracked` there may be more: a number is true, or too large, only if all of I is tracked.
    """
    number, claimed = _number(case.view, case.interval), int(case.value)
    if claimed < number.least or (number.most is not None and claimed > number.most):
        return false_by(number.clearness, MarginKind.COUNT)
    return true_by(number.clearness, MarginKind.COUNT) if number.least == number.most else UNKNOWN


def distinct_moving_count(case: Case) -> Checked:
    """N distinct moving objects are visible during I, but not all at the same moment.

    Unknown if they are all visible at one moment: that frame alone would give the answer. The margin is smaller the
    nearer they are to that.
    """
    view, interval = case.view, case.interval
    checked = moving_count(case)
    if checked.truth is TruthValue.UNKNOWN or not _all_movers_known(view, interval):
        return checked
    seen = [thing for thing in view.movers if thing.is_seen(interval)]
    missed = 2 * _seconds_from_all_at_once(seen, interval) / _CLEARLY_SEEN_SECONDS
    margin = min(checked.margin, missed)
    return (true_by if checked.truth is TruthValue.TRUE else false_by)(margin, MarginKind.COUNT)
