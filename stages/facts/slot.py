"""A question that could be asked of a clip, before anything is proven: rows of things by columns of values."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from numpy.random import Generator

from schemas.claim import PREDICATES, Claim, Predicate
from schemas.interval import Interval
from schemas.scene import Scene, TrackLabel
from stages.facts.entity import Entity, named_face
from stages.facts.stretch import Stretch

T = TypeVar("T")


@dataclass(frozen=True)
class Column:
    """One value that the answers choose among."""

    key: str
    """Its name in the wordings and in the balance."""
    predicate: Predicate
    """What an answer of this column asserts."""
    value: str | None = None
    """The predicate's value."""
    stretches: tuple[Stretch, ...] | None = None
    """The stretches of the claim; None: those of the slot."""
    swapped: bool = False
    """Whether the thing of the row is the claim's object, not its subject ("a after b" is "b before a")."""
    words: str | None = None
    """What is said for it; None: what the wordings say for `key`."""


@dataclass(frozen=True)
class Slot:
    """A question, the thing and the value it is about, and what else may stand in its answers."""

    key: str
    """Tells the question from others of the clip; a retry or another order makes the same."""
    wording: str
    """Name of its wordings."""
    feature: str
    """Name of what the answers choose among, in the balance."""
    columns: tuple[Column, ...]
    """The values."""
    form: str = "values"
    """grid, values, entities, opposites or numbers."""
    width: int = 2
    """How many columns a group shows; the true one is among them."""
    row: Entity | None = None
    """The thing that the question is about; None: the clip as a whole."""
    others: tuple[Entity, ...] = ()
    """Things of the clip that may take its place, wrongly."""
    absent: tuple[Entity, ...] = ()
    """Things that the clip lacks, likewise."""
    height: int = 1
    """How many rows a group shows; the true one is among them."""
    fixed: Entity | None = None
    """The second thing, which every answer speaks of."""
    stretches: tuple[Stretch, ...] = ()
    """The stretches of its claims."""
    fillings: tuple[tuple[str, str], ...] = ()
    """Further gaps of the question."""
    events: tuple[Interval, ...] = ()
    """When what the question is about happens; empty: the stretches say it."""
    said: str | None = None
    """How the question names the thing instead of by its colour: "the {noun} that moves"."""
    twice: bool = False
    """Whether every answer names its thing at two times: the second is what the phrase fits later."""
    choose: Callable[[Column, tuple[Column, ...], Generator], tuple[Column, ...]] | None = None
    """How the columns beside the true one are drawn; None: uniformly."""

    def phrase(self, entity: Entity, noun: str) -> str:
        """How the texts of the slot name a thing."""
        if self.said and self.row and entity.name == self.row.name:
            return self.said.format(noun=noun)
        return entity.phrase(noun)

    def both_ways(self, view: "View", values_width: int) -> tuple["Slot", ...]:
        """The slot as a grid of things by values, and as a question about its thing by name.

        The slot's wording is the stem of both: "stem_grid" and "stem_values".
        """
        if self.row is None:
            raise ValueError(f"{self.key}: only a question about a thing can be asked both ways")
        values = replace(
            self,
            key=f"{self.key}.values",
            wording=f"{self.wording}_values",
            form="values" if values_width > 2 else "opposites",
            width=values_width,
        )
        named = {self.fixed.name if self.fixed else None, *(stretch.about for stretch in self.stretches)}
        others = tuple(other for other in view.others(self.row) if other.name not in named)
        absent = view.lacking(self.row)
        if not others and not absent:
            return (values,)
        grid = replace(
            self,
            key=f"{self.key}.grid",
            wording=f"{self.wording}_grid",
            form="grid",
            height=2,
            others=others,
            absent=absent,
        )
        return grid, values


