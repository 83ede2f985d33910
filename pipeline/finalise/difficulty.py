"""How hard it is to see that one answer is right and another wrong: the smaller the margin, the harder.

Margins of different predicates have different units, so that each is ranked among those of its own kind.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from statistics import fmean

from schemas.claim import Claim, Predicate
from schemas.group import AnswerOutline, CandidateAnswer, CandidateGroup, ClaimOutline, GroupOutline

QUARTERS = 4

Kind = tuple[Predicate, str, str]
"""What the margins have in common that are compared: the predicate, the kind of rejected answer, and what is done to
the clip.
"""
Measured = tuple[Kind, float]
"""A margin and its kind."""


def measured(group: CandidateGroup | GroupOutline) -> tuple[tuple[Measured, ...], ...]:
    """For each rejected answer the margins of the claims that tell it from the chosen one; none if it is not proven."""
    return tuple(tuple(_of_pair(group, answer)) for answer in group.rejected)


def _of_pair(group: CandidateGroup | GroupOutline, rejected: CandidateAnswer | AnswerOutline) -> Iterator[Measured]:
    trues: Sequence[Claim | ClaimOutline] = group.chosen.claims
    falses: Sequence[Claim | ClaimOutline] = rejected.claims
    for place, (true, false) in enumerate(zip(trues, falses, strict=False)):
        if true.margin is None or (len(trues) > 1 and place not in rejected.differing):
            continue
        # margins of two predicates have different units
        also = [false.margin] if false.predicate is true.predicate and false.margin is not None else []
        yield (true.predicate, str(rejected.rejected_kind), group.shown.name), min((true.margin, *also))


class Difficulties:
    """Ranks margins among all that are on offer."""

    def __init__(self, margins: Iterable[Measured] = ()) -> None:
        found: dict[Kind, list[float]] = defaultdict(list)
        for kind, margin in margins:
            found[kind].append(margin)
        self._sorted = {kind: sorted(values) for kind, values in found.items()}

    def of(self, margins: Sequence[Measured]) -> float | None:
        """1 minus the rank of a margin in its kind, 0..1, ties being averaged; None if there is no margin.

        Of several claims that tell two answers apart, the easiest counts.
        """
        return min((self._of_one(kind, margin) for kind, margin in margins), default=None)

    def quarter(self, pairs: Iterable[Sequence[Measured]]) -> int | None:
        """In which quarter of 0..1 the mean over some pairs lies, 0 being the easiest; None if nothing was measured."""
        known = [difficulty for difficulty in map(self.of, pairs) if difficulty is not None]
        return quarter_of(fmean(known)) if known else None

    def rated(self, group: CandidateGroup) -> CandidateGroup:
        """The group with the difficulty of each rejected answer."""
        by_text = {a.text: self.of(margins) for a, margins in zip(group.rejected, measured(group), strict=True)}
        answers = (a.model_copy(update={"difficulty": by_text.get(a.text)}) for a in group.answers)
        return group.model_copy(update={"answers": tuple(answers)})

    def _of_one(self, kind: Kind, margin: float) -> float:
        values = self._sorted[kind]
        return 1.0 - (bisect_left(values, margin) + bisect_right(values, margin)) / (2 * len(values))


def quarter_of(difficulty: float) -> int:
    """In which quarter of 0..1 a difficulty lies, 0 being the easiest."""
    return min(QUARTERS - 1, int(QUARTERS * difficulty))
