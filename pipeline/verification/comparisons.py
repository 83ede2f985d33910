"""Checks that the comparisons of a round of self-sampling agree with its pairs and its account."""

from collections.abc import Iterator

from pipeline.dataset.finished_set import ROUND_TABLES, FinishedSet
from pipeline.verification.failure import SetFailure
from pipeline.verification.rows import rows_of
from schemas.drop import ItemType
from schemas.samples import Comparison


def comparison_failures(opened: FinishedSet, pair_count: int) -> Iterator[SetFailure]:
    """Read the further tables of a round, and compare their rows with the account; nothing for other sets.

    Args:
        opened: the set.
        pair_count: how many pairs the rows hold.
    """
    if not any(opened.shards(table) for table in ROUND_TABLES):
        return
    for table in set(ROUND_TABLES) - {"comparisons"}:
        yield from (row for row in rows_of(opened, ROUND_TABLES[table], table) if isinstance(row, SetFailure))
    rows = became = 0
    for row in rows_of(opened, Comparison, "comparisons"):
        if isinstance(row, SetFailure):
            yield row
            continue
        rows += 1
        became += row.record.pair_id is not None
        if row.record.outcome.value not in row.group.shard.path:
            yield SetFailure(f"comparison {row.record.comparison_id}", f"its outcome is {row.record.outcome}")
    line = opened.manifest.account.line(ItemType.PAIR)
    produced = line.produced if line else 0
    if rows != produced:
        yield SetFailure("comparisons", f"there are {rows}, and dataset.json lists {produced} pairs that were produced")
    if became != pair_count:
        yield SetFailure("comparisons", f"{became} of them are pairs, and the set holds {pair_count} pairs")
