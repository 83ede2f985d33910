"""What language models reply in a round; the JSON schemas beside the prompts say the same."""

from typing import Literal

from pydantic import Field

from schemas.claim import Axis
from schemas.record import Record


class WrittenNote(Record):
    """One sentence of a context."""

    start: float = Field(alias="from")
    """Seconds from the start of what is shown."""
    end: float = Field(alias="to")
    """Likewise."""
    text: str


class ContextReply(Record):
    """A context."""

    notes: tuple[WrittenNote, ...]


class ReasonReply(Record):
    """What is wrong about the worse of two answers."""

    seen: str
    """What the judge sees; it looks before it judges."""
    clause: str
    """The words that are wrong; empty if it finds none."""
    axis: Literal[Axis.SPATIAL, Axis.TEMPORAL, Axis.CROSS_FRAME, "none"]
