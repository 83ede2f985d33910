"""A seeded sample of pairs for review: at most one of each group, spread evenly over the set."""

import numpy as np
from numpy.typing import NDArray

from pipeline.viewer.pair_table import PairTable
from schemas.hash_order import hash_order


def sampled_rows(table: PairTable, count: int, seed: int) -> NDArray[np.int64]:
    """The rows of `count` pairs of different groups, or of one pair of each group if there are fewer.

    The same set, count and seed give the same pairs; a larger count adds to those of a smaller one.
    """
    groups = sorted(range(len(table.group_ids)), key=lambda number: hash_order(str(seed), table.group_ids[number]))
    rows = [_one_of(table, number, seed) for number in groups[:count]]
    return np.array(sorted(rows), dtype=np.int64)


def _one_of(table: PairTable, number: int, seed: int) -> int:
    rows = table.rows_of(table.group_ids[number])
    ids = [str(value["pair_id"]) for value in table.values(("pair_id",), rows)]
    return min(zip(rows, ids, strict=True), key=lambda entry: hash_order(str(seed), entry[1]))[0]
