"""A question with one right answer that a program can tell."""

from dataclasses import dataclass
from enum import StrEnum


class AnswerKind(StrEnum):
    """What the answer is."""

    CHOICE = "choice"
    """The letter of an option."""
    INTERVAL = "interval"
    """A start and an end in seconds."""
    BOX = "box"
    """Left, top, right and bottom in thousandths of the frame."""


@dataclass(frozen=True)
class VerifiableQuestion:
    """A question as a model is asked it, and the truth as a reward takes it."""

    kind: AnswerKind
    text: str
    """What the model is asked, how it is to answer included."""
    truth: str
    """The right answer and what chance would give, as JSON."""
    speaks_of_seconds: bool = False
    """Whether it can be answered only by who knows when the frames are shown."""
