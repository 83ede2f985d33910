"""Questions about which of two things enters, leaves, starts or stops first."""

from collections.abc import Sequence

from schemas.claim import Predicate
from schemas.interval import Interval
from schemas.scene import EventKind, Scene
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.evidence import occurrences
from stages.facts.relation import pairs
from stages.facts.slot import Column, Slot
from stages.wording.stretch import Stretch

_P = Predicate
_ORDERS: dict[EventKind, tuple[Predicate, Predicate | None]] = {
    EventKind.ENTERS: (_P.ENTERS_BEFORE, _P.ENTERS_WITH),
    EventKind.LEAVES: (_P.LEAVES_BEFORE, _P.LEAVES_WITH),
    EventKind.STARTS: (_P.STARTS_BEFORE, None),
    EventKind.STOPS: (_P.STOPS_BEFORE, None),
}
"""For each kind of event the predicates for "before" and for "at the same time"; None if nobody asks for that."""


_LEAST_REST_SECONDS = 1.0


def rests(scene: Scene, thing: Entity) -> tuple[Stretch, ...]:
    """The stretch "while the blue object stands still", if the thing comes to rest exactly once and stays at rest."""
    stops = [event for event in scene.events if event.kind is EventKind.STOPS and set(event.track_ids) & _ids(thing)]
    starts = [event for event in scene.events if event.kind is EventKind.STARTS and set(event.track_ids) & _ids(thing)]
    if len(stops) != 1 or len(starts) > 1:
        return ()
    start, gone = stops[0].pts_seconds, thing.visible[-1][1]
    end = min([gone, *(event.pts_seconds for event in starts if event.pts_seconds > start)])
    before = any(event.pts_seconds < start for event in starts)  # it was at rest before that, too
    if before or end - start < _LEAST_REST_SECONDS:
        return ()
    words = f"while {thing.phrase('{noun}')} stands still"
    return (Stretch(f"rest_{thing.name}", words, Interval(start_seconds=start, end_seconds=end), thing.name),)


def _ids(thing: Entity) -> set[str]:
    return set(thing.track_ids)


def _columns(before: Predicate, together: Predicate | None) -> tuple[Column, ...]:
    found: Sequence[Column] = (Column("before", before), Column("after", before, swapped=True))
    return (*found, Column("with", together)) if together else tuple(found)


def order(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for entering, leaving, starting and stopping: before, after, and at the same time."""
    found: list[Slot] = []
    for a, b in pairs([thing for thing in view.always_named if not thing.tells_deed]):
        for kind, (before, together) in _ORDERS.items():
            first, second = (occurrences(view.scene, kind, entity.track_ids) for entity in (a, b))
            if not first or not second:
                continue
            columns = _columns(before, together)
            slot = Slot(
                key=f"{kind.value}_order.{a.name}.{b.name}",
                wording=f"order.{kind.value}",
                feature=f"{kind.value}_order",
                columns=columns,
                row=a,
                fixed=b,
                events=first + second,
            )
            found.extend(view.both_ways(slot, len(columns)))
    return tuple(found)
