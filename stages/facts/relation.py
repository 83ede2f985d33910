"""Questions about where two things are relative to each other, which is larger, and whether they meet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from schemas.claim import Predicate
from schemas.interval import Interval
from schemas.scene import FACE, OBJECT
from stages.claims.thing import shared_areas_T, shared_boxes
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.slot import Column, Series, Slot
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
_ACROSS = _Kind("side", _SIDES.columns[:2], 2)
_HEIGHTS = _Kind("side", _SIDES.columns[2:], 2)
_SIZES = _Kind(
    "size", (Column("larger", Predicate.LARGER_THAN), Column("smaller", Predicate.LARGER_THAN, swapped=True)), 2
)
CONTACTS = _Kind("contact", (Column("overlaps", Predicate.OVERLAPS), Column("apart", Predicate.APART)), 2)


_MOST_OF_A_VIEW = 8
"""Questions of one kind about how the named things of one shot lie: who knows some of them can tell the others."""
_LEAST_MEETING_SECONDS = 1.0
_SHARED = 0.25  # of the smaller of two boxes


def pairs(things: Sequence[Entity]) -> Iterator[tuple[Entity, Entity]]:
    """Every pair of things that may be compared once; every second pair is reversed, so that neither order is the rule.

    Two coloured objects, two faces, or two other things with a noun: these may be of different kinds, but the phrase of
    neither may tell of the other.
    """
    turned = False
    for i, a in enumerate(things):
        for b in things[i + 1 :]:
            if _kind_of(a) == _kind_of(b) and not (a.mentions(b) or b.mentions(a)):
                yield (b, a) if turned else (a, b)
                turned = not turned


def _kind_of(entity: Entity) -> str | None:
    return entity.label if entity.label in (OBJECT, FACE) else None


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
        for kind in (_SIDES, _SIZES, CONTACTS):
            stretches = _meeting(a, b) if kind is CONTACTS else moments(view.scene)
            for stretch in view.some(s for s in stretches if seen_together(a, b, s)):
                found.extend(view.both_ways(_slot(kind, a, b, stretch), kind.values_width))
    return (*found, *_of_named(view))


def _of_named(view: AskableScene) -> Iterator[Slot]:
    """Which of two named things is further left or higher; of two of a kind, also which is larger.

    A phrase may give away the side or the height, or fit another thing too until its deed is done: "the piece that is
    laid down first". Where one thing lies in front of the other, or is a part of it, nobody would ask for the side.
    Both answers are about the width, or both about the height.
    """
    for a, b in pairs([thing for thing in view.named if not thing.tells_deed]):
        stretches = [s for s in (*moments(view.scene), *shots(view.scene)) if seen_together(a, b, s)]
        some = view.some(s for s in stretches if not covers(a, b, s))
        for stretch in some[:1] if a.stands_still and b.stands_still else some:
            one, other = view.called(a, (stretch,)), view.called(b, (stretch,))
            if one is None or other is None or one.name == other.name:
                continue
            for kind in kinds_of(one, other, stretch):
                shot = view.seen.shots(stretch.interval)[0]
                series = Series(f"{kind.name}.{kind.columns[0].key}.{shot}", _MOST_OF_A_VIEW)
                slot = _slot(kind, one, other, stretch)
                yield from view.both_ways(replace(slot, key=f"{slot.key}.{kind.columns[0].key}", series=series), 2)


def kinds_of(a: Entity, b: Entity, stretch: Stretch) -> Iterator[_Kind]:
    """What may be asked of two things in a stretch: not what a phrase gives away, or what nobody would say."""
    sides, heights = (not _face_each_other(a, b, stretch, axis) for axis in (0, 1))
    sides &= not (a.tells_side or b.tells_side)
    heights &= not (a.tells_height or b.tells_height)
    yield from (kind for kind, is_clear in ((_ACROSS, sides), (_HEIGHTS, heights)) if is_clear)
    if a.label == b.label:
        yield _SIZES


def _face_each_other(a: Entity, b: Entity, stretch: Stretch, axis: int) -> bool:
    """Whether the centre of one lies beside the other's box on that axis, at some time: it is hardly left of it, then,
    or higher.
    """
    if a.thing is None or b.thing is None:
        return True
    one, other = shared_boxes(a.thing.path.inside(stretch.interval), b.thing.path.inside(stretch.interval))
    return any(
        ((mine.boxes_T4[:, axis] < centre_T) & (centre_T < mine.boxes_T4[:, axis + 2])).any()
        for mine, centre_T in ((one, other.centres_T2[:, axis]), (other, one.centres_T2[:, axis]))
    )


def covers(a: Entity, b: Entity, stretch: Stretch) -> bool:
    """Whether the two boxes share a good part of the smaller one at some time of the stretch."""
    if a.thing is None or b.thing is None:
        return False
    one, other = shared_boxes(a.thing.path.inside(stretch.interval), b.thing.path.inside(stretch.interval))
    return bool((shared_areas_T(one, other) > _SHARED * np.minimum(one.areas_T, other.areas_T)).any())


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
