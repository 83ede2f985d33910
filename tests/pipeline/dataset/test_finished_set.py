"""A finished set is read lazily."""

from pathlib import Path

from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.shard_writer import ShardSizes
from schemas.pair import Pair
from tests.finished import write_set


def test_rows_are_read_one_row_group_at_a_time(tmp_path: Path) -> None:
    """A table in many row groups reads as in one."""
    small = write_set(tmp_path / "small", videos=6, sizes=ShardSizes(row_group_rows=2, row_groups=2))
    opened = FinishedSet.open(str(small.path))
    assert len(opened.shards("pairs")) > 1
    pairs = [pair for video in small.finalised.videos for pair in video.pairs()]
    assert list(opened.records(Pair, "pairs")) == pairs
