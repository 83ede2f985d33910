"""Shards of fixed size, whatever the portions in which rows come."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.dataset.shard_writer import ShardSizes, ShardWriter, SplitWriter
from pipeline.storage.location import Location
from schemas.dataset import ShardEntry
from schemas.video import Split

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


@pytest.mark.parametrize("portions", [[], [0, 0]])
def test_no_rows_are_one_shard_without_a_row_group(tmp_path: Path, portions: list[int]) -> None:
    """A table without rows can be opened by its schema; some readers fail on a row group that is empty."""
    [entry] = write(tmp_path, "set", portions, ShardSizes())
    assert (entry.path, entry.rows) == ("rows/part-00000.parquet", 0)
    with pq.ParquetFile(tmp_path / "set" / entry.path) as file:
        assert file.num_row_groups == 0
        assert file.schema_arrow.equals(SCHEMA)


def test_full_shards_are_followed_by_none_that_is_empty(tmp_path: Path) -> None:
    """Eight rows in groups of 4, 2 groups a shard, fill one shard: there is no second one."""
    entries = write(tmp_path, "set", [8], ShardSizes(row_group_rows=4, row_groups=2))
    assert [entry.rows for entry in entries] == [8]


def split_writer(tmp_path: Path) -> SplitWriter[Split]:
    """A writer of the table `rows` of a set."""
    out = Location.parse(str(tmp_path / "set"))
    return SplitWriter(lambda split: ShardWriter(out, "rows", SCHEMA, ShardSizes(), tmp_path, part=split), Split.TRAIN)


def test_every_split_has_shards_of_its_own(tmp_path: Path) -> None:
    """Rows that come by turns for two splits end up in one shard each, in order; a split without rows has none."""
    writer = split_writer(tmp_path)
    for number, split in enumerate([Split.VALIDATION, Split.TRAIN, Split.VALIDATION]):
        writer.add(pa.table([[number], [b"x"]], schema=SCHEMA), split)
    entries = writer.finish()
    ids = {entry.path: pq.read_table(tmp_path / "set" / entry.path)["id"].to_pylist() for entry in entries}
    assert ids == {"rows/train-00000.parquet": [1], "rows/validation-00000.parquet": [0, 2]}


def test_a_table_by_split_without_rows_is_one_empty_shard(tmp_path: Path) -> None:
    """It is named after the split that every set is expected to have."""
    assert [(entry.path, entry.rows) for entry in split_writer(tmp_path).finish()] == [("rows/train-00000.parquet", 0)]
