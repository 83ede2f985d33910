"""What an answer asserts, in a form that a program can check on a Scene.

`PREDICATES` gives for each predicate its axis, the parts that a claim needs and the values that it may have;
`stages/claims/` has one pure function for each predicate that evaluates it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import model_validator

from schemas.colour import ColourName
from schemas.interval import Interval
from schemas.record import Record
from schemas.shown import EditKind


class Axis(StrEnum):
    """The three axes of VideoPASTA."""

    SPATIAL = "spatial"
    TEMPORAL = "temporal"
    CROSS_FRAME = "cross_frame"


class QuestionType(StrEnum):
    """The ten types of VistaDPO, and two more (camera, place)."""

    OBJECT = "object"
    NUMBER = "number"
    LOCATION = "location"
    COLOR = "color"
    STATIC_RELATION = "static relation"
    OCR = "OCR"
    ACTION = "action"
    DYNAMIC_ATTRIBUTE = "dynamic attribute"
    DYNAMIC_RELATION = "dynamic relation"
    SEQUENCE = "sequence"
    CAMERA = "camera"
    PLACE = "place"


class Predicate(StrEnum):
    """What a claim says about its subject, object, intervals and value; the functions in stages/claims/ define each."""

    LEFT_OF = "left_of"
    RIGHT_OF = "right_of"
    ABOVE = "above"
    BELOW = "below"
    LARGER_THAN = "larger_than"
    OVERLAPS = "overlaps"
    APART = "apart"
    IN_REGION = "in_region"
    HAS_COLOUR = "has_colour"
    MOVING_COUNT = "moving_count"
    MOTION_IN = "motion_in"
    ENTERS_BEFORE = "enters_before"
    LEAVES_BEFORE = "leaves_before"
    STARTS_BEFORE = "starts_before"
    STOPS_BEFORE = "stops_before"
    ENTERS_WITH = "enters_with"
    LEAVES_WITH = "leaves_with"
    TOGETHER = "together"
    NEVER_TOGETHER = "never_together"
    VISIBLE_LONGER = "visible_longer"
    MOVES = "moves"
    STILL = "still"
    SPEEDS_UP = "speeds_up"
    SLOWS_DOWN = "slows_down"
    ENTERS_FROM = "enters_from"
    LEAVES_TO = "leaves_to"
    EVENT_IN = "event_in"
    CAMERA_MOVES = "camera_moves"
    BUSIER = "busier"
    SAME_OBJECT = "same_object"
    DIFFERENT_OBJECTS = "different_objects"
    RETURNS = "returns"
    DISTINCT_MOVING_COUNT = "distinct_moving_count"
    DISPLACED = "displaced"
    SIZE_CHANGE = "size_change"
    PLACE_CHANGED = "place_changed"
    PLACE_SAME = "place_same"
    BRIGHTER = "brighter"
    SHOT_COUNT = "shot_count"
    PRESENT = "present"
    NAMED_COUNT = "named_count"
    READS = "reads"
    HAPPENS_IN = "happens_in"
    HAPPENS_BEFORE = "happens_before"
    PICTURE_EDITED = "picture_edited"
    VIEW_EDITED = "view_edited"
    PLAY_EDITED = "play_edited"
    PARTS_ORDERED = "parts_ordered"


class Names(StrEnum):
    """What a claim names."""

    THINGS = "things"
    """Things, by their tracks and phrases; or nothing, if the claim is about the picture as a whole."""
    NOUN = "noun"
    """A kind of thing, by its noun."""
    WORD = "word"
    """A written word, by its value."""
    EVENTS = "events"
    """Named events, by their phrases; they have no tracks."""
    EDITS = "edits"
    """Edits that are planted into the clip, by their kinds."""


@dataclass(frozen=True)
class PredicateShape:
    """The parts of a claim with one predicate."""

    axis: Axis
    question_type: QuestionType
    subjects: int
    """Number of subjects: 0 (the claim is about the clip as a whole) or 1."""
    objects: int
    """Number of objects: 0 or 1."""
    intervals: int
    """Number of intervals."""
    values: tuple[str, ...] = ()
    """The possible values; empty: no value. ("#",): a number in digits. ("*",): any word in lower case."""
    margin_unit: str = ""
    """The unit of its margin."""
    names: Names = Names.THINGS
    """What it names."""


_THIRDS = ("left", "centre", "right", "top", "middle", "bottom")
_WAYS = ("left", "right", "up", "down")
_SIDES = ("left", "right", "top", "bottom")
_NUMBER = ("#",)
_WORD = ("*",)
_A = Axis
_Q = QuestionType
_P = Predicate
_K = EditKind
_S = PredicateShape

PREDICATES: dict[Predicate, PredicateShape] = {
    _P.LEFT_OF: _S(_A.SPATIAL, _Q.STATIC_RELATION, 1, 1, 1, (), "frame widths"),
    _P.RIGHT_OF: _S(_A.SPATIAL, _Q.STATIC_RELATION, 1, 1, 1, (), "frame widths"),
    _P.ABOVE: _S(_A.SPATIAL, _Q.STATIC_RELATION, 1, 1, 1, (), "frame heights"),
    _P.BELOW: _S(_A.SPATIAL, _Q.STATIC_RELATION, 1, 1, 1, (), "frame heights"),
    _P.LARGER_THAN: _S(_A.SPATIAL, _Q.STATIC_RELATION, 1, 1, 1, (), "log ratio"),
    _P.OVERLAPS: _S(_A.SPATIAL, _Q.STATIC_RELATION, 1, 1, 1, (), "IoU"),
    _P.APART: _S(_A.SPATIAL, _Q.STATIC_RELATION, 1, 1, 1, (), "frame sides"),
    _P.IN_REGION: _S(_A.SPATIAL, _Q.LOCATION, 1, 0, 1, _THIRDS, "frame sides"),
    _P.HAS_COLOUR: _S(_A.SPATIAL, _Q.COLOR, 1, 0, 0, tuple(ColourName), "share of pixels"),
    _P.MOVING_COUNT: _S(_A.SPATIAL, _Q.NUMBER, 0, 0, 1, _NUMBER, "clearness"),
    _P.MOTION_IN: _S(_A.SPATIAL, _Q.LOCATION, 0, 0, 1, ("left", "centre", "right"), "share of motion"),
    _P.ENTERS_BEFORE: _S(_A.TEMPORAL, _Q.SEQUENCE, 1, 1, 0, (), "seconds"),
    _P.LEAVES_BEFORE: _S(_A.TEMPORAL, _Q.SEQUENCE, 1, 1, 0, (), "seconds"),
    _P.STARTS_BEFORE: _S(_A.TEMPORAL, _Q.SEQUENCE, 1, 1, 0, (), "seconds"),
    _P.STOPS_BEFORE: _S(_A.TEMPORAL, _Q.SEQUENCE, 1, 1, 0, (), "seconds"),
    _P.ENTERS_WITH: _S(_A.TEMPORAL, _Q.SEQUENCE, 1, 1, 0, (), "seconds"),
    _P.LEAVES_WITH: _S(_A.TEMPORAL, _Q.SEQUENCE, 1, 1, 0, (), "seconds"),
    _P.TOGETHER: _S(_A.TEMPORAL, _Q.DYNAMIC_RELATION, 1, 1, 0, (), "seconds"),
    _P.NEVER_TOGETHER: _S(_A.TEMPORAL, _Q.DYNAMIC_RELATION, 1, 1, 0, (), "seconds"),
    _P.VISIBLE_LONGER: _S(_A.TEMPORAL, _Q.DYNAMIC_RELATION, 1, 1, 0, (), "seconds"),
    _P.MOVES: _S(_A.TEMPORAL, _Q.ACTION, 1, 0, 1, _WAYS, "frame sides"),
    _P.STILL: _S(_A.TEMPORAL, _Q.ACTION, 1, 0, 1, (), "frame sides"),
    _P.SPEEDS_UP: _S(_A.TEMPORAL, _Q.DYNAMIC_ATTRIBUTE, 1, 0, 2, (), "log ratio"),
    _P.SLOWS_DOWN: _S(_A.TEMPORAL, _Q.DYNAMIC_ATTRIBUTE, 1, 0, 2, (), "log ratio"),
    _P.ENTERS_FROM: _S(_A.TEMPORAL, _Q.ACTION, 1, 0, 0, _SIDES, "frame sides"),
    _P.LEAVES_TO: _S(_A.TEMPORAL, _Q.ACTION, 1, 0, 0, _SIDES, "frame sides"),
    _P.EVENT_IN: _S(_A.TEMPORAL, _Q.SEQUENCE, 1, 0, 1, ("enters", "leaves", "starts", "stops", "cut"), "seconds"),
    _P.CAMERA_MOVES: _S(_A.TEMPORAL, _Q.CAMERA, 0, 0, 1, (*_WAYS, "in", "out", "still"), "frame sides"),
    _P.BUSIER: _S(_A.TEMPORAL, _Q.DYNAMIC_ATTRIBUTE, 0, 0, 2, (), "log ratio"),
    _P.SAME_OBJECT: _S(_A.CROSS_FRAME, _Q.DYNAMIC_RELATION, 1, 1, 2, (), "identity score"),
    _P.DIFFERENT_OBJECTS: _S(_A.CROSS_FRAME, _Q.DYNAMIC_RELATION, 1, 1, 2, (), "identity score"),
    _P.RETURNS: _S(_A.CROSS_FRAME, _Q.DYNAMIC_RELATION, 1, 0, 2, (), "seconds"),
    _P.DISTINCT_MOVING_COUNT: _S(_A.CROSS_FRAME, _Q.NUMBER, 0, 0, 1, _NUMBER, "clearness"),
    _P.DISPLACED: _S(_A.CROSS_FRAME, _Q.DYNAMIC_RELATION, 1, 0, 2, _WAYS, "frame sides"),
    _P.SIZE_CHANGE: _S(_A.CROSS_FRAME, _Q.DYNAMIC_ATTRIBUTE, 1, 0, 2, ("grows", "shrinks"), "log ratio"),
    _P.PLACE_CHANGED: _S(_A.CROSS_FRAME, _Q.PLACE, 0, 0, 2, (), "content distance"),
    _P.PLACE_SAME: _S(_A.CROSS_FRAME, _Q.PLACE, 0, 0, 2, (), "content distance"),
    _P.BRIGHTER: _S(_A.CROSS_FRAME, _Q.DYNAMIC_ATTRIBUTE, 0, 0, 2, (), "luma"),
    _P.SHOT_COUNT: _S(_A.CROSS_FRAME, _Q.NUMBER, 0, 0, 0, _NUMBER, "score over threshold"),
    _P.PRESENT: _S(_A.SPATIAL, _Q.OBJECT, 0, 0, 1, (), "score", Names.NOUN),
    _P.NAMED_COUNT: _S(_A.SPATIAL, _Q.NUMBER, 0, 0, 1, _NUMBER, "score", Names.NOUN),
    _P.READS: _S(_A.SPATIAL, _Q.OCR, 0, 0, 1, _WORD, "letters", Names.WORD),
    _P.HAPPENS_IN: _S(_A.TEMPORAL, _Q.ACTION, 1, 0, 1, (), "seconds", Names.EVENTS),
    _P.HAPPENS_BEFORE: _S(_A.TEMPORAL, _Q.SEQUENCE, 1, 1, 0, (), "seconds", Names.EVENTS),
    _P.PICTURE_EDITED: _S(_A.SPATIAL, _Q.CAMERA, 0, 0, 1, (_K.TURNED,), "log ratio", Names.EDITS),
    _P.VIEW_EDITED: _S(
        _A.CROSS_FRAME, _Q.CAMERA, 0, 0, 1, (_K.MIRRORED, _K.ZOOMED, _K.SWAPPED), "log ratio", Names.EDITS
    ),
    _P.PLAY_EDITED: _S(
        _A.TEMPORAL,
        _Q.SEQUENCE,
        0,
        0,
        1,
        (_K.FROZEN, _K.REVERSED, _K.SHUFFLED, _K.SLOWED, _K.SPED_UP),
        "log ratio",
        Names.EDITS,
    ),
    _P.PARTS_ORDERED: _S(_A.TEMPORAL, _Q.SEQUENCE, 0, 0, 0, _NUMBER, "log ratio", Names.EDITS),
}
"""The shape of each predicate. One exception: `event_in` with the value "cut" has no subject."""

ABOUT_EDITS = frozenset(predicate for predicate, shape in PREDICATES.items() if shape.names is Names.EDITS)
"""The predicates about planted edits."""


class Claim(Record):
    """The testable content of one answer: one predicate."""

    predicate: Predicate
    """What is asserted of the subject, object, intervals and value."""
    subject_tracks: tuple[str, ...] = ()
    """Track of the subject; empty if the claim has no subject, or names an entity that is not in the video."""
    subject_phrases: tuple[str, ...] = ()
    """The words that name the subject in the question or answer."""
    object_tracks: tuple[str, ...] = ()
    """Track of the object; empty if the claim has no object, or names an entity that is not in the video."""
    object_phrases: tuple[str, ...] = ()
    """The words that name the object in the question or answer."""
    intervals: tuple[Interval, ...] = ()
    """What the time words of the text mean, in container seconds."""
    value: str | None = None
    """The predicate's value; a number is given in digits, a word in lower case."""
    noun: str | None = None
    """The kind of thing that a claim about presence or number names, in lower case and singular; null for others."""
    margin: float | None = None
    """The margin by which the checker found it true or false, in the predicate's unit; null until it is checked."""
    in_video: bool = True
    """False if a named entity, noun, word or event is not in the video."""

    @model_validator(mode="after")
    def _has_its_shape(self) -> Self:
        shape = PREDICATES[self.predicate]
        subjects = 0 if self.value == "cut" else shape.subjects
        given = (len(self.subject_phrases), len(self.object_phrases), len(self.intervals))
        if given != (subjects, shape.objects, shape.intervals):
            raise ValueError(
                f"{self.predicate} takes {subjects} subject, {shape.objects} object phrases and "
                f"{shape.intervals} intervals, got {given}"
            )
        if shape.values == _NUMBER:
            valid = self.value is not None and self.value.isdecimal()
        elif shape.values == _WORD:
            valid = bool(self.value) and self.value == (self.value or "").casefold()
        else:
            valid = self.value in (shape.values or (None,))
        if not valid:
            raise ValueError(f"{self.predicate} takes value {shape.values or None}, got {self.value!r}")
        if len(self.subject_tracks) > len(self.subject_phrases) or len(self.object_tracks) > len(self.object_phrases):
            raise ValueError(f"{self.predicate}: more tracks than phrases")
        if (self.noun is not None) != (shape.names is Names.NOUN):
            raise ValueError(f"{self.predicate}: noun is {self.noun!r}, but it names {shape.names}")
        if shape.names is not Names.THINGS:
            if self.subject_tracks or self.object_tracks:
                raise ValueError(f"{self.predicate} names {shape.names}, which have no tracks")
            return self
        missing = len(self.subject_tracks) < subjects or len(self.object_tracks) < shape.objects
        if missing == self.in_video:
            raise ValueError(f"{self.predicate}: in_video is {self.in_video}, but tracks missing is {missing}")
        return self


def sole_claim(claims: Sequence[Claim]) -> Claim | None:
    """The claim of an answer that asserts one thing; None of an answer of several clauses, or of untyped ones."""
    return claims[0] if len(claims) == 1 else None
