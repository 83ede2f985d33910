"""How many things that move are seen."""

from dataclasses import dataclass

from schemas.interval import Interval
from stages.claims.phrases import ALONE_SHARE
from stages.claims.thing import Stretches, Thing
from stages.claims.truth import UNKNOWN, Checked, MarginKind, false_by, true_by
from stages.claims.view import Case, SceneView

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


def _surely_two(view: SceneView, a: Thing, b: Thing) -> bool:
    """Whether a link says that they are two, or they are seen at once."""
    ids_a = {track.track_id for track in a.tracks}
    ids_b = {track.track_id for track in b.tracks}
    for link in view.scene.links:
        ends = {link.track_a, link.track_b}
        if not link.same and ends & ids_a and ends & ids_b:
            return True
    return any(min(e, f) > max(s, t) for s, e in a.visible for t, f in b.visible)


def _may_stand_unseen(view: SceneView, movers: list[Thing]) -> bool:
    """Whether a thing that moves in one shot may stand still, without a track, in another one: something of its colour
    is in view outside the tracks, or it has no colour to look for.
    """
    hues = [view.hue(mover.colour.name) if mover.colour else None for mover in movers]
    return bool(view.scene.cuts) and any(hue is None or hue.largest_share_outside > ALONE_SHARE for hue in hues)


@dataclass(frozen=True)
class _Number:
    """How many distinct things that move are seen in an interval."""

    least: int
    """So many certainly."""
    most: int | None
    """No more than so many; None where there may be any number of others."""
    at_once: int
    """So many at one moment."""
    clearness: float
    """Of the least certain thing, seen or not, 0..1."""


def _number(view: SceneView, interval: Interval) -> _Number:
    movers = [thing for thing in view.things if thing.moves and not thing.is_face]
    parts = _tracked_parts(view, interval)
    seen = [thing for thing in movers if any(thing.is_seen(part) for part in parts)]
    at_once = _most_at_once(seen, parts)
    distinct = all(_surely_two(view, a, b) for i, a in enumerate(seen) for b in seen[:i])
    whole = view.is_tracked(interval.start_seconds, interval.end_seconds) and not _may_stand_unseen(view, movers)
    return _Number(
        least=len(seen) if distinct else at_once,
        most=len(seen) if whole else None,
        at_once=at_once,
        clearness=min((_clearness(thing, interval) for thing in movers), default=1.0),
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
    since one frame would answer then.
    """
    number = _number(case.view, case.interval)
    return UNKNOWN if number.at_once == number.most else moving_count(case)
