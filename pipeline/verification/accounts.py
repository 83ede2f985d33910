"""Does the account of dataset.json agree with the rows?"""

from collections import Counter
from collections.abc import Iterator, Mapping

from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.rows import rows_of
from schemas.dataset import Account
from schemas.drop import Drop, DropReason, ItemType


def account_failures(opened: FinishedSet, kept: Mapping[ItemType, int], videos: set[str]) -> Iterator[str]:
    """One line per count that the rows contradict.

    Args:
        opened: the set.
        kept: how many items of a type the rows hold.
        videos: ids of the videos with pairs: none of them may be dropped too.
    """
    dropped: Counter[tuple[ItemType, DropReason]] = Counter()
    for row in rows_of(opened, Drop, "drops"):
        if isinstance(row, str):
            yield row
            continue
        drop = row.record
        dropped[drop.item_type, drop.reason] += 1
        if drop.item_type is ItemType.VIDEO and drop.reason is not DropReason.DUPLICATE and drop.item_id in videos:
            yield f"video {drop.item_id}: it has pairs and is dropped as {drop.reason.value}"
    account = opened.manifest.account
    for item_type, count in kept.items():
        line = account.line(item_type)
        if line is None or line.kept != count:
            said = "nothing" if line is None else line.kept
            yield f"account: {count} of type {item_type.value} are in the set, dataset.json says {said}"
    told = _told(account)
    for item_type, reason in sorted(dropped.keys() | told.keys()):
        if dropped[item_type, reason] != told[item_type, reason]:
            yield (
                f"account: {dropped[item_type, reason]} drops of type {item_type.value} for {reason.value}, "
                f"dataset.json says {told[item_type, reason]}"
            )


def _told(account: Account) -> Counter[tuple[ItemType, DropReason]]:
    return Counter({(line.item_type, entry.reason): entry.count for line in account.lines for entry in line.dropped})
