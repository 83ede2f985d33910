"""How many things that move are seen."""

from dataclasses import dataclass
from itertools import combinations

from schemas.interval import Interval
from stages.claims.checked import UNKNOWN, Checked, MarginKind, TruthValue, false_by, true_by
from stages.claims.phrases import ALONE_SHARE
from stages.claims.scene_view import Case, SceneView
from stages.claims.thing import Stretches, Thing

_CLEARLY_SEEN_SECONDS = 0.5  # seen, or away from the interval, for this long: nothing is left to doubt


def _tracked_parts(view: SceneView, interval: Interval) -> tuple[Interval, ...]:
    parts = ((max(start, interval.start_seconds), min(end, interval.end_seconds)) for start, end in view.tracked)
    return tuple(Interval(start_seconds=start, end_seconds=end) for start, end in parts if start < end)


def _seconds_away(visible: Stretches, interval: Interval) -> float:
    return min((max(start - interval.end_seconds, interval.start_seconds - end) for start, end in visible), default=1.0)


def _clearness(thing: Thing, interval: Interval) -> float:
    """How clearly a thing is, or is not, seen in the interval, 0..1."""
    seen = thing.seen_seconds(interval)
    seconds = seen if seen > 0 else _seconds_away(thing.visible, interval)
    return min(thing.score, seconds / _CLEARLY_SEEN_SECONDS, 1.0)


def _most_at_once(things: list[Thing], parts: tuple[Interval, ...]) -> int:
    """The largest number of things visible at one moment: so many are certainly distinct."""
    starts = [max(start, part.start_seconds) for part in parts for thing in things for start, _ in thing.visible]
    return max((sum(any(s <= moment < e for s, e in t.visible) for t in things) for moment in starts), default=0)


def _seconds_from_all_at_once(things: list[Thing], interval: Interval) -> float:
    """By how many seconds the things miss each other: seen so much earlier and later, all of them would be seen at one
    moment of the interval. 0 where they are.
    """
    ends = sorted({moment for thing in things for stretch in thing.visible for moment in stretch})
    # the farthest of several distances to stretches is least at an end of one, or midway between two ends
    moments = [*ends, *((a + b) / 2 for a, b in combinations(ends, 2))]
    inside = [min(max(m, interval.start_seconds), interval.end_seconds) for m in moments]
    return min((max(_distance(t.visible, m) for t in things) for m in inside), default=0.0) if things else 0.0


def _distance(visible: Stretches, moment: float) -> float:
    return min(max(start - moment, moment - end, 0.0) for start, end in visible)


def _may_stand_unseen(view: SceneView) -> bool:
    """Whether a thing that moves in one shot may stand still, without a track, in another one: something of its colour
    is in view outside the tracks, or it has no colour to look for.
    """
    hues = [view.hue(mover.colour.name) if mover.colour else None for mover in view.movers]
    return bool(view.scene.shot_starts) and any(hue is None or hue.largest_share_outside > ALONE_SHARE for hue in hues)


@dataclass(frozen=True)
class _Number:
    """How many distinct things that move are seen in an interval."""

    least: int
    """So many certainly."""
    most: int | None
    """No more than so many; None where there may be any number of others."""
    clearness: float
    """Of the least certain thing, seen or not, 0..1."""


def _is_whole(view: SceneView, interval: Interval) -> bool:
    """Whether everything that moves in the clip and is seen in the interval is known to be there, and to move."""
    if not view.is_tracked(interval.start_seconds, interval.end_seconds) or _may_stand_unseen(view):
        return False
    return not any(thing.is_seen(interval) for thing in view.perhaps_movers)


def _number(view: SceneView, interval: Interval) -> _Number:
    parts = _tracked_parts(view, interval)
    seen = [thing for thing in view.movers if any(thing.is_seen(part) for part in parts)]
    distinct = all(view.parting(a, b) is not None for i, a in enumerate(seen) for b in seen[:i])
    return _Number(
        least=len(seen) if distinct else _most_at_once(seen, parts),
        most=len(seen) if _is_whole(view, interval) else None,
        clearness=min((_clearness(thing, interval) for thing in view.movers), default=1.0),
    )


def moving_count(case: Case) -> Checked:
    """N distinct objects that move at some time of the clip are visible at some time in I.

    Things that a link neither joins nor parts, and that are never seen at once, may be one: the number is then open.
    Outside `tracked` there may be more: a number is true, or too large, only where all of I is tracked.
    """
    number, claimed = _number(case.view, case.interval), int(case.value)
    if claimed < number.least or (number.most is not None and claimed > number.most):
        return false_by(number.clearness, MarginKind.COUNT)
    return true_by(number.clearness, MarginKind.COUNT) if number.least == number.most else UNKNOWN


def distinct_moving_count(case: Case) -> Checked:
    """N distinct objects that move are seen over all of I, not all at once; unknown where they are all seen at once,
    since one frame would answer then. How nearly they are all at once makes the margin less.
    """
    view, interval = case.view, case.interval
    checked = moving_count(case)
    if checked.truth is TruthValue.UNKNOWN or not _is_whole(view, interval):
        return checked
    seen = [thing for thing in view.movers if thing.is_seen(interval)]
    missed = 2 * _seconds_from_all_at_once(seen, interval) / _CLEARLY_SEEN_SECONDS
    margin = min(checked.margin, missed)
    return (true_by if checked.truth is TruthValue.TRUE else false_by)(margin, MarginKind.COUNT)
