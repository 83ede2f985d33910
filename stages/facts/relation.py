"""Questions about where two things are relative to each other, which is larger, and whether they meet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.claim import Predicate
from schemas.interval import Interval
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.slot import Column, Slot
from stages.wording.stretch import Stretch, moments, shots


@dataclass(frozen=True)
class _Kind:
    name: str
    columns: tuple[Column, ...]
    values_width: int


_SIDES = _Kind(
    "side",
    (
        Column("left", Predicate.LEFT_OF),
        Column("right", Predicate.RIGHT_OF),
        Column("above", Predicate.ABOVE),
        Column("below", Predicate.BELOW),
    ),
    2,  # with three values, the one without its opposite would never be true
)
_HEIGHTS = _Kind("side", _SIDES.columns[2:], 2)
_SIZES = _Kind(
    "size", (Column("larger", Predicate.LARGER_THAN), Column("smaller", Predicate.LARGER_THAN, swapped=True)), 2
)
_CONTACTS = _Kind("contact", (Column("overlaps", Predicate.OVERLAPS), Column("apart", Predicate.APART)), 2)


_LEAST_MEETING_SECONDS = 1.0


def pairs(things: Sequence[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """Every pair of things of one kind once; every second pair is reversed, so that neither order is the rule."""
    turned = False
    for i, a in enumerate(things):
        for b in things[i + 1 :]:
            if a.label is b.label:
                yield (b, a) if turned else (a, b)
                turned = not turned


def seen_together(a: Entity, b: Entity, stretch: Stretch) -> bool:
    """Whether both are visible at some time of the stretch."""
    moments = [set(places.inside(stretch.interval).times_T) for e in (a, b) if e.thing for places in (e.thing.path,)]
    return len(moments) == 2 and bool(moments[0] & moments[1])


def _meeting(a: Entity, b: Entity) -> tuple[Stretch, ...]:
    """The stretch "while both are in view"; none if they are in view together for less than a second."""
    shared = [(max(s, t), min(e, f)) for s, e in a.visible for t, f in b.visible if min(e, f) - max(s, t) > 0]
    if sum(end - start for start, end in shared) < _LEAST_MEETING_SECONDS:
        return ()
    start, end = min(start for start, _ in shared), max(end for _, end in shared)
    return (Stretch("both", "while both are in view", Interval(start_seconds=start, end_seconds=end)),)


def relation(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for left_of, right_of, above, below, larger_than, overlaps and apart."""
    found: list[Slot] = []
    for a, b in pairs(view.objects):
        for kind in (_SIDES, _SIZES, _CONTACTS):
            stretches = _meeting(a, b) if kind is _CONTACTS else moments(view.scene)
            for stretch in view.some(s for s in stretches if seen_together(a, b, s)):
                found.extend(view.both_ways(_slot(kind, a, b, stretch), kind.values_width))
    return (*found, *_of_faces(view))


def _of_faces(view: AskableScene) -> Iterator[Slot]:
    """Which of two faces side by side is higher, and which is larger; their phrases give away left and right."""
    for a, b in pairs(view.faces):
        stretches = [s for s in (*moments(view.scene), *shots(view.scene)) if seen_together(a, b, s)]
        for stretch in view.some(stretches):
            left, right = view.named(a, (stretch,)), view.named(b, (stretch,))
            if left is None or right is None or left.name == right.name:
                continue
            for kind in (_HEIGHTS, _SIZES):
                yield from view.both_ways(_slot(kind, left, right, stretch), 2)


def _slot(kind: _Kind, a: Entity, b: Entity, stretch: Stretch) -> Slot:
    return Slot(
        key=f"{kind.name}.{a.name}.{b.name}.{stretch.key}",
        wording=f"relation.{kind.name}",
        feature=kind.name,
        columns=kind.columns,
        row=a,
        fixed=b,
        stretches=(stretch,),
    )
