"""Why something is not proven."""

from dataclasses import dataclass

from schemas.drop import DropReason


@dataclass(frozen=True)
class Failure:
    """Why an answer, a pair or a group is not proven."""

    reason: DropReason
    detail: str
    """The predicate, or a fixed phrase."""
    measured: float | None = None
    """The margin, or what else was measured."""
    limit: float | None = None
    """The least of it that is enough."""
