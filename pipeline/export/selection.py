"""Which pairs of a set are exported: what people object to, --filter and --where leave some out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.dataset.finished_set import FinishedSet
from pipeline.export.filters import ACCEPTED, PairFilter, all_take
from pipeline.export.left_out import LeftOutPair, LeftOutReason
from pipeline.export.where import pair_ids_where
from pipeline.reviews.folder import FOLDER, ReviewFolder
from pipeline.reviews.taken_out import TakenOut, taken_out
from schemas.errors import UserError
from schemas.human_verdict import HumanVerdict, Judgement, texts_hash
from schemas.pair import Pair


@dataclass(frozen=True)
class Selection:
    """Which pairs of a set are exported."""

    filters: tuple[PairFilter, ...] = ()
    wanted: frozenset[str] | None = None
    """The ids of the pairs for which --where holds; None: all."""
    objected: TakenOut | None = None
    """What people object to; None if nobody was asked."""
    accepted: frozenset[str] = frozenset()
    """By hash of their texts and id: pairs that people call right."""

    @classmethod
    def of(cls, opened: FinishedSet, filters: Sequence[str], where: str | None, reviews: str | None) -> "Selection":
        """The selection that options ask for. UserError if one is wrong, DatasetError if set or reviews are damaged."""
        parsed = tuple(map(PairFilter.parse, filters))
        by_people = any(one.name == ACCEPTED for one in parsed)
        asked = reviews is not None or by_people
        verdicts = ReviewFolder.of(opened, reviews).all_verdicts() if asked else []
        if asked and not verdicts:
            where_from = reviews or f"{opened.location}/{FOLDER}"
            raise UserError(f"{where_from} holds no verdicts of people; --reviews names the folder that does")
        return cls(
            parsed,
            None if where is None else pair_ids_where(opened, where),
            taken_out(opened, verdicts) if asked else None,
            _accepted(verdicts) if by_people else frozenset(),
        )

    def split(self, pairs: Iterable[Pair]) -> tuple[list[Pair], list[LeftOutPair]]:
        """The pairs that are exported, and those that are not."""
        gone = frozenset(self.objected.group_ids) if self.objected is not None else frozenset[str]()
        kept, left_out = [], []
        for pair in pairs:
            if pair.group_id in gone:
                left_out.append(LeftOutPair(pair_id=pair.pair_id, reason=LeftOutReason.OBJECTED_TO))
            elif self._takes(pair):
                kept.append(pair)
            else:
                left_out.append(LeftOutPair(pair_id=pair.pair_id, reason=LeftOutReason.FILTERED))
        return kept, left_out

    def _takes(self, pair: Pair) -> bool:
        if self.wanted is not None and pair.pair_id not in self.wanted:
            return False
        said = texts_hash(pair.question, pair.chosen, pair.rejected) if self.accepted else ""
        known = frozenset((pair.pair_id,)) if f"{pair.pair_id}\0{said}" in self.accepted else frozenset[str]()
        return all_take(self.filters, pair, known)


def _accepted(verdicts: Iterable[HumanVerdict]) -> frozenset[str]:
    right = (one for one in verdicts if one.judgement is Judgement.RIGHT)
    return frozenset(f"{one.pair_id}\0{one.texts_sha256}" for one in right)
