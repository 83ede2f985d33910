"""The shards are read by what their users read Parquet with."""

from collections import Counter
from pathlib import Path

import duckdb
import pandas as pd
from datasets import load_dataset

from pipeline.card import data_card
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
    (tmp_path / "ds" / "README.md").write_text(data_card(whole.manifest, whole.finalised.videos))
    for table in ("pairs", "clips", "drops"):
        rows = sum(shard.rows for shard in whole.manifest.shards if shard.path.startswith(table))
        if rows:
            read = load_dataset(str(tmp_path / "ds"), table, cache_dir=str(tmp_path / "cache"))
            assert read["train"].num_rows == rows


def test_the_card_counts_the_pairs(tmp_path: Path) -> None:
    """Every count of it adds up to the set's pairs, the commonest first."""
    whole = write_set(tmp_path / "ds")
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    card = data_card(whole.manifest, whole.finalised.videos)
    for name, column in (("axis", "axis"), ("kind of rejection", "rejected_kind"), ("split", "split")):
        found = Counter(str(getattr(pair, column)).replace("_", " ") for pair in pairs)
        [line] = [line for line in card.splitlines() if line.startswith(f"| {name} |")]
        told = [entry.rsplit(" ", 1) for entry in line.split("|")[2].strip().split(", ")]
        assert {value: int(count) for value, count in told} == found
        assert [int(count) for _, count in told] == sorted(found.values(), reverse=True)
