"""What a family of questions works with: a scene, the things in it and not in it, and random draws among them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from numpy.random import Generator

from schemas.interval import Interval
from schemas.scene import FACE, MEASURE_SECONDS, OBJECT, Scene
from stages.claims.breaks import spans_break
from stages.claims.checker import is_known
from stages.claims.scene_view import SceneView
from stages.facts.entity import Entity, named_then
from stages.facts.slot import Slot
from stages.wording.stretch import Stretch

T = TypeVar("T")

_NEAR_SECONDS = 0.2  # viewers may read the edges of a stretch earlier or later by this much
_EXACT_SECONDS = 1e-3
_REMEMBERED_SECONDS = 3.0  # for so long a viewer remembers who was in view
_ALSO_BY_NAME = 0.4  # share of grids with absent things for which the thing is also asked about by name


@dataclass(frozen=True)
class AskableScene:
    """What a family of questions works with."""

    seen: SceneView
    """The clip's scene, as the checker reads it."""
    objects: tuple[Entity, ...]
    """Nameable objects, in random order."""
    named: tuple[Entity, ...]
    """Things of which a noun is known, such as faces; how a text names one depends on the time."""
    throughout: tuple[Entity, ...]
    """Those of the named things that one phrase fits all along, as it names them."""
    absent: tuple[Entity, ...]
    """Things that are not in the clip, in random order."""
    min_gap_seconds: float
    """Least gap between the two stretches of a cross_frame claim."""
    stretches_per_question: int
    """Number of stretches that one question about one thing is asked with."""
    picture_stretches: int
    """Number of stretches that a question about the picture is asked with, if the picture changes or the clip has no
    object to ask about."""
    rng: Generator

    @property
    def scene(self) -> Scene:
        """The clip's scene."""
        return self.seen.scene

    @property
    def things(self) -> tuple[Entity, ...]:
        """Objects and named things."""
        return self.objects + self.named

    @property
    def always_named(self) -> tuple[Entity, ...]:
        """The things that one phrase fits all along, without faces: these are hardly ever seen all along."""
        return self.objects + tuple(entity for entity in self.throughout if entity.label != FACE)

    def shuffled(self, items: Iterable[T]) -> tuple[T, ...]:
        """The items in random order."""
        pool = tuple(items)
        return tuple(pool[int(i)] for i in self.rng.permutation(len(pool)))

    def some(self, items: Iterable[T]) -> tuple[T, ...]:
        """`stretches_per_question` of the items, drawn at random."""
        return self._drawn(items, self.stretches_per_question)

    def _drawn(self, items: Iterable[T], count: int) -> tuple[T, ...]:
        return self.shuffled(items)[:count]

    def some_of_picture(self, items: Iterable[T]) -> tuple[T, ...]:
        """Stretches for a question about the picture as a whole: more if the clip has no object to ask about."""
        return self.some(items) if self.objects else self.many(items)

    def few_of_picture(self, items: Iterable[T]) -> tuple[T, ...]:
        """One stretch, for a question whose answer is the same in most clips; more if the clip has no object."""
        return self._drawn(items, 1) if self.objects else self.many(items)

    def many(self, items: Iterable[T]) -> tuple[T, ...]:
        """`picture_stretches` of the items, drawn at random."""
        return self._drawn(items, self.picture_stretches)

    def steady(self, stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
        """The stretches without a break in which the camera's movement is measured throughout."""
        lost = [
            Interval(start_seconds=m.pts_seconds, end_seconds=m.pts_seconds + MEASURE_SECONDS)
            for m in self.scene.measures
            if m.shift_x is None or m.shift_y is None or m.scale is None
        ]
        return tuple(
            stretch
            for stretch in stretches
            if not any(stretch.interval.overlap_seconds(second) > 0 for second in lost)
            and not spans_break((stretch.interval,), self.scene)
        )

    def sightings(
        self, thing: Entity, choices: Iterable[tuple[Stretch, ...]]
    ) -> Iterator[tuple[Entity, tuple[Stretch, ...]]]:
        """Some of the choices of stretches in which a thing is seen, each with the thing as it is named then."""
        seen = [stretches for stretches in choices if all(is_seen(thing, stretch) for stretch in stretches)]
        named = ((self.called(thing, stretches), stretches) for stretches in seen)
        yield from self.some((entity, stretches) for entity, stretches in named if entity)

    def called(self, thing: Entity, stretches: Sequence[Stretch]) -> Entity | None:
        """The thing as a text names it at those times; None if no phrase fits only it."""
        if thing.label == OBJECT or thing in self.throughout:
            return thing
        if any(self._is_near_a_cut(stretch.interval) for stretch in stretches):
            return None  # another such thing may appear at the cut before it is detected
        then = named_then(self.seen, thing, [stretch.interval for stretch in stretches])
        if then is None or then.name != then.label:
            return then
        # somebody whom the viewer has just seen turns away or is hidden: "the face" is clear, but seems not to be
        return None if any(self._another_is_near(thing, stretch.interval) for stretch in stretches) else then

    def _another_is_near(self, thing: Entity, interval: Interval) -> bool:
        """Whether the shot shows another thing of the kind shortly before or after the interval."""
        starts = [start for start in self.scene.shot_starts if start <= interval.start_seconds + _EXACT_SECONDS]
        ends = [end for end in self.scene.shot_starts if end >= interval.end_seconds - _EXACT_SECONDS]
        around = Interval(
            start_seconds=max([*starts[-1:], interval.start_seconds - _REMEMBERED_SECONDS]),
            end_seconds=min([*ends[:1], interval.end_seconds + _REMEMBERED_SECONDS]),
        )
        return any(
            other.noun == thing.label and other is not thing.thing and other.is_seen(around)
            for other in self.seen.things
        )

    def _is_near_a_cut(self, interval: Interval) -> bool:
        """Whether a stretch, read a little longer, contains part of a fade, or a cut other than those that its words
        name as its edges.
        """
        edges = (interval.start_seconds, interval.end_seconds)
        fades = self.scene.fades
        return any(
            edges[0] - _NEAR_SECONDS < fade.end_seconds and fade.start_seconds < edges[1] + _NEAR_SECONDS
            for fade in fades
        ) or any(
            edges[0] - _NEAR_SECONDS < cut.pts_seconds < edges[1] + _NEAR_SECONDS
            and min(abs(cut.pts_seconds - edge) for edge in edges) > _EXACT_SECONDS
            for cut in self.scene.cuts
        )

    def others(self, entity: Entity) -> tuple[Entity, ...]:
        """Other objects of the clip; none for a named thing, which no noun of a question would fit as well."""
        return tuple(o for o in self.objects if o.name != entity.name and entity.label == OBJECT)

    def lacking(self, entity: Entity) -> tuple[Entity, ...]:
        """Things that are not in the clip and fit the same noun; none for a named thing."""
        return self.absent if entity.label == OBJECT else ()

    def both_ways(self, slot: Slot, values_width: int, height: int = 2) -> tuple[Slot, ...]:
        """The slot as a grid of things by values, and as a question about its thing by name.

        The slot's wording is the stem of both: "stem_grid" and "stem_values"; the grid has up to `height` rows. If
        there are absent things to put beside it, a question about one thing is mostly asked as a grid alone, so that
        many questions name absent things. A question about two things is asked both ways.
        """
        if slot.row is None:
            raise ValueError(f"{slot.key}: only a question about a thing can be asked both ways")
        values = replace(
            slot,
            key=f"{slot.key}.values",
            wording=f"{slot.wording}_values",
            form="values" if values_width > 2 else "opposites",
            width=values_width,
        )
        named = {slot.fixed.name if slot.fixed else None, *(stretch.about for stretch in slot.stretches)}
        others = tuple(other for other in self.others(slot.row) if other.name not in named)
        absent = self.lacking(slot.row)
        if not others and not absent:
            return (values,)
        grid = replace(
            slot,
            key=f"{slot.key}.grid",
            wording=f"{slot.wording}_grid",
            form="grid",
            height=height,
            others=others,
            absent=absent,
        )
        alone = bool(absent) and slot.fixed is None and self.rng.random() >= _ALSO_BY_NAME
        return (grid,) if alone else (grid, values)


def is_seen(entity: Entity, stretch: Stretch) -> bool:
    """Whether it is visible all along the stretch."""
    return entity.thing is not None and is_known(entity.thing, stretch.interval)


class QuestionFamily(Protocol):
    """A family of predicates and the questions that it would ask about a clip."""

    def __call__(self, view: AskableScene) -> tuple[Slot, ...]:
        """The questions, none of them proven."""
