"""The account of a run: produced = kept + dropped."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.dataset import Account, AccountLine, ReasonCount
from schemas.drop import Drop, DropReason, ItemType
from schemas.unit import UnitOffer

_COUNTED = (ItemType.VIDEO, ItemType.CLIP, ItemType.QUESTION, ItemType.PAIR)
"""Types whose items are counted as they are produced; for other types, produced is the sum of kept and dropped."""


@dataclass
class Tallies:
    """How many items of each type were produced, kept and dropped so far."""

    produced: Counter[ItemType] = field(default_factory=Counter)
    kept: Counter[ItemType] = field(default_factory=Counter)
    dropped: Counter[tuple[ItemType, DropReason]] = field(default_factory=Counter)

    def count_offer(self, offer: UnitOffer) -> None:
        """Count the videos, questions, comparisons of samples and dropped clips of a unit as produced."""
        self.produced[ItemType.VIDEO] += 1
        self.produced[ItemType.QUESTION] += offer.questions_seen
        self.produced[ItemType.PAIR] += len(offer.retrospection.comparisons) if offer.retrospection else 0
        self.produced[ItemType.CLIP] += sum(drop.item_type is ItemType.CLIP for drop in offer.drops)

    def count_drops(self, drops: Iterable[Drop]) -> None:
        """Count items that left the pipeline."""
        self.dropped.update((drop.item_type, drop.reason) for drop in drops)

    def account(self, ignored_files: int) -> Account:
        """The account. Raises pydantic's ValidationError with the first type of item that does not add up."""
        met = {item_type for item_type, _ in self.dropped}
        lines = (self._line(item_type) for item_type in ItemType if item_type in _COUNTED or item_type in met)
        return Account(lines=tuple(lines), ignored_files=ignored_files)

    def _line(self, item_type: ItemType) -> AccountLine:
        reasons = sorted((reason, count) for (kind, reason), count in self.dropped.items() if kind is item_type)
        dropped = tuple(ReasonCount(reason=reason, count=count) for reason, count in reasons)
        kept = self.kept[item_type]
        produced = self.produced[item_type] if item_type in _COUNTED else kept + sum(count for _, count in reasons)
        return AccountLine(item_type=item_type, produced=produced, kept=kept, dropped=dropped)
