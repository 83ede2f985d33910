"""Answers that are better must not be told by their length: pairs are matched, longer by as much against shorter."""

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple


class PairLengths(NamedTuple):
    """How long the answers of one pair are, in words."""

    better: int
    worse: int

    @property
    def longer_by(self) -> int:
        """Words by which the better one is longer; negative if it is shorter."""
        return self.better - self.worse


def length_correlation(pairs: Sequence[PairLengths]) -> float:
    """Pearson's correlation, -1..1, of being the better answer with the words of an answer; 0 without a difference."""
    return _Sums.of(pairs).correlation


def length_matched(pairs: Sequence[PairLengths], limit: float) -> list[bool]:
    """For each pair whether it is kept, so that neither length nor being the longer one tells which answer is better.

    Pairs are matched, one with a longer better answer against one with a better answer that is shorter by about as
    much; of the others those with the least difference stay as long as both correlations are at most the limit, or
    what chance alone would give. Of equal pairs the earlier one stays.

    Args:
        pairs: the pairs, in an order that says nothing.
        limit: the largest correlation, 0..1.
    """
    everything = _Sums.of(pairs)
    if everything.is_within(limit):
        return [True] * len(pairs)
    by_difference = sorted(range(len(pairs)), key=lambda place: abs(pairs[place].longer_by))
    couples = _couples(pairs, by_difference)
    kept = {place for place in by_difference if not pairs[place].longer_by}
    sums = _Sums.of([pairs[place] for place in kept])
    # the couples whose differences are most unequal come last, and go first
    for couple in sorted(couples, key=lambda couple: abs(sum(pairs[place].longer_by for place in couple))):
        more = sums.plus([pairs[place] for place in couple])
        if more.is_within(limit):
            sums = more
            kept.update(couple)
    for place in by_difference:
        if place not in kept and (more := sums.plus([pairs[place]])).is_within(limit):
            sums = more
            kept.add(place)
    return [place in kept for place in range(len(pairs))]


_ALIKE_WORDS = 1
_ALIKE_SHARE = 0.2
"""Two differences are about equal if they differ by one word, or by a fifth of the smaller one."""


def _couples(pairs: Sequence[PairLengths], by_difference: Sequence[int]) -> list[tuple[int, int]]:
    """As many couples as there are of a pair with a longer and one with a shorter better answer, about as much each."""
    longer = [place for place in by_difference if pairs[place].longer_by > 0]
    shorter = [place for place in by_difference if pairs[place].longer_by < 0]
    found = []
    while longer and shorter:
        more, less = (abs(pairs[side[0]].longer_by) for side in (longer, shorter))
        if abs(more - less) <= max(_ALIKE_WORDS, _ALIKE_SHARE * min(more, less)):
            found.append((longer.pop(0), shorter.pop(0)))
        else:
            (longer if more < less else shorter).pop(0)
    return found


class _Sums(NamedTuple):
    """What the correlations of some pairs follow from."""

    pairs: int = 0
    words: int = 0
    squares: int = 0
    longer_by: int = 0
    longer: int = 0
    """Pairs whose better answer is longer, less those in which it is shorter."""

    @classmethod
    def of(cls, pairs: Sequence[PairLengths]) -> "_Sums":
        return cls().plus(pairs)

    def plus(self, pairs: Sequence[PairLengths]) -> "_Sums":
        return _Sums(
            self.pairs + len(pairs),
            self.words + sum(pair.better + pair.worse for pair in pairs),
            self.squares + sum(pair.better**2 + pair.worse**2 for pair in pairs),
            self.longer_by + sum(pair.longer_by for pair in pairs),
            self.longer + sum((pair.longer_by > 0) - (pair.longer_by < 0) for pair in pairs),
        )

    @property
    def correlation(self) -> float:
        """Of the label, which is 1 or -1 for one answer of each pair, with the words of all answers."""
        answers = 2 * self.pairs
        spread = self.squares * answers - self.words**2
        return self.longer_by / sqrt(spread) if spread > 0 else 0.0

    def is_within(self, limit: float) -> bool:
        """Whether both correlations are at most the limit, or one standard deviation of what chance gives."""
        if not self.pairs:
            return True
        allowed = max(limit, 1 / sqrt(2 * self.pairs))
        return max(abs(self.correlation), abs(self.longer) / self.pairs) <= allowed
