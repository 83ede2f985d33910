"""Questions about what things do: their direction and pace, where they end up, how their size changes."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from schemas.claim import Predicate
from schemas.interval import Interval
from schemas.scene import OBJECT
from stages.claims.movement import CAMERA_STILL_SHIFT, camera_path
from stages.facts.askable_scene import AskableScene
from stages.facts.entity import Entity
from stages.facts.slot import Column, Slot
from stages.wording.stretch import Stretch, gap_seconds, moments, shots, spans, thirds

Columns = tuple[Column, ...]

_EQUAL_SECONDS = 1e-6
_ROWS_OF_SIZES = 3  # few things change their size, so each is asked about beside more others
_WAYS = ("left", "right", "up", "down")
MOVES = (*(Column(way, Predicate.MOVES, way) for way in _WAYS), Column("still", Predicate.STILL))
_PACES = (Column("faster", Predicate.SPEEDS_UP), Column("slower", Predicate.SLOWS_DOWN))
_PLACES = tuple(Column(way, Predicate.DISPLACED, way) for way in _WAYS)
_SIZES = tuple(Column(change, Predicate.SIZE_CHANGE, change) for change in ("grows", "shrinks"))


def movement(view: AskableScene) -> tuple[Slot, ...]:
    """Questions for moves, still, speeds_up, slows_down, displaced and size_change."""
    found: list[Slot] = []
    single = [(stretch,) for stretch in (*spans(view.scene), *shots(view.scene))]
    after, apart = list(_neighbours(view)), list(distant(view))
    kinds: tuple[tuple[str, Columns, Sequence[tuple[Stretch, ...]], int], ...] = (
        ("moves", MOVES, single, 4),
        ("pace", _PACES, after, 2),
        ("displaced", _PLACES, apart, 4),
        ("size", _SIZES, apart, 2),
    )
    for thing in view.things:
        for name, columns, choices, width in kinds:
            for entity, stretches in view.sightings(thing, choices):
                if entity.label != OBJECT and (name == "pace" or not _may_be_asked(view, name, entity, stretches)):
                    continue
                if entity.tells_side and any(column.value in _WAYS for column in columns):
                    continue
                rows = _ROWS_OF_SIZES if name == "size" else 2
                found.extend(view.both_ways(_slot(name, entity, columns, stretches), width, rows))
    return tuple(found)


def _may_be_asked(view: AskableScene, name: str, named: Entity, stretches: Sequence[Stretch]) -> bool:
    """Whether a named thing may be asked about: its phrase does not give the answer, and the camera stands still.

    Otherwise what it does in the picture may be the camera's doing. Coloured objects are found only while it does.
    """
    first, last = stretches[0].interval, stretches[-1].interval
    whole = Interval(start_seconds=first.start_seconds, end_seconds=max(first.end_seconds, last.end_seconds))
    path_M3 = camera_path(view.seen, whole)
    still = path_M3 is not None and float(np.ptp(path_M3, axis=0).max()) <= CAMERA_STILL_SHIFT
    return not named.tells_deed and (still or name == "size")


def _slot(name: str, thing: Entity, columns: tuple[Column, ...], stretches: tuple[Stretch, ...]) -> Slot:
    return Slot(
        key=".".join((name, thing.name, *(stretch.key for stretch in stretches))),
        wording=f"movement.{name}",
        feature=name,
        columns=columns,
        row=thing,
        stretches=stretches,
    )


def _neighbours(view: AskableScene) -> Iterator[tuple[Stretch, Stretch]]:
    """Two stretches of equal length, the second right after the first."""
    for a, b in combinations(spans(view.scene), 2):
        if abs(gap_seconds(a, b)) < _EQUAL_SECONDS > abs(a.interval.duration_seconds - b.interval.duration_seconds):
            yield a, b


def distant(view: AskableScene) -> Iterator[tuple[Stretch, Stretch]]:
    """Two stretches so far apart that no frame can show both."""
    first, _, last = thirds(view.scene)
    for a, b in ((first, last), *combinations(moments(view.scene), 2), *combinations(shots(view.scene), 2)):
        if gap_seconds(a, b) >= view.min_gap_seconds:
            yield a, b
