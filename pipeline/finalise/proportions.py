"""How many pairs each predicate may have so that none makes up too much of the set."""

from collections.abc import Collection
from itertools import accumulate

_LOOSER = 1.1


def pairs_allowed(counts: Collection[int], max_share: float, max_loss: float) -> float:
    """The largest number of pairs that any predicate may have, given how many each has.

    Largest L with L <= share x sum(min(count, L)), for share = `max_share`; where that would cost more than
    `max_loss` (0..1) of all pairs, there being too few predicates to share among,
    share is raised until it does not.
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
    """Cap the 0, 1, 2, ... commonest: with `capped` at L and the rest whole, L = share x (capped x L + rest)."""
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
