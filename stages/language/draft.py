"""What the writing steps hand to each other: a question of a model, and answers before they are a group."""

from dataclasses import dataclass, field

from schemas.claim import Axis, Claim, QuestionType
from schemas.interval import Interval
from schemas.pair import Corruption, RejectedKind


@dataclass(frozen=True)
class DraftQuestion:
    """A question about a clip, as a model or a person asks it."""

    slot_id: str
    """Unique in the set."""
    text: str
    question_type: QuestionType
    axis: Axis
    evidence: tuple[Interval, ...]
    """When the answer can be seen, in container seconds."""
    model: str
    """Who asks."""
    prompt_hash: str
    objects: tuple[str, ...] = ()
    """Nouns of the things that it is about."""


@dataclass(frozen=True)
class DraftAnswer:
    """One answer to it."""

    text: str
    model: str
    """Who wrote it."""
    prompt_hash: str
    rejected_kind: RejectedKind | None = None
    """None for the preferred answer."""
    adversary_axis: Axis | None = None
    """The axis on which it is to be wrong."""
    corruption: Corruption = field(default_factory=Corruption)
    """How it was made wrong."""
    absent: str | None = None
    """The thing that it names and the video does not show."""
    claim: Claim | None = None
    """What the scene proves of it; None if the scene does not decide it."""
