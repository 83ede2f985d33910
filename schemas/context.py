"""What a policy wrote about a clip for the judge of a round, clause by clause."""

from enum import StrEnum

from schemas.interval import Interval
from schemas.record import Record


class ClauseTruth(StrEnum):
    """What the scene says of a clause."""

    CONFIRMED = "confirmed"
    """Every thing that it names is in view at its time; what else it says is not checked."""
    UNKNOWN = "unknown"
    """The scene decides nothing: it stays, and is counted apart."""
    REFUTED = "refuted"
    """A thing that it names was searched for and is not there, or not at its time: it is struck."""


class ContextClause(Record):
    """One sentence of a context."""

    text: str
    """One plain sentence."""
    interval: Interval | None
    """When it is so, on the clip's clock in container seconds; null for all of the clip."""
    truth: ClauseTruth
    """What the scene says of it."""
    refuted_by: str | None = None
    """The thing that is not there; null unless it is refuted."""
    is_repeated: bool = False
    """Whether the context of the round before holds it in the same words."""


class ClipContext(Record):
    """The context of one clip in one round; the judge of the round is given it, and nobody else."""

    clip_id: str
    """The clip."""
    is_fresh: bool
    """Whether it was written from the frames alone, without the context of the round before."""
    clauses: tuple[ContextClause, ...]
    """All that were written, struck ones too, in the order of the text."""
    model: str
    """The model that wrote it."""
    prompt_hash: str
    """The prompt that it was written for, with its version."""

    @property
    def kept(self) -> tuple[ContextClause, ...]:
        """The clauses that the judge is given."""
        return tuple(clause for clause in self.clauses if clause.truth is not ClauseTruth.REFUTED)

    def count(self, truth: ClauseTruth) -> int:
        """How many clauses are of that kind."""
        return sum(clause.truth is truth for clause in self.clauses)
