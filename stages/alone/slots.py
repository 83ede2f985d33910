"""What the writer `facts` would ask about a stretch that is shown alone: nothing that has words of time.

Each question is about one thing, or about the picture, or about what there is; its answers are rows by columns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from schemas.claim import Predicate
from schemas.scene import FACE, OBJECT
from stages.claims.movement import CAMERA_STILL_SHIFT, camera_path
from stages.claims.nouns import is_counted, is_vague
from stages.facts.askable_scene import AskableScene, is_seen
from stages.facts.camera import MOVES as CAMERA_MOVES
from stages.facts.entity import Entity
from stages.facts.location import ACROSS, MOTION, UPRIGHT
from stages.facts.movement import MOVES
from stages.facts.named import NUMBERS
from stages.facts.named_event import named_events
from stages.facts.named_kind import NamedKind, named_kinds
from stages.facts.relation import CONTACTS, covers, kinds_of, pairs
from stages.facts.slot import Column, Slot
from stages.facts.stillness import asks_of_movement_or_light, camera_moves, is_still_picture, something_moves
from stages.facts.writing import written_words
from stages.wording.stretch import Stretch

_PRESENT = Column("present", Predicate.PRESENT)
_READS = Column("reads", Predicate.READS)
_HAPPENS = Column("in", Predicate.HAPPENS_IN)


@dataclass(frozen=True)
class AloneSlot:
    """A question about a stretch, with everything that its answers may say.

    Two stretches whose slots have one key are asked the same in the same words.
    """

    slot: Slot
    rows: tuple[Entity | None, ...]
    """What an answer may be about: the one thing that the question names, or several, of which it names none."""


@dataclass(frozen=True)
class AloneSlots:
    """The questions about stretches of one clip, none of them proven."""

    view: AskableScene

    def of(self, stretch: Stretch) -> Iterator[AloneSlot]:
        """Those that fit a stretch; of a still picture none about movement or the camera."""
        for one in self._of(stretch):
            if not (self._is_still and asks_of_movement_or_light(one.slot)):
                yield one

    @cached_property
    def _is_still(self) -> bool:
        return is_still_picture(self.view.seen)

    @cached_property
    def _kinds(self) -> tuple[NamedKind, ...]:
        return tuple(kind for kind in named_kinds(self.view.seen) if kind.in_video and not is_vague(kind.name))

    @cached_property
    def _which(self) -> tuple[tuple[str, str, Column, tuple[Entity, ...]], ...]:
        """What there is to see, to read and to happen; nobody asks whether there is a face."""
        events = tuple(event for event in named_events(self.view.scene) if not event.tells_order)
        return (
            ("present", "named.which", _PRESENT, tuple(kind for kind in self._kinds if kind.name != FACE)),
            ("written", "writing.which", _READS, tuple(written_words(self.view.seen))),
            ("happens_in", "happening.what", _HAPPENS, events),
        )

    def _of(self, stretch: Stretch) -> Iterator[AloneSlot]:
        yield from self._of_picture(stretch)
        called = (self.view.called(t, [stretch]) for t in self.view.things if is_seen(t, stretch))
        seen = [thing for thing in called if thing is not None]
        for thing in seen:
            if not self._stay(thing):
                yield from self._of_thing(thing, stretch)
        for a, b in pairs(sorted(seen, key=lambda thing: thing.name)):
            if not self._stay(a, b):
                yield from _of_two(a, b, stretch)
        for kind in self._kinds:
            if is_counted(kind.name):
                yield _slot("number", "named.count", NUMBERS, stretch, replace(kind, several=True))
        for feature, wording, column, rows in self._which:
            slot = Slot(feature, wording, feature, (column,), form="entities", height=2, stretches=(stretch,))
            yield AloneSlot(slot, rows)

    def _stay(self, *things: Entity) -> bool:
        """Whether what can be said of things is the same at any time: they stand still, and so does the camera."""
        return all(thing.stands_still for thing in things) and not camera_moves(self.view.seen)

    def _of_picture(self, stretch: Stretch) -> Iterator[AloneSlot]:
        if self.view.steady([stretch]):
            lively = something_moves(self.view.seen, stretch.interval)
            if lively or camera_moves(self.view.seen):
                yield _slot("camera_moves", "camera.moves", CAMERA_MOVES, stretch)
            if lively:
                yield _slot("motion_in", "location.motion", MOTION, stretch)

    def _of_thing(self, thing: Entity, stretch: Stretch) -> Iterator[AloneSlot]:
        """Where a thing is, and what it does; nothing that its phrase gives away."""
        if not thing.tells_side and not thing.straddles(stretch.interval, 0):
            yield _slot("across", "location.across_values", ACROSS, stretch, thing)
        if not thing.tells_height and not thing.straddles(stretch.interval, 1):
            yield _slot("upright", "location.upright_values", UPRIGHT, stretch, thing)
        may_tell = thing.tells_side or thing.tells_deed
        if thing.label == OBJECT or (not may_tell and self._stands_still(stretch)):
            yield _slot("moves", "movement.moves_values", MOVES, stretch, thing)

    def _stands_still(self, stretch: Stretch) -> bool:
        """Whether the camera does: otherwise what a thing does in the picture may be the camera's doing."""
        path_M3 = camera_path(self.view.seen, stretch.interval)
        return path_M3 is not None and float(np.ptp(path_M3, axis=0).max()) <= CAMERA_STILL_SHIFT


def _of_two(a: Entity, b: Entity, stretch: Stretch) -> Iterator[AloneSlot]:
    if a.name == b.name or a.tells_deed or b.tells_deed:
        return
    if a.label == OBJECT:
        yield _slot("contact", "relation.contact_values", CONTACTS.columns, stretch, a, b)
    elif covers(a, b, stretch):
        return
    for kind in kinds_of(a, b, stretch):
        yield _slot(kind.name, f"relation.{kind.name}_values", kind.columns, stretch, a, b)


def _slot(
    feature: str,
    wording: str,
    columns: Sequence[Column],
    stretch: Stretch,
    thing: Entity | None = None,
    other: Entity | None = None,
) -> AloneSlot:
    names = [f"{entity.label}:{entity.name}" for entity in (thing, other) if entity]
    slot = Slot(
        key=".".join((feature, columns[0].key, *names)),
        wording=wording,
        feature=feature,
        columns=tuple(columns),
        form="opposites" if len(columns) == 2 else "numbers" if feature == "number" else "values",
        row=thing,
        fixed=other,
        stretches=(stretch,),
    )
    return AloneSlot(slot, (thing,))