@dataclass(frozen=True)
class View:
    """What a family of questions looks at."""

    scene: Scene
    objects: tuple[Entity, ...]
    """Nameable objects, in random order."""
    faces: tuple[Entity, ...]
    """Every face: a phrase fits one at some times only."""
    absent: tuple[Entity, ...]
    """Things that the clip lacks, in random order."""
    min_gap_seconds: float
    """How far apart the two stretches of a cross_frame claim are at least."""
    stretches_per_question: int
    """With how many stretches one question is asked of one thing."""
    picture_stretches: int
    """With how many a question about the picture is asked, where the clip has no object to ask about."""
    rng: Generator

    @property
    def things(self) -> tuple[Entity, ...]:
        """Objects and faces."""
        return self.objects + self.faces

    def some(self, items: Iterable[T]) -> tuple[T, ...]:
        """`stretches_per_question` of the items, drawn at random."""
        return self._drawn(items, self.stretches_per_question)

    def _drawn(self, items: Iterable[T], count: int) -> tuple[T, ...]:
        pool = tuple(items)
        return tuple(pool[int(i)] for i in self.rng.permutation(len(pool))[:count])

    def some_of_picture(self, items: Iterable[T]) -> tuple[T, ...]:
        """Stretches for a question about the picture as a whole: more where the clip has no object to ask about."""
        return self._drawn(items, self.stretches_per_question if self.objects else self.picture_stretches)

    def steady(self, stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
        """The stretches over which it can be told what the camera does."""
        lost = [m.pts_seconds for m in self.scene.measures if m.shift_x is None or m.shift_y is None or m.scale is None]
        return tuple(
            stretch
            for stretch in stretches
            if not any(s < stretch.interval.end_seconds and stretch.interval.start_seconds < s + 1 for s in lost)
        )

    def sightings(
        self, thing: Entity, choices: Iterable[tuple[Stretch, ...]]
    ) -> Iterator[tuple[Entity, tuple[Stretch, ...]]]:
        """Some of the choices of stretches through which a thing is seen, and the thing as it is named then."""
        seen = [stretches for stretches in choices if all(_is_seen(thing, stretch) for stretch in stretches)]
        named = ((self.named(thing, stretches), stretches) for stretches in seen)
        yield from self.some((entity, stretches) for entity, stretches in named if entity)

    def named(self, thing: Entity, stretches: Sequence[Stretch]) -> Entity | None:
        """The thing as a text names it at those times; None where no phrase fits it alone."""
        if thing.label is TrackLabel.OBJECT:
            return thing
        return named_face(self.scene, thing, [stretch.interval for stretch in stretches])

    def others(self, entity: Entity) -> tuple[Entity, ...]:
        """Other objects of the clip; none for a face, whose phrase depends on when."""
        return tuple(o for o in self.objects if o.name != entity.name and entity.label is TrackLabel.OBJECT)

    def lacking(self, entity: Entity) -> tuple[Entity, ...]:
        """Things that the clip lacks and that one noun fits as well; a face that was not seen may yet be there."""
        return self.absent if entity.label is TrackLabel.OBJECT else ()


_LEAST_SEEN = 0.6


def _is_seen(entity: Entity, stretch: Stretch) -> bool:
    """Whether it is visible through most of the stretch."""
    seen = entity.thing.seen_seconds(stretch.interval) if entity.thing else 0.0
    return seen >= _LEAST_SEEN * stretch.interval.duration_seconds


class Family(Protocol):
    """A family of predicates: which questions it would ask of a clip."""

    def __call__(self, view: View) -> tuple[Slot, ...]:
        """The questions, none of them proven."""


def claim_of(slot: Slot, row: Entity | None, column: Column, noun: str) -> Claim:
    """What the answer in one row and column asserts."""
    shape = PREDICATES[column.predicate]
    second = Entity(row.later, row.name, row.label) if slot.twice and row else slot.fixed
    subject, other = (second, row) if column.swapped else (row, second)
    stretches = slot.stretches if column.stretches is None else column.stretches
    subjects = (subject,) if subject and shape.subjects and column.value != "cut" else ()
    objects = (other,) if other and shape.objects else ()
    return Claim(
        predicate=column.predicate,
        subject_tracks=_tracks(subjects),
        subject_phrases=tuple(slot.phrase(entity, noun) for entity in subjects),
        object_tracks=_tracks(objects),
        object_phrases=tuple(slot.phrase(entity, noun) for entity in objects),
        intervals=tuple(stretch.interval for stretch in stretches[: shape.intervals]),
        value=column.value,
        in_video=all(entity.thing is not None for entity in (*subjects, *objects)),
    )


def _tracks(entities: tuple[Entity, ...]) -> tuple[str, ...]:
    return tuple(entity.track_ids[0] for entity in entities if entity.thing)
