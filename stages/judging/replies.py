"""What language models reply as judges; the JSON schemas beside the prompts say the same."""

from typing import Literal

from schemas.claim import Axis
from schemas.record import Record

Holds = Literal["yes", "no", "unclear"]


class FaithfulReply(Record):
    """Whether an answer is true of what is shown."""

    seen: str
    """What the judge sees; it looks before it judges."""
    holds: Holds
    sure: int
    """From 1, a guess, to 5, certain."""


class GenuineReply(Record):
    """Whether an answer is wrong, and on which axis."""

    seen: str
    holds: Holds
    wrong_about: Literal[Axis.SPATIAL, Axis.TEMPORAL, Axis.CROSS_FRAME, "none"]
    sure: int


class CompareReply(Record):
    """Which of two answers is right."""

    seen: str
    right: Literal["A", "B", "both", "neither"]
    same: bool
    """Whether the two mean the same."""
    sure: int


class BlindReply(Record):
    """Which of two answers is likelier, if nothing is seen."""

    right: Literal["A", "B", "neither"]
    sure: int
