"""What a set consists of, counted over its rows."""

from collections import Counter
from pathlib import Path

from pipeline.dataset.finished_set import TABLES, FinishedSet
from pipeline.dataset.overview import overview
from pipeline.dataset.shard_writer import ShardSizes
from tests.finished import write_set


def test_counts_are_those_of_the_rows_in_however_many_row_groups(tmp_path: Path) -> None:
    """Each pair counts once for its axis and predicate, and once for each of its visual negatives; most come first."""
    whole = write_set(tmp_path / "ds", videos=6, sizes=ShardSizes(row_group_rows=3, row_groups=2))
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    found = overview(FinishedSet.open(str(whole.path)))
    assert found.rows == {"pairs": len(pairs), "clips": len(whole.clips), "drops": len(whole.finalised.drops)}
    assert (found.groups, found.videos) == (len({p.group_id for p in pairs}), len({p.video_id for p in pairs}))
    assert found.counts["axis"] == Counter(pair.axis.value for pair in pairs)
    assert found.counts["predicate"] == Counter(claim.predicate.value for pair in pairs for claim in pair.chosen_claims)
    assert found.counts["visual negative"] == Counter(n.kind.value for pair in pairs for n in pair.visual_negatives)
    assert all(list(c.values()) == sorted(c.values(), reverse=True) for c in found.counts.values())


def test_columns_are_those_of_the_records(tmp_path: Path) -> None:
    """Every column of every table with a short name of its type: bytes, floats, lists, and structs by their fields."""
    found = overview(FinishedSet.open(str(write_set(tmp_path / "ds", videos=1).path)))
    assert {table: set(columns) for table, columns in found.columns.items()} == {
        table: set(record.model_fields) for table, record in TABLES.items()
    }
    assert found.columns["clips"]["frames"] == "{pts_seconds, jpeg}[]"
    assert (found.columns["drops"]["measured"], found.columns["pairs"]["question"]) == ("float", "string")
