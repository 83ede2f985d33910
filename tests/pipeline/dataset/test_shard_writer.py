"""Shards of fixed size, whatever the portions in which rows come."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.dataset.shard_writer import ShardSizes, ShardWriter
from pipeline.storage.location import Location
from schemas.dataset import ShardEntry

SCHEMA = pa.schema([pa.field("id", pa.int64(), nullable=False), pa.field("content", pa.large_binary())])


def write(tmp_path: Path, name: str, portions: list[int], sizes: ShardSizes) -> list[ShardEntry]:
    scratch = tmp_path / f"{name}-scratch"
    scratch.mkdir()
    writer = ShardWriter(Location.parse(str(tmp_path / name)), "rows", SCHEMA, sizes, scratch)
    first = 0
    for portion in portions:
        ids = list(range(first, first + portion))
        writer.add(pa.table([ids, [b"x" * 100] * portion], schema=SCHEMA))
        first += portion
    return writer.finish()


def test_row_groups_and_shards_are_full_but_the_last(tmp_path: Path) -> None:
    """25 rows in groups of 4, 3 groups a shard: shards of 12, 12 and 1 rows, in groups of 4, 4, 4."""
    entries = write(tmp_path, "set", [7, 1, 17], ShardSizes(row_group_rows=4, row_groups=3))
    assert [entry.rows for entry in entries] == [12, 12, 1]
    assert [entry.path for entry in entries] == [f"rows/part-{n:05d}.parquet" for n in range(3)]
    metadata = pq.read_metadata(tmp_path / "set" / entries[0].path)
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [4, 4, 4]
    ids = [i for e in entries for i in pq.ParquetFile(tmp_path / "set" / e.path).read()["id"].to_pylist()]
    assert ids == list(range(25))


@pytest.mark.parametrize("portions", [[30], [1] * 30, [13, 0, 17]])
def test_bytes_do_not_depend_on_the_portions(tmp_path: Path, portions: list[int]) -> None:
    """The same rows give the same files however they come."""
    sizes = ShardSizes(row_group_rows=8, row_groups=2)
    expected = write(tmp_path, "reference", [10, 10, 10], sizes)
    assert write(tmp_path, "portions", portions, sizes) == expected


def test_a_group_of_large_rows_is_closed_by_its_bytes(tmp_path: Path) -> None:
    """Rows of about 108 bytes with at most 250 bytes a group: two a group."""
    entries = write(tmp_path, "set", [1] * 5, ShardSizes(row_group_bytes=250))
    metadata = pq.read_metadata(tmp_path / "set" / entries[0].path)
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [2, 2, 1]


def test_no_rows_are_one_empty_shard(tmp_path: Path) -> None:
    """A table without rows can still be opened by its schema."""
    [entry] = write(tmp_path, "set", [], ShardSizes())
    assert entry.rows == 0
    assert pq.ParquetFile(tmp_path / "set" / entry.path).schema_arrow.equals(SCHEMA)
