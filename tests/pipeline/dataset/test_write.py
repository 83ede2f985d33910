"""A set is written from its units, by `pipeline.dataset.write` and its row writer, in place of an earlier one."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.row_writer import table_writers
from pipeline.storage.location import Location
from schemas.arrow import from_table
from schemas.drop import Drop, DropReason, ItemType
from tests.pipeline.fakes import FakeGenerate, fake_steps
from tests.pipeline.runs import make_videos, run_fakes


@pytest.mark.process
def test_shards_of_an_earlier_larger_set_are_deleted(tmp_path: Path) -> None:
    """What dataset.json does not list is gone once the set is written again."""
    videos, out = make_videos(tmp_path / "videos", 2), tmp_path / "ds"
    run_fakes(videos, out)
    [shard, *_] = (out / "pairs").iterdir()
    surplus = shard.with_name("part-00009.parquet")
    surplus.write_bytes(shard.read_bytes())
    manifest = run_fakes(videos, out)
    assert not surplus.exists()
    assert {entry.path for entry in manifest.shards} == {str(f.relative_to(out)) for f in out.glob("*/*.parquet")}
    assert FinishedSet.open(str(out)).manifest == manifest


@pytest.mark.process
def test_a_clip_that_no_pair_refers_to_is_dropped(tmp_path: Path) -> None:
    """Of two videos about which nothing is asked no clip is stored; each is a drop that says how many pairs it has."""
    steps = fake_steps(generate=FakeGenerate(groups=0))
    manifest = run_fakes(make_videos(tmp_path / "videos", 2), tmp_path / "ds", steps=steps)
    clips = manifest.account.line(ItemType.CLIP)
    assert clips is not None
    assert (clips.produced, clips.kept) == (2, 0)
    drops = from_table(Drop, pq.read_table(tmp_path / "ds" / "drops" / "part-00000.parquet"))
    assert [(d.reason, d.measured) for d in drops if d.item_type is ItemType.CLIP] == [(DropReason.NO_PAIRS, 0)] * 2


def test_a_table_without_rows_is_a_file_with_its_columns(tmp_path: Path) -> None:
    """All three tables are there even if nothing was kept or dropped."""
    for writer in table_writers(Location.parse(str(tmp_path / "ds")), tmp_path):
        [shard] = writer.finish()
        assert shard.rows == 0
        assert pq.read_schema(tmp_path / "ds" / shard.path).names
