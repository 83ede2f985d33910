"""Questions about when things are in view: together or apart, longer or shorter, gone and back."""

from collections.abc import Hashable, Sequence
from dataclasses import replace

from schemas.claim import Predicate
from schemas.interval import Interval
from schemas.scene import OBJECT
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.relation import pairs
from stages.facts.slot import Column, Series, Slot
from stages.wording.stretch import Stretch

_LEAST_AWAY_SECONDS = 1.0
_LEAST_SEEN_SECONDS = 1.0
_NAMED_ROWS = 3
_PLAINLY_LONGER = 1.3
_TOGETHER = (Column("together", Predicate.TOGETHER), Column("apart", Predicate.NEVER_TOGETHER))
_LONGER = (
    Column("longer", Predicate.VISIBLE_LONGER),
    Column("shorter", Predicate.VISIBLE_LONGER, swapped=True),
)


def times_in_view(*entities: Entity) -> tuple[Interval, ...]:
    """When the things are visible."""
    return tuple(Interval(start_seconds=start, end_seconds=end) for entity in entities for start, end in entity.visible)


def presence(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for together, never_together, visible_longer and returns."""
    found: list[Slot] = []
    compared = set[Hashable]()
    for a, b in pairs([thing for thing in view.always_named if not thing.tells_deed and _is_noticed(thing)]):
        for name, columns in (("together", _TOGETHER), ("longer", _LONGER)):
            if a.label != OBJECT and not _is_worth_asking(name, a, b, view, compared):
                continue
            if name == "longer" and (_is_scenery(a, view) or _is_scenery(b, view)):
                continue
            slot = Slot(
                key=f"{name}.{a.name}.{b.name}",
                wording=f"presence.{name}",
                feature=name,
                columns=columns,
                row=a,
                fixed=b,
                events=times_in_view(a, b),
            )
            found.extend(view.both_ways(slot, 2))
    named = [thing for thing in view.always_named if thing.label != OBJECT and not thing.tells_deed]
    returns = [_return(view, thing) for thing in view.objects]
    returns += [_return_of_named(view, thing, named) for thing in named]
    return (*found, *(slot for slot in returns if slot))


def _is_worth_asking(name: str, a: Entity, b: Entity, view: AskableScene, compared: set[Hashable]) -> bool:
    """Whether a viewer of two named things would ask for it: whether they meet, if they may miss each other; which is
    longer in view, if one is so plainly, and if no two others that come and go with them have been compared.
    """
    if name == "together":
        return _may_miss(a, b, view)
    shorter, longer = sorted(sum(end - start for start, end in entity.visible) for entity in (a, b))
    times = frozenset(map(_rounded_times, (a, b)))
    is_new = times not in compared
    compared.add(times)
    return is_new and longer >= _PLAINLY_LONGER * shorter


def _rounded_times(entity: Entity) -> tuple[int, ...]:
    return tuple(round(edge) for stretch in entity.visible for edge in stretch)


def _is_noticed(entity: Entity) -> bool:
    """Whether a thing is in view long enough that a viewer would compare it with others."""
    return entity.label == OBJECT or sum(end - start for start, end in entity.visible) >= _LEAST_SEEN_SECONDS


def _may_miss(a: Entity, b: Entity, view: AskableScene) -> bool:
    """Whether two things may be in view at different times.

    What is in view all along is in view along with anything; and what comes and goes with another, as all things of a
    shot do, is in view along with that.
    """
    edges = zip(
        (edge for stretch in a.visible for edge in stretch),
        (edge for stretch in b.visible for edge in stretch),
        strict=False,
    )
    alike = len(a.visible) == len(b.visible) and all(abs(one - other) < _LEAST_AWAY_SECONDS / 2 for one, other in edges)
    return _goes(a, view) and _goes(b, view) and not alike


def _is_scenery(entity: Entity, view: AskableScene) -> bool:
    """Whether it is a named thing that stands still and is in view all along: nobody notes when a table is covered."""
    return entity.label != OBJECT and entity.stands_still and not _goes(entity, view)


def _goes(entity: Entity, view: AskableScene) -> bool:
    """Whether a thing is out of view for a while."""
    whole = view.seen.whole_clip
    seen = entity.thing.seen_seconds(whole) if entity.thing else 0.0
    return whole.duration_seconds - seen >= _LEAST_AWAY_SECONDS


def _return_of_named(view: AskableScene, thing: Entity, named: Sequence[Entity]) -> Slot | None:
    """The same question about a named thing, beside others of any kind that do not go away and come back."""
    slot = _return(view, thing)
    apart = (other for other in named if other is not thing and not thing.mentions(other))
    others = tuple(other for other in apart if not _is_scenery(other, view))
    series = Series(f"returns.{_rounded_times(thing)}", 1)  # things that go and come back together tell one fact
    return slot and replace(
        slot, wording="presence.returns_named", others=others, absent=(), height=_NAMED_ROWS, series=series
    )


def _return(view: AskableScene, thing: Entity) -> Slot | None:
    """The question which thing goes away and comes back, if this one is seen early and, after a gap, late."""
    seen = thing.visible
    if len(seen) < 2:
        return None
    middle = (seen[0][1] + seen[-1][0]) / 2
    early_end = min(seen[0][1], middle - view.min_gap_seconds / 2)
    late_start = max(seen[-1][0], middle + view.min_gap_seconds / 2)
    if early_end <= seen[0][0] or late_start >= seen[-1][1]:
        return None
    first = Interval(start_seconds=view.scene.start_seconds, end_seconds=early_end)
    last = Interval(start_seconds=late_start, end_seconds=view.scene.end_seconds)
    column = Column(
        "returns",
        Predicate.RETURNS,
        stretches=(Stretch("early", "early", first), Stretch("late", "late", last)),
    )
    return Slot(
        key=f"returns.{thing.name}",
        wording="presence.returns",
        feature="returns",
        form="entities",
        columns=(column,),
        width=1,
        row=thing,
        others=view.others(thing),
        absent=view.lacking(thing),
        height=4,
        events=times_in_view(thing),
    )
