"""Whether what is seen at two times is one thing or two."""

from collections.abc import Iterator, Sequence

from schemas.claim import Predicate
from stages.claims.thing import Thing
from stages.facts.entity import Entity, coloured
from stages.facts.movement import distant
from stages.facts.slot import Column, Slot, View
from stages.facts.stretch import Stretch

_COLUMNS = (Column("one", Predicate.SAME_OBJECT), Column("two", Predicate.DIFFERENT_OBJECTS))


def identity(view: View) -> tuple[Slot, ...]:
    """same_object and different_objects, of a phrase that fits one thing early and one late."""
    found: list[Slot] = []
    for name, things in coloured(view.scene).items():
        for early, late, first, second in view.some(_sightings(view, things)):
            slot = Slot(
                key=f"identity.{name.value}.{first.key}.{second.key}",
                wording="identity.again",
                feature="identity",
                columns=_COLUMNS,
                row=Entity(early, name.value, later=late),
                twice=True,
                stretches=(first, second),
            )
            found.extend(slot.both_ways(view, 2))
    return tuple(found)


def _sightings(view: View, things: Sequence[Thing]) -> Iterator[tuple[Thing, Thing, Stretch, Stretch]]:
    """Two stretches apart, of each of which exactly one of the things is seen; most telling where one was away."""
    for first, second in distant(view):
        early = [thing for thing in things if thing.is_seen(first.interval)]
        late = [thing for thing in things if thing.is_seen(second.interval)]
        if len(early) == len(late) == 1:
            yield early[0], late[0], first, second
