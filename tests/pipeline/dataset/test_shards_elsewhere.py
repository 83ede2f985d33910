"""The shards are read by what their users read Parquet with."""

from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from datasets import load_dataset

from pipeline.dataset.card import data_card, size_category
from pipeline.dataset.finished_set import FinishedSet
from tests.finished import write_set


def test_duckdb_and_pandas_read_the_pairs(tmp_path: Path) -> None:
    """Rows and texts are those that were written; a claim is a nested column that SQL can ask."""
    whole = write_set(tmp_path / "ds")
    pairs = {pair.pair_id: pair for video in whole.finalised.videos for pair in video.pairs()}
    frame = pd.concat(pd.read_parquet(file) for file in sorted((tmp_path / "ds" / "pairs").iterdir()))
    assert dict(zip(frame["pair_id"], frame["chosen"], strict=True)) == {key: p.chosen for key, p in pairs.items()}
    rows = duckdb.read_parquet(f"{tmp_path}/ds/pairs/*.parquet").select("pair_id, chosen_claim.predicate").fetchall()
    told = {key: pair.chosen_claim.predicate.value for key, pair in pairs.items() if pair.chosen_claim}
    assert dict(rows) == told


def test_datasets_reads_every_table(tmp_path: Path) -> None:
    """By the configurations that the data set card names."""
    whole = write_set(tmp_path / "ds")
    (whole.path / "README.md").write_text(data_card(FinishedSet.open(str(whole.path))))
    for table in ("pairs", "clips", "drops"):
        rows = sum(shard.rows for shard in whole.manifest.shards if shard.path.startswith(table))
        if rows:
            read = load_dataset(str(tmp_path / "ds"), table, cache_dir=str(tmp_path / "cache"))
            assert read["train"].num_rows == rows


def test_the_card_counts_the_pairs(tmp_path: Path) -> None:
    """Every count of it adds up to the set's pairs, the commonest first."""
    whole = write_set(tmp_path / "ds")
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    card = data_card(FinishedSet.open(str(whole.path)))
    for name, column in (("axis", "axis"), ("kind of rejection", "rejected_kind"), ("split", "split")):
        found = Counter(str(getattr(pair, column)).replace("_", " ") for pair in pairs)
        [line] = [line for line in card.splitlines() if line.startswith(f"| {name} |")]
        told = [entry.rsplit(" ", 1) for entry in line.split("|")[2].strip().split(", ")]
        assert {value: int(count) for value, count in told} == found
        assert [int(count) for _, count in told] == sorted(found.values(), reverse=True)


@pytest.mark.parametrize(
    ("rows", "category"),
    [
        (0, "n<1K"),
        (999, "n<1K"),
        (1_000, "1K<n<10K"),
        (999_999, "100K<n<1M"),
        (1_000_000, "1M<n<10M"),
        (99_999_999, "10M<n<100M"),
        (2_000_000_000_000, "n>1T"),
    ],
)
def test_a_size_is_one_of_hugging_faces(rows: int, category: str) -> None:
    """Its categories change at each power of ten from a thousand to a trillion."""
    assert size_category(rows) == category
