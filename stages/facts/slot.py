"""A question that could be asked about a clip, before anything is proven: rows of things by columns of values."""

from collections.abc import Callable
from dataclasses import dataclass

from numpy.random import Generator

from schemas.claim import PREDICATES, Claim, Names, Predicate
from schemas.interval import Interval
from stages.facts.entity import Entity
from stages.wording.stretch import Stretch


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
    """The stretches of the claim; None for those of the slot."""
    swapped: bool = False
    """Whether the thing of the row is the claim's object, not its subject ("a after b" is "b before a")."""
    words: str | None = None
    """Its words in an answer; None for the wordings' words for `key`."""


@dataclass(frozen=True)
class Series:
    """Questions that tell much the same, such as how the things of one view lie."""

    name: str
    """Names the series in its clip."""
    most: int
    """So many of them are asked."""


@dataclass(frozen=True)
class Slot:
    """A question, the thing and the value it is about, and what else may stand in its answers."""

    key: str
    """Identifies the question in its clip; it does not depend on chance or order."""
    wording: str
    """Name of its wordings."""
    feature: str
    """Name of what the answers choose among, for the balance."""
    columns: tuple[Column, ...]
    """The values that may be answered."""
    form: str = "values"
    """grid, values, entities, opposites or numbers."""
    width: int = 2
    """Number of columns in a group, the true one included."""
    row: Entity | None = None
    """The thing that the question is about; None for the clip as a whole."""
    others: tuple[Entity, ...] = ()
    """Things of the clip that a false answer may name instead."""
    absent: tuple[Entity, ...] = ()
    """Things that are not in the clip, which a false answer may name instead."""
    height: int = 1
    """Number of rows in a group, the true one included."""
    fixed: Entity | None = None
    """The second thing, which every answer refers to."""
    stretches: tuple[Stretch, ...] = ()
    """The stretches of its claims."""
    fillings: tuple[tuple[str, str], ...] = ()
    """Further gaps of the question: name and text."""
    events: tuple[Interval, ...] = ()
    """When the event that the question is about happens; empty if the stretches say it."""
    said: str | None = None
    """How the question names the thing without its colour: "the {noun} that moves"; None for its usual phrase."""
    twice: bool = False
    """Whether every answer names its thing at two times: the second is `Entity.later`."""
    chances: int = 1
    """How many times as many alternatives are offered as of other questions: more of those that name things which other
    videos of the set may not contain."""
    open_words: int = 0
    """False answers that are left to finalise: words that other videos show."""
    series: Series | None = None
    """The series that it belongs to, if there are others like it."""
    choose: Callable[[Column, tuple[Column, ...], Generator], tuple[Column, ...]] | None = None
    """How the columns beside the true one are drawn; None for uniformly."""

    def phrase(self, entity: Entity, noun: str) -> str:
        """How the texts of the slot name a thing."""
        if self.said and self.row and entity.name == self.row.name:
            return self.said.format(noun=noun)
        return entity.phrase(noun)


def claim_of(slot: Slot, row: Entity | None, column: Column, noun: str) -> Claim:
    """What the answer of one row and column asserts."""
    shape = PREDICATES[column.predicate]
    second = Entity(row.later, row.name, row.label) if slot.twice and row else slot.fixed
    subject, other = (second, row) if column.swapped else (row, second)
    stretches = slot.stretches if column.stretches is None else column.stretches
    subjects = (subject,) if subject and shape.subjects and column.value != "cut" else ()
    objects = (other,) if other and shape.objects else ()
    named = row if shape.names in (Names.NOUN, Names.WORD) else None
    return Claim(
        predicate=column.predicate,
        subject_tracks=_tracks(subjects),
        subject_phrases=tuple(slot.phrase(entity, noun) for entity in subjects),
        object_tracks=_tracks(objects),
        object_phrases=tuple(slot.phrase(entity, noun) for entity in objects),
        intervals=tuple(stretch.interval for stretch in stretches[: shape.intervals]),
        value=named.name if named and shape.names is Names.WORD else column.value,
        noun=named.name if named and shape.names is Names.NOUN else None,
        in_video=all(entity.in_video for entity in (*subjects, *objects, *((named,) if named else ()))),
    )


def _tracks(entities: tuple[Entity, ...]) -> tuple[str, ...]:
    return tuple(entity.track_ids[0] for entity in entities if entity.thing)
