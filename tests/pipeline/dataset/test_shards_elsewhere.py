"""The shards are read by what their users read Parquet with."""

import pathlib
import re
from pathlib import Path

import datasets
import duckdb
import pandas as pd
import polars
import pytest
from datasets import load_dataset

from pipeline.dataset.card import data_card
from pipeline.dataset.finished_set import TABLES, FinishedSet
from schemas.claim import Axis
from schemas.video import Split
from tests.finished import store, write_set

DOCS = Path(__file__).parent.parent.parent.parent / "docs" / "data.md"


def test_duckdb_and_pandas_read_the_pairs(tmp_path: Path) -> None:
    """Rows and texts are those that were written; a claim is a nested column that SQL can ask."""
    whole = write_set(tmp_path / "ds")
    pairs = {pair.pair_id: pair for video in whole.finalised.videos for pair in video.pairs()}
    frame = pd.concat(pd.read_parquet(file) for file in sorted((tmp_path / "ds" / "pairs").iterdir()))
    assert dict(zip(frame["pair_id"], frame["chosen"], strict=True)) == {key: p.chosen for key, p in pairs.items()}
    rows = (
        duckdb.read_parquet(f"{tmp_path}/ds/pairs/*.parquet").select("pair_id, chosen_claims[1].predicate").fetchall()
    )
    told = {key: pair.chosen_claims[0].predicate.value for key, pair in pairs.items() if pair.chosen_claims}
    assert dict(rows) == told


def documented(library: str) -> str:
    """The line of docs/data.md that opens the pairs by a library."""
    block = re.search(r"```python\nimport pathlib.*?```", DOCS.read_text(), re.DOTALL)
    assert block is not None
    [line] = [one for one in block[0].splitlines() if one.startswith(f"{library}.")]
    return line


@pytest.mark.parametrize("library", ["datasets", "duckdb", "pandas", "polars"])
def test_the_documented_line_reads_every_pair(library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as it is written, beside a set; DuckDB's asks for one axis alone, the others for all rows of their split."""
    whole = write_set(tmp_path / "ds")
    card_of(tmp_path / "ds")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    names = {"datasets": datasets, "duckdb": duckdb, "pandas": pd, "polars": polars, "pathlib": pathlib}
    rows = eval(documented(library), names)  # noqa: S307 what a user would type
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    wanted = [
        pair
        for pair in pairs
        if (library != "duckdb" or pair.axis is Axis.TEMPORAL) and (library != "datasets" or pair.split is Split.TRAIN)
    ]
    questions = [row[0] for row in rows.fetchall()] if library == "duckdb" else list(rows["question"])
    assert wanted
    assert sorted(questions) == sorted(pair.question for pair in wanted)


def card_of(path: Path) -> str:
    """Write the card of a set where Hugging Face expects it."""
    card = data_card(FinishedSet.open(str(path)))
    (path / "README.md").write_text(card)
    return card


@pytest.mark.parametrize("held_out", [{}, {0: Split.VALIDATION}, {0: Split.VALIDATION, 1: Split.TEST}])
def test_datasets_gives_the_splits_that_the_rows_have(tmp_path: Path, held_out: dict[int, Split]) -> None:
    """The pairs by split, without any that has no rows; clips, which have no split, as "train", by default."""
    whole = write_set(tmp_path / "ds")
    splits = {video.video_id: held_out.get(n, Split.TRAIN) for n, video in enumerate(whole.finalised.videos)}
    pairs = [p.model_copy(update={"split": splits[p.video_id]}) for v in whole.finalised.videos for p in v.pairs()]
    store(tmp_path / "by_split", pairs, whole.clips, [], questions=len({pair.group_id for pair in pairs}))
    card_of(tmp_path / "by_split")
    read = load_dataset(str(tmp_path / "by_split"), "pairs", cache_dir=str(tmp_path / "cache"))
    expected = {split.value: sorted(p.pair_id for p in pairs if p.split is split) for split in set(splits.values())}
    assert {name: sorted(part["pair_id"]) for name, part in read.items()} == expected
    assert read["train"].unique("split") == ["train"]
    clips = load_dataset(str(tmp_path / "by_split"), "clips", cache_dir=str(tmp_path / "cache"))
    assert {name: part.num_rows for name, part in clips.items()} == {"train": len(whole.clips)}


@pytest.mark.torch  # which `datasets` imports to stream
def test_tables_without_rows_can_be_read(tmp_path: Path) -> None:
    """A set without a pair: Hugging Face streams no rows, pandas reads none, and both know the columns."""
    store(tmp_path / "ds", [], [], [], questions=0)
    card = card_of(tmp_path / "ds")
    assert "path: pairs/train-*.parquet" in card
    for table, record in TABLES.items():
        read = load_dataset(str(tmp_path / "ds"), table, streaming=True, cache_dir=str(tmp_path / "cache"))
        assert (list(read["train"]), set(read["train"].features)) == ([], set(record.model_fields))
        [shard] = (tmp_path / "ds" / table).iterdir()
        frame = pd.read_parquet(shard)
        assert (len(frame), set(frame.columns)) == (0, set(record.model_fields))
    assert not list(FinishedSet.open(str(tmp_path / "ds")).tables("pairs"))
