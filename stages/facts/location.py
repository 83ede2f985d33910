"""In which third of the picture a thing, or most of the movement, is."""

from schemas.claim import Predicate
from stages.facts.entity import Entity
from stages.facts.slot import Column, Slot, View
from stages.facts.stretch import Stretch, halves, moments, thirds, whole


def _thirds(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name, Predicate.IN_REGION, name) for name in names)


_ACROSS = _thirds("left", "centre", "right")
_UPRIGHT = _thirds("top", "middle", "bottom")
_MOTION = tuple(Column(name, Predicate.MOTION_IN, name) for name in ("left", "centre", "right"))


def seen(entity: Entity, stretch: Stretch) -> bool:
    """Whether it is visible through the stretch: from its start to its end."""
    first, last = stretch.interval.start_seconds, stretch.interval.end_seconds
    return any(start <= first and last <= end for start, end in entity.visible)


def location(view: View) -> tuple[Slot, ...]:
    """in_region and motion_in."""
    found: list[Slot] = []
    for thing in view.things:
        stretches = (*moments(view.scene), *halves(view.scene), whole(view.scene))
        for stretch in view.some(s for s in stretches if seen(thing, s)):
            for name, columns in (("across", _ACROSS), ("upright", _UPRIGHT)):
                slot = Slot(
                    key=f"{name}.{thing.name}.{stretch.key}",
                    wording=f"location.{name}",
                    feature=name,
                    columns=columns,
                    row=thing,
                    stretches=(stretch,),
                )
                found.extend(slot.both_ways(view, 3))
    parts = (whole(view.scene), *halves(view.scene), *thirds(view.scene))
    return (*found, *(_motion(stretch) for stretch in view.some_parts(parts)))


def _motion(stretch: Stretch) -> Slot:
    return Slot(
        key=f"motion_in.{stretch.key}",
        wording="location.motion",
        feature="motion_in",
        columns=_MOTION,
        width=3,
        stretches=(stretch,),
    )
