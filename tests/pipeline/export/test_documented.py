"""Rows for trainers that are not loaded here, held against what their documentation says (documented/*.json)."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest
from datasets import load_dataset
from jsonschema import Draft202012Validator

from tests.finished import Whole
from tests.pipeline.export.exporting import exported

_DOCUMENTED = Path(__file__).parent / "documented"


def _checked(whole: Whole, out: Path, trainer: str, file: str, kind: str, cache: Path) -> list[dict[str, Any]]:
    """The rows of an export, read as the trainer reads them and each found to be as documented."""
    account = exported(whole, out, to="questions", format={"trainer": trainer})
    rows = list(load_dataset(kind, data_files=str(out / file), split="train", cache_dir=str(cache)))
    documented = Draft202012Validator(json.loads((_DOCUMENTED / f"{trainer}.json").read_text()))
    for row in rows:
        documented.validate(row)
    assert len(rows) == account.rows["train"]
    assert f"={shlex.quote(str(out))}/{file}" in account.command
    return rows


def _score(out: Path) -> Any:
    """The reward function, as both trainers import it: from a file, by the name `compute_score`."""
    module: dict[str, Any] = {}
    exec(compile((out / "rewards.py").read_text(), "rewards.py", "exec"), module)  # noqa: S102 as the trainer does
    return module["compute_score"]


def _right(truth: str) -> tuple[str, float]:
    """The right answer as a model would say it, and what it is worth."""
    known = json.loads(truth)
    return f"<answer>{known['answer']}</answer>", pytest.approx(1 - known["chance"])


def test_rows_for_verl(whole: Whole, tmp_path: Path) -> None:
    """Parquet with the documented fields, a mark in the prompt for each image, and a reward for the right answer."""
    out = tmp_path / "an export"
    rows = _checked(whole, out, "verl", "train.parquet", "parquet", tmp_path / "cache")
    compute_score = _score(out)
    for row in rows:
        [asked] = row["prompt"]
        assert asked["content"].count("<image>") == len(row["images"])
        assert all(Path(image["image"]).is_file() for image in row["images"])
        truth = row["reward_model"]["ground_truth"]
        said, worth = _right(truth)
        given = {"data_source": row["data_source"], "extra_info": row["extra_info"]}
        assert compute_score(solution_str=said, ground_truth=truth, **given) == worth


def test_rows_for_easyr1(whole: Whole, tmp_path: Path) -> None:
    """JSON Lines with the documented fields, images below the folder that the command names, and a batch of rewards."""
    out = tmp_path / "an export"
    rows = _checked(whole, out, "easyr1", "train.jsonl", "json", tmp_path / "cache")
    compute_score = _score(out)
    for row in rows:
        assert row["problem"].count("<image>") == len(row["images"])
        assert all((out / image).is_file() for image in row["images"])
        said, worth = _right(row["answer"])
        batch = [{"response": said, "response_length": 8, "ground_truth": row["answer"]}]
        assert compute_score(batch) == [{"overall": worth}]
