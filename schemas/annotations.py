"""The annotations that a manifest gives for a video."""

import hashlib
from typing import Self

from pydantic import Field, model_validator

from schemas.claim import Axis, QuestionType
from schemas.record import Record


class AnnotatedSpan(Record):
    """A stretch of container time, [start, end) in seconds."""

    start_seconds: float = Field(ge=0)
    """First moment."""
    end_seconds: float = Field(gt=0)
    """The moment at which it is over; later than the start."""

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.start_seconds >= self.end_seconds:
            raise ValueError(f"[{self.start_seconds}, {self.end_seconds}) must end after it starts")
        return self


class AnnotatedBox(Record):
    """Where an object is at one moment: x and y in 0..1 of the upright frame, from the upper left corner."""

    pts_seconds: float = Field(ge=0)
    """Container time, seconds."""
    x0: float = Field(ge=0, le=1)
    """Left edge."""
    y0: float = Field(ge=0, le=1)
    """Upper edge."""
    x1: float = Field(ge=0, le=1)
    """Right edge; greater than x0."""
    y1: float = Field(ge=0, le=1)
    """Lower edge; greater than y0."""

    @model_validator(mode="after")
    def _has_an_area(self) -> Self:
        if self.x0 >= self.x1 or self.y0 >= self.y1:
            raise ValueError(
                f"box at {self.pts_seconds} s: needs x0 < x1 and y0 < y1, got {self.x0, self.y0, self.x1, self.y1}"
            )
        return self


class AnnotatedObject(Record):
    """One thing in the video."""

    id: str = Field(min_length=1)
    """By which events and relations refer to it; distinct within the video."""
    noun: str = Field(min_length=1)
    """What it is: "dog"."""
    phrase: str | None = None
    """What names this one alone in the video: "the grey dog"."""
    colour: str | None = None
    """Its colour, if it has a clear one."""
    moves: bool | None = None
    """Whether it moves by itself; null if it was not looked at."""
    visible: tuple[AnnotatedSpan, ...] = ()
    """When it is in view; empty if that was not looked at."""
    boxes: tuple[AnnotatedBox, ...] = ()
    """Where it is, at some moments."""
    certain: bool = True
    """False if it was not plain to see; then it is never used."""


class AnnotatedEvent(AnnotatedSpan):
    """Something that happens."""

    phrase: str = Field(min_length=1)
    """What happens, as a sentence: "The woman lifts the bowl"."""
    objects: tuple[str, ...] = ()
    """Ids of the objects that take part."""
    certain: bool = True
    """False if it was not plain to see; then it is never used."""


class AnnotatedText(AnnotatedSpan):
    """Writing in view."""

    text: str = Field(min_length=1)
    """What is written."""
    box: AnnotatedBox | None = None
    """Where it stands, at one moment."""
    certain: bool = True
    """False if it was not plain to see; then it is never used."""


class AnnotatedCount(AnnotatedSpan):
    """How many things of one kind are in view over a stretch."""

    noun: str = Field(min_length=1)
    """The kind of thing."""
    count: int = Field(ge=0)
    """How many."""
    certain: bool = True
    """False if it was not plain to see; then it is never used."""


class AnnotatedRelation(AnnotatedSpan):
    """How two objects stand to each other over a stretch."""

    subject: str
    """Id of the first object."""
    relation: str = Field(min_length=1)
    """"left_of", "above", ..."""
    object: str
    """Id of the second object."""
    certain: bool = True
    """False if it was not plain to see; then it is never used."""


class AnnotatedCamera(AnnotatedSpan):
    """What the camera does over a stretch."""

    motion: str = Field(min_length=1)
    """"still", "left", "zoom in", ..., or "unclear"."""
    certain: bool = True
    """False if it was not plain to see; then it is never used."""


class AnnotatedQuestion(Record):
    """A question with a true answer and false ones."""

    question: str = Field(min_length=1)
    """What is asked."""
    answer: str = Field(min_length=1)
    """What is true."""
    wrong: tuple[str, ...] = ()
    """What is false, in the same style."""
    question_type: QuestionType | None = None
    """What it asks about."""
    axis: Axis | None = None
    """Which axis it tests."""
    certain: bool = True
    """False if it was not plain to see; then it is never used."""


class Annotations(Record):
    """What a manifest says about the content of one video. All times are container seconds."""

    captions: tuple[str, ...] = ()
    """Sentences about the whole video."""
    objects: tuple[AnnotatedObject, ...] = ()
    """Things in the video."""
    events: tuple[AnnotatedEvent, ...] = ()
    """What happens."""
    ordered: tuple[tuple[int, int], ...] = ()
    """Pairs of events, by their place in `events`, of which the first certainly ends before the second starts."""
    texts: tuple[AnnotatedText, ...] = ()
    """Writing in view."""
    shots: tuple[AnnotatedSpan, ...] = ()
    """The shots, in order."""
    camera: tuple[AnnotatedCamera, ...] = ()
    """What the camera does."""
    counts: tuple[AnnotatedCount, ...] = ()
    """How many of a kind are in view."""
    relations: tuple[AnnotatedRelation, ...] = ()
    """How objects stand to each other."""
    questions: tuple[AnnotatedQuestion, ...] = ()
    """Question-answer pairs."""
    absent: tuple[str, ...] = ()
    """Nouns of which nothing is in the video."""
    complete: tuple[str, ...] = ()
    """Nouns of which every thing in the video is listed in `objects`."""
    events_complete: bool = False
    """Whether every event of the video is listed in `events`."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        ids = [thing.id for thing in self.objects]
        if twice := {name for name in ids if ids.count(name) > 1}:
            raise ValueError(f"two objects have the id {min(twice)!r}")
        for name in (
            *(i for event in self.events for i in event.objects),
            *(i for r in self.relations for i in (r.subject, r.object)),
        ):
            if name not in ids:
                raise ValueError(f"no object has the id {name!r}")
        if both := {thing.noun for thing in self.objects} & set(self.absent):
            raise ValueError(f"{min(both)!r} is listed both as an object and as absent")
        if wrong := [place for pair in self.ordered for place in pair if not 0 <= place < len(self.events)]:
            raise ValueError(f"ordered refers to event {wrong[0]}, but there are {len(self.events)} events")
        return self

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, hex: two videos with the same bytes and other annotations are not the same unit."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
