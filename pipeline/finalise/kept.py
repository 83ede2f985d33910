"""The questions that are in the set so far, what they add up to, and why the others are not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.finalise.alternatives import Alternative
from pipeline.finalise.balance import Tally
from schemas.claim import Axis, Predicate
from schemas.drop import DropReason
from stages.seeding import rng_for

CHOSEN, REJECTED = "chosen", "rejected"


@dataclass(frozen=True)
class Refusal:
    """Why a question is left out."""

    slot_id: str
    cluster: str
    reason: DropReason
    measured: float
    limit: float
    detail: str | None


class Keeping:
    """What is kept, by slot id (unique in the set), with its running counts."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.kept: dict[str, Alternative] = {}
        self.refusals: list[Refusal] = []
        self.tally = Tally()
        """Imbalances of what is kept."""
        self.pairs: Counter[tuple[str, Predicate]] = Counter()
        """Pairs in which the chosen, or the rejected, answer asserts a predicate."""
        self.axes: Counter[Axis] = Counter()
        """Pairs of each axis."""
        self._pairs_of: Counter[tuple[str, Predicate, str]] = Counter()
        self._videos: Counter[tuple[str, Predicate]] = Counter()

    @property
    def pair_count(self) -> int:
        """Pairs altogether."""
        return self.axes.total()

    @property
    def with_absent(self) -> int:
        """Questions in which a thing is named that the video lacks."""
        return sum(option.names_absent for option in self.kept.values())

    def is_rare(self, option: Alternative, pairs: float, videos: float) -> bool:
        """Whether without it some predicate that it asserts would be left in fewer pairs, or videos, than these."""
        for key, count in option.pairs_by_role.items():
            last = self._pairs_of[*key, option.cluster] == count
            if self.pairs[key] - count < pairs or (last and self._videos[key] - 1 < videos):
                return True
        return False

    def take(self, option: Alternative) -> None:
        """Keep an alternative of a slot."""
        self.kept[option.slot_id] = option
        self._count(option, 1)

    def drop(
        self, option: Alternative, reason: DropReason, measured: float, limit: float, detail: str | None = None
    ) -> None:
        """Take out what was kept."""
        del self.kept[option.slot_id]
        self._count(option, -1)
        self.refuse(option, reason, measured, limit, detail)

    def refuse(
        self, option: Alternative, reason: DropReason, measured: float, limit: float, detail: str | None = None
    ) -> None:
        """Leave a question out."""
        self.refusals.append(
            Refusal(option.slot_id, option.cluster, reason, round(measured, 6), round(limit, 6), detail)
        )

    def lot(self, purpose: str, slot_id: str) -> float:
        """A random number in [0, 1) that depends on nothing but the seed, the purpose and the slot."""
        return float(rng_for(self._seed, purpose, slot_id).random())

    def by_lot(self, options: Iterable[Alternative]) -> list[Alternative]:
        """In random order, whatever order they come in."""
        return sorted(options, key=lambda option: self.lot("cut", option.slot_id))

    def _count(self, option: Alternative, sign: int) -> None:
        self.tally.add(option.cluster, option.lean, sign)
        self.axes[option.axis] += sign * option.pair_count
        for key, count in option.pairs_by_role.items():
            self.pairs[key] += sign * count
            before = self._pairs_of[*key, option.cluster]
            self._pairs_of[*key, option.cluster] = before + sign * count
            self._videos[key] += (before + sign * count > 0) - (before > 0)
