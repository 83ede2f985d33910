"""Checks that the account in dataset.json agrees with the rows."""

from collections import Counter
from collections.abc import Iterator, Mapping

from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.failure import SetFailure
from pipeline.verification.rows import rows_of
from schemas.dataset import Account
from schemas.drop import Drop, DropReason, ItemType


def account_failures(opened: FinishedSet, kept: Mapping[ItemType, int], videos: set[str]) -> Iterator[SetFailure]:
    """Compare the account with the rows, and read all drops.

    Args:
        opened: the set.
        kept: how many items of each type the rows hold.
        videos: ids of the videos with pairs; none of them may be dropped as well.
    """
    dropped: Counter[tuple[ItemType, DropReason]] = Counter()
    for row in rows_of(opened, Drop, "drops"):
        if isinstance(row, SetFailure):
            yield row
            continue
        drop = row.record
        dropped[drop.item_type, drop.reason] += 1
        if drop.item_type is ItemType.VIDEO and drop.reason is not DropReason.DUPLICATE and drop.item_id in videos:
            yield SetFailure(f"video {drop.item_id}", f"it has pairs, and is dropped as {drop.reason.value}")
    account = opened.manifest.account
    for item_type, count in kept.items():
        line = account.line(item_type)
        if line is None or line.kept != count:
            listed = "no such item" if line is None else line.kept
            yield SetFailure("account", f"the set holds {count} of type {item_type.value}, dataset.json lists {listed}")
    listed_drops = _drops_listed(account)
    for item_type, reason in sorted(dropped.keys() | listed_drops.keys()):
        rows, listed = dropped[item_type, reason], listed_drops[item_type, reason]
        if rows != listed:
            what = f"drops of type {item_type.value} for {reason.value}"
            yield SetFailure("account", f"the set holds {rows} {what}, dataset.json lists {listed}")


def _drops_listed(account: Account) -> Counter[tuple[ItemType, DropReason]]:
    return Counter({(line.item_type, entry.reason): entry.count for line in account.lines for entry in line.dropped})
