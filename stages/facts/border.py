"""Questions about the border of the picture by which things enter and leave."""

from schemas.claim import Predicate
from schemas.scene import EventKind
from stages.facts.askable_scene import AskableScene
from stages.facts.evidence import occurrences
from stages.facts.slot import Column, Slot

_SIDES = ("left", "right", "top", "bottom")
_CROSSINGS = ((EventKind.ENTERS, Predicate.ENTERS_FROM), (EventKind.LEAVES, Predicate.LEAVES_TO))


def border(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for enters_from and leaves_to."""
    found: list[Slot] = []
    for thing in view.always_named:
        if thing.tells_side or thing.tells_deed:
            continue
        for kind, predicate in _CROSSINGS:
            events = occurrences(view.scene, kind, thing.track_ids)
            if not events:
                continue
            slot = Slot(
                key=f"{predicate.value}.{thing.name}",
                wording=f"border.{kind.value}",
                feature=predicate.value,
                columns=tuple(Column(side, predicate, side) for side in _SIDES),
                row=thing,
                events=events,
            )
            found.extend(view.both_ways(slot, 4))
    return tuple(found)
