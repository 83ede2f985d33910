"""Stops a run when too many videos are dropped for reasons that lie with the machine or the store."""

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
        DropReason.ENDPOINT_FAILED,
    }
)
"""Reasons that another machine, or another time, may mend: --retry-drops tries these videos again."""
LEAST_VIDEOS = 20
"""Below this many videos the share is not checked."""


class FailureCeiling:
    """Counts the videos that are done, and those dropped for a reason of `TRANSIENT`."""

    def __init__(self, max_share: float) -> None:
        """`max_share`: largest share of failed videos, 0..1; 1 never stops a run."""
        self._max_share = max_share
        self._done = 0
        self._failed: Counter[DropReason] = Counter()

    def count(self, drops: Iterable[Drop]) -> None:
        """Count one video that is done, by its drops. Raises CapError if too many have failed."""
        self._done += 1
        self._failed.update({drop.reason for drop in drops} & TRANSIENT)
        failed = self._failed.total()
        if self._done >= LEAST_VIDEOS and failed > self._max_share * self._done:
            reasons = ", ".join(
                f"{count} {reason.value.replace('_', ' ')}" for reason, count in sorted(self._failed.items())
            )
            raise CapError(
                f"{failed} of {counted(self._done, 'video')} failed ({reasons}), more than engine.max_failed_share = "
                f"{self._max_share:g} allows; check the machine and the store. Finished videos are kept: "
                "continue with the same command and --retry-drops"
            )
