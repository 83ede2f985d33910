"""Shards that are not those of dataset.json are reported."""

import errno
from typing import NoReturn

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.storage.location import Location
from schemas.arrow import arrow_schema
from schemas.pair import Pair
from tests.finished import Whole
from tests.pipeline.verification.damage import CLIPS, PAIRS, found, problems_of, rewrite


def test_a_flipped_byte_is_reported(copy: Whole) -> None:
    """One changed byte in the middle of a shard changes its SHA-256, and nothing else that dataset.json lists."""
    path = copy.path / CLIPS
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    [problem, *_] = problems_of(copy, CLIPS)
    assert problem.startswith("SHA-256 is ")


def test_a_truncated_shard_is_reported(copy: Whole) -> None:
    """A shard that lost its end is reported with both sizes, and reading goes on."""
    path = copy.path / PAIRS
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[: size // 2])
    assert f"{size // 2} bytes, dataset.json lists {size}" in problems_of(copy, PAIRS)


def test_a_missing_shard_is_reported(copy: Whole) -> None:
    """A shard that is listed and not there."""
    (copy.path / CLIPS).unlink()
    assert problems_of(copy, CLIPS) == ["the file is missing"]


def test_a_surplus_shard_is_reported(copy: Whole) -> None:
    """A shard that is there and not listed."""
    (copy.path / "pairs" / "train-00001.parquet").write_bytes((copy.path / PAIRS).read_bytes())
    assert [failure.item for failure in found(copy)] == ["pairs/train-00001.parquet"]


def test_a_shard_that_cannot_be_read_is_reported(copy: Whole, monkeypatch: pytest.MonkeyPatch) -> None:
    """An OSError on the way to a shard or a folder is a failure of that item, and the other checks go on."""

    def refuse(place: Location) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied", str(place))

    monkeypatch.setattr(Location, "sha256", refuse)
    assert problems_of(copy, CLIPS) == ["it cannot be read: Permission denied"]
    monkeypatch.setattr(Location, "entries", refuse)
    assert problems_of(copy, "clips") == ["it cannot be read: Permission denied"]


def test_other_columns_are_reported(copy: Whole) -> None:
    """A table that lacks a column is reported, and nothing else breaks."""
    rewrite(copy, PAIRS, pq.read_table(copy.path / PAIRS).drop_columns(["weight"]))
    assert problems_of(copy, PAIRS) == ["its columns are not those of the pairs table"]


def test_a_row_in_the_shard_of_another_split_is_reported(copy: Whole) -> None:
    """`load_dataset` believes the name of the file: a row of the split test in a file of the split train."""
    rows = pq.read_table(copy.path / PAIRS).to_pylist()
    rows[0]["split"] = "test"
    rewrite(copy, PAIRS, pa.Table.from_pylist(rows, schema=arrow_schema(Pair)))
    assert "it holds rows of the split test" in problems_of(copy, PAIRS)
