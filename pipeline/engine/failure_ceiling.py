"""A ceiling on failures that are the machine's: where most videos fail, something is wrong that no video can help."""

from collections import Counter
from collections.abc import Iterable

from schemas.counted import counted
from schemas.drop import Drop, DropReason
from schemas.errors import CapError

TRANSIENT = frozenset(
    {
        DropReason.CHILD_CRASHED,
        DropReason.CHILD_CPU_LIMIT,
        DropReason.CHILD_MEMORY_LIMIT,
        DropReason.CHILD_STALLED,
        DropReason.UNREADABLE,
    }
)
"""Drops of another machine, or of another time, may see it differently: --retry-drops makes them again."""
LEAST_VIDEOS = 20
"""Of fewer videos a share says nothing."""


class FailureCeiling:
    """Stops a run of which too many videos are dropped for a reason of `TRANSIENT`."""

    def __init__(self, max_share: float) -> None:
        """`max_share`: of the videos done, 0..1; 1 never stops."""
        self._max_share = max_share
        self._done = 0
        self._failed: Counter[DropReason] = Counter()

    def count(self, drops: Iterable[Drop]) -> None:
        """Count one video that is done, by its drops. CapError where that is one too many."""
        self._done += 1
        self._failed.update({drop.reason for drop in drops} & TRANSIENT)
        failed = self._failed.total()
        if self._done >= LEAST_VIDEOS and failed > self._max_share * self._done:
            reasons = ", ".join(
                f"{count} {reason.value.replace('_', ' ')}" for reason, count in sorted(self._failed.items())
            )
            raise CapError(
                f"{failed} of {counted(self._done, 'video')} failed ({reasons}), more than engine.max_failed_share = "
                f"{self._max_share:g} allows: see what is wrong with the machine or the store; what is done is kept, "
                "and the same command with --retry-drops goes on"
            )
