"""What things do: directions, pace, where they end up, how their size changes."""

from collections.abc import Iterator
from itertools import combinations, pairwise

from schemas.claim import Predicate
from stages.facts.entity import Entity
from stages.facts.location import seen
from stages.facts.slot import Column, Slot, View
from stages.facts.stretch import Stretch, gap_seconds, halves, moments, spans, thirds

_WAYS = ("left", "right", "up", "down")
_MOVES = (*(Column(way, Predicate.MOVES, way) for way in _WAYS), Column("still", Predicate.STILL))
_PACES = (Column("faster", Predicate.SPEEDS_UP), Column("slower", Predicate.SLOWS_DOWN))
_PLACES = tuple(Column(way, Predicate.DISPLACED, way) for way in _WAYS)
_SIZES = tuple(Column(change, Predicate.SIZE_CHANGE, change) for change in ("grows", "shrinks"))


def movement(view: View) -> tuple[Slot, ...]:
    """moves, still, speeds_up, slows_down, displaced and size_change."""
    found: list[Slot] = []
    for thing in view.things:
        for stretch in view.some(s for s in spans(view.scene) if seen(thing, s)):
            found.extend(_slot("moves", thing, _MOVES, (stretch,)).both_ways(view, 4))
        for pair in view.some(p for p in _neighbours(view) if all(seen(thing, s) for s in p)):
            found.extend(_slot("pace", thing, _PACES, pair).both_ways(view, 2))
        for pair in view.some(p for p in distant(view) if all(seen(thing, s) for s in p)):
            found.extend(_slot("displaced", thing, _PLACES, pair).both_ways(view, 4))
        for pair in view.some(p for p in distant(view) if all(seen(thing, s) for s in p)):
            found.extend(_slot("size", thing, _SIZES, pair).both_ways(view, 2))
    return tuple(found)


def _slot(name: str, thing: Entity, columns: tuple[Column, ...], stretches: tuple[Stretch, ...]) -> Slot:
    return Slot(
        key=".".join((name, thing.name, *(stretch.key for stretch in stretches))),
        wording=f"movement.{name}",
        feature=name,
        columns=columns,
        row=thing,
        stretches=stretches,
    )


def _neighbours(view: View) -> Iterator[tuple[Stretch, Stretch]]:
    """Two stretches of one length, the second right after the first."""
    yield halves(view.scene)
    yield from pairwise(thirds(view.scene))
    steps = spans(view.scene)
    yield from ((a, b) for a, b in combinations(steps, 2) if abs(gap_seconds(a, b)) < 1e-6)


def distant(view: View) -> Iterator[tuple[Stretch, Stretch]]:
    """Two stretches far enough apart that one frame shows one of them alone."""
    first, _, last = thirds(view.scene)
    for a, b in ((first, last), *combinations(moments(view.scene), 2)):
        if gap_seconds(a, b) >= view.min_gap_seconds:
            yield a, b
