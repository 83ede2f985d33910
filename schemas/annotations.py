"""The annotations that a manifest gives for a video.

Times are container seconds. Boxes are in 0..1 of the upright frame, or in pixels of a frame whose size is given.
"""

import hashlib
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain
from typing import Self

from pydantic import Field, model_validator

from schemas.claim import Axis, QuestionType
from schemas.record import Record

DURATION_TOLERANCE_SECONDS = 0.5
"""A time may lie this much after the end of the video: annotators and containers round."""


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
    """Where an object is at one moment: x from the left edge, y from the upper edge of the upright frame.

    In 0..1, or in pixels if the annotations give a frame size.
    """

    pts_seconds: float = Field(ge=0)
    """Container time, seconds."""
    x0: float = Field(ge=0)
    """Left edge."""
    y0: float = Field(ge=0)
    """Upper edge."""
    x1: float = Field(ge=0)
    """Right edge; greater than x0."""
    y1: float = Field(ge=0)
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
    """What names this one alone in the video: "the grey dog". No other object may have the same phrase."""
    colour: str | None = None
    """Its colour, if it has a clear one."""
    moves: bool | None = None
    """Whether it moves by itself; null if it was not looked at."""
    visible: tuple[AnnotatedSpan, ...] = ()
    """All times at which it is in view; empty if that was not looked at."""
    boxes: tuple[AnnotatedBox, ...] = ()
    """Where its visible part is, at some moments. Between two of them it is where the straight line between them is, if
    they belong to one shot and are at most 1.5 s apart, or if it does not move."""
    rough: bool = False
    """True if its boxes may be off by more than 0.03 of the frame: then nothing is said of where it is or how large."""
    certain: bool = True
    """False if it was not plain to see. Then nothing is asserted of it, and nothing that it could make wrong."""


class AnnotatedEvent(AnnotatedSpan):
    """Something that happens."""

    phrase: str = Field(min_length=1)
    """What happens, as a sentence: "The woman lifts the bowl"."""
    objects: tuple[str, ...] = ()
    """Ids of the objects that take part."""
    certain: bool = True
    """False if it was not plain to see. Then nothing is asserted of it, and the events are not complete."""


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
    """A question about the whole video, with a true answer and false ones."""

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
    evidence_seconds: tuple[float, ...] = ()
    """Moments at which the answer can be seen; empty for all of the video."""
    certain: bool = True
    """False if it was not plain to see; then it is never used."""


class Annotations(Record):
    """What a manifest says about the content of one video."""

    duration_seconds: float | None = Field(default=None, gt=0)
    """Container time at which the annotated video ends. No time may lie more than 0.5 s after it. Without it, times are
    compared with the file, and a video with a later one is dropped."""
    frame_width: int | None = Field(default=None, gt=0)
    """Width of the upright frame in pixels, if boxes are in pixels; null if they are in 0..1."""
    frame_height: int | None = Field(default=None, gt=0)
    """Height of the upright frame in pixels; given with `frame_width` or not at all. A video whose upright frame has
    another shape is dropped."""
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
        checks = (self._wrong_references(), self._wrong_boxes(), self._wrong_times(), self._contradictions())
        problem = next(chain(*checks), None)
        if problem is not None:
            raise ValueError(problem)
        return self

    def _wrong_references(self) -> Iterator[str]:
        ids = [thing.id for thing in self.objects]
        phrases = [thing.phrase.casefold() for thing in self.objects if thing.phrase]
        for what, names in (("id", ids), ("phrase", phrases)):
            if twice := sorted({name for name in names if names.count(name) > 1}):
                yield f"two objects have the {what} {twice[0]!r}"
        named = [(f"event {event.phrase!r}", name) for event in self.events for name in event.objects]
        named += [(f"relation {r.relation!r}", name) for r in self.relations for name in (r.subject, r.object)]
        for where, name in named:
            if name not in ids:
                near = get_close_matches(name, ids, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"the ids are {', '.join(sorted(ids)) or 'none'}"
                yield f"{where}: no object has the id {name!r}; {hint}"
        for pair in self.ordered:
            for place in pair:
                if not 0 <= place < len(self.events):
                    yield f"ordered refers to event {place}, but there are {len(self.events)} events (counted from 0)"

    def _wrong_boxes(self) -> Iterator[str]:
        if (self.frame_width is None) is not (self.frame_height is None):
            yield "frame_width and frame_height are given together or not at all"
        width, height = self.frame_width or 1, self.frame_height or 1
        boxes = [(f"object {thing.id!r}", box) for thing in self.objects for box in thing.boxes]
        boxes += [(f"text {text.text!r}", text.box) for text in self.texts if text.box]
        for where, box in boxes:
            if box.x1 > width or box.y1 > height:
                frame = f"of {width} x {height} pixels" if self.frame_width else "0..1 (for pixels, give frame_width)"
                yield f"{where}: box at {box.pts_seconds} s is outside the frame {frame}: x1 {box.x1}, y1 {box.y1}"
        if self.frame_width and boxes and all(box.x1 <= 1 and box.y1 <= 1 for _, box in boxes):
            yield "all boxes are in 0..1, but frame_width and frame_height say that they are in pixels; leave them out"

    def _wrong_times(self) -> Iterator[str]:
        if self.duration_seconds is not None and (late := self.past(self.duration_seconds)):
            yield f"{late}, but duration_seconds is {self.duration_seconds}"
        for first, second in self.ordered:
            a, b = self.events[first], self.events[second]
            if a.start_seconds > b.start_seconds:
                yield (
                    f"ordered says that event {first} comes before event {second}, but they start at "
                    f"{a.start_seconds} and {b.start_seconds} s"
                )

    def _contradictions(self) -> Iterator[str]:
        absent = {noun.casefold() for noun in self.absent}
        for thing in self.objects:
            if thing.noun.casefold() in absent:
                yield f"{thing.noun!r} is listed both as an object and as absent"
        for count in self.counts:
            if count.count and count.noun.casefold() in absent:
                yield f"{count.noun!r} is listed as absent, but counted {count.count} times"

    def past(self, end_seconds: float) -> str | None:
        """The first time that lies more than 0.5 s after the end of the video, in words; None if none does."""
        limit = end_seconds + DURATION_TOLERANCE_SECONDS
        spans: list[tuple[str, AnnotatedSpan]] = [(f"event {event.phrase!r}", event) for event in self.events]
        spans += [(f"object {thing.id!r}", span) for thing in self.objects for span in thing.visible]
        spans += [(f"text {text.text!r}", text) for text in self.texts]
        spans += [(f"count of {count.noun!r}", count) for count in self.counts]
        spans += [(f"relation {relation.relation!r}", relation) for relation in self.relations]
        spans += [("a shot", shot) for shot in self.shots]
        spans += [("a motion of the camera", motion) for motion in self.camera]
        for where, span in spans:
            if span.end_seconds > limit:
                return f"{where} ends at {span.end_seconds} s"
        for thing in self.objects:
            for box in thing.boxes:
                if box.pts_seconds > limit:
                    return f"object {thing.id!r} has a box at {box.pts_seconds} s"
        return None

    @property
    def shot_starts(self) -> tuple[float, ...]:
        """Where each shot but the first one starts, in order of time."""
        return tuple(sorted(shot.start_seconds for shot in self.shots)[1:])

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, hex: two videos with the same bytes and other annotations are not the same unit."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
