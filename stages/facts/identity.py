"""Questions on whether what moves at one time and what moves at another are the same thing."""

from collections.abc import Iterator

import numpy as np

from schemas.claim import Predicate
from stages.claims.movement import STILL_RADIUS
from stages.claims.thing import Thing
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.movement import distant
from stages.facts.slot import Column, Slot
from stages.wording.stretch import Stretch

_COLUMNS = (Column("one", Predicate.SAME_OBJECT), Column("two", Predicate.DIFFERENT_OBJECTS))
_SAYING = "the moving {noun}"


def identity(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for same_object and different_objects.

    The phrase names no colour: two colours would give away that there are two things.
    """
    return tuple(
        Slot(
            key=f"identity.{first.key}.{second.key}",
            wording="identity.again",
            feature="identity",
            form="opposites",
            columns=_COLUMNS,
            row=Entity(early, "moving", later=late),
            said=_SAYING,
            twice=True,
            stretches=(first, second),
        )
        for early, late, first, second in _drawn(view)
    )


def _drawn(view: AskableScene) -> tuple[tuple[Thing, Thing, Stretch, Stretch], ...]:
    """As many sightings of one thing as of two different things, if the clip has both."""
    sightings = list(_sightings(view))
    return view.some(s for s in sightings if s[0] is s[1]) + view.some(s for s in sightings if s[0] is not s[1])


def _sightings(view: AskableScene) -> Iterator[tuple[Thing, Thing, Stretch, Stretch]]:
    """Two stretches apart, in each of which exactly one moving thing is in view, and it is moving."""
    movers = view.seen.movers
    for first, second in distant(view):
        early = [thing for thing in movers if thing.is_seen(first.interval)]
        late = [thing for thing in movers if thing.is_seen(second.interval)]
        if len(early) == len(late) == 1 and _is_moving(early[0], first) and _is_moving(late[0], second):
            yield early[0], late[0], first, second


def _is_moving(thing: Thing, stretch: Stretch) -> bool:
    centres_T2 = thing.path.inside(stretch.interval).centres_T2
    return len(centres_T2) > 1 and float(np.hypot(*np.ptp(centres_T2, axis=0))) > 2 * STILL_RADIUS
