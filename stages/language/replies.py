"""What language models reply as writers; the JSON schemas beside the prompts say the same."""

from typing import Literal

from pydantic import Field

from schemas.claim import Axis, QuestionType
from schemas.record import Record


class Stated(Record):
    """A stretch of time as a model states it."""

    start: float = Field(alias="from")
    """Seconds."""
    end: float = Field(alias="to")
    """Seconds."""


class WrittenQuestion(Record):
    """One question of a writer."""

    question: str
    evidence: tuple[Stated, ...]
    """When the answer can be seen."""
    objects: tuple[str, ...]
    """Nouns of the things that it is about."""


class WriterReply(Record):
    """Questions on one topic."""

    questions: tuple[WrittenQuestion, ...]


class TwinQuestion(Record):
    """A question that two stretches answer differently."""

    question: str
    type: QuestionType
    axis: Literal[Axis.SPATIAL, Axis.TEMPORAL]


class TwinsReply(Record):
    """Questions for segment twins."""

    questions: tuple[TwinQuestion, ...]


class AnswerReply(Record):
    """One answer, preferred or wrong."""

    answer: str


class RewriteReply(Record):
    """An annotated question and its answer as sentences."""

    question: str
    answer: str


class EntityAnswer(Record):
    """An answer with another entity in it."""

    entity: str
    answer: str


class IrrelevantReply(Record):
    """Answers that name something which the video does not show."""

    answers: tuple[EntityAnswer, ...]


class StatedClaim(Record):
    """What one answer asserts, in words."""

    answer: int
    """Number of the answer, from 1."""
    predicate: str
    """Name of a predicate, or "none"."""
    subject: str
    """Words of question or answer; empty for predicates without."""
    object: str
    """Words of question or answer; empty for predicates without."""
    value: str
    """A value of the predicate; empty for predicates without."""


class ClaimsReply(Record):
    """What the answers to a question assert."""

    claims: tuple[StatedClaim, ...]


class BoxReply(Record):
    """The key object of an answer, and where it is on a frame, in thousandths of it."""

    thing: str
    """A noun."""
    found: bool
    """Whether the frame shows it, and nothing else that might be meant."""
    left: int
    top: int
    right: int
    bottom: int
