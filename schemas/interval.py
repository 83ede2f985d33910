"""An interval of container time, [start, end) in seconds."""

from collections.abc import Iterable
from typing import Self

from pydantic import model_validator

from schemas.record import Record


class Interval(Record):
    """An interval on the container's clock."""

    start_seconds: float
    """First moment, in container seconds (not shifted to zero)."""
    end_seconds: float
    """The first moment after the interval, in container seconds; later than the start."""

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if not self.start_seconds < self.end_seconds:
            raise ValueError(f"interval [{self.start_seconds}, {self.end_seconds}) must end after it starts")
        return self

    @property
    def duration_seconds(self) -> float:
        """Length in seconds, always positive."""
        return self.end_seconds - self.start_seconds

    def contains(self, pts_seconds: float) -> bool:
        """Whether the moment lies in [start, end)."""
        return self.start_seconds <= pts_seconds < self.end_seconds

    def overlap_seconds(self, other: "Interval") -> float:
        """Seconds that both intervals share; if negative, minus the gap between them."""
        return min(self.end_seconds, other.end_seconds) - max(self.start_seconds, other.start_seconds)

    def iou(self, other: "Interval") -> float:
        """Temporal intersection over union, 0..1."""
        shared = max(0.0, self.overlap_seconds(other))
        return shared / (self.duration_seconds + other.duration_seconds - shared)


def shared_seconds(left: Iterable[Interval], right: Iterable[Interval]) -> float:
    """Seconds that two sets of disjoint intervals share."""
    right = tuple(right)
    return sum(max(0.0, a.overlap_seconds(b)) for a in left for b in right)
