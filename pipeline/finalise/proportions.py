"""How many pairs each theme may have so that none makes up too much of the set."""

from collections.abc import Collection
from itertools import accumulate

_LOOSER = 1.1
"""Factor by which the largest share is raised if it would cost too many pairs."""


def pairs_allowed(counts: Collection[int], max_share: float, max_loss: float) -> float:
    """The largest number of pairs that any theme may have, given how many each has.

    The largest L with L <= share x sum(min(count, L)), for share = `max_share`. If that would cost more than
    `max_loss` (0..1) of all pairs, since there are too few themes, share is raised until it does not.
    """
    total = sum(counts)
    share = max_share
    while share < 1:
        limit = _limit(sorted(counts, reverse=True), share)
        if sum(min(count, limit) for count in counts) >= (1 - max_loss) * total:
            return limit
        share *= _LOOSER
    return float(max(counts, default=0))


def _limit(falling: list[int], share: float) -> float:
    """Solve L = share x (capped x L + rest), where the `capped` commonest have L and `rest` counts all others."""
    rests = [sum(falling) - taken for taken in accumulate(falling, initial=0)]
    if not falling or falling[0] <= share * rests[0]:
        return float(max(falling, default=0))
    for capped in range(1, len(falling) + 1):
        room = 1 - share * capped
        if room <= 0:
            return 0.0
        limit = share * rests[capped] / room
        if limit >= (falling[capped] if capped < len(falling) else 0):
            return limit
    return 0.0
