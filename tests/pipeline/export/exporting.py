"""Exports of the small sets of the tests."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from rich.console import Console

from pipeline.export.account import ExportAccount
from pipeline.export.format import FormatOptions
from pipeline.export.run import ExportOptions, run_export
from tests.finished import Whole


def exported(whole: Whole, folder: Path, *, console: Console | None = None, **options: Any) -> ExportAccount:
    """An export of the set to a folder, for TRL, unless options say otherwise."""
    chosen = {"to": "trl", "out": str(folder)} | options | {"format": FormatOptions(**options.get("format", {}))}
    return run_export(console or Console(quiet=True), ExportOptions(str(whole.path), **chosen))


def lines(file: Path) -> list[dict[str, Any]]:
    """The rows of a file of JSON Lines."""
    return [json.loads(line) for line in file.read_text().splitlines()]


def asked(source: Path, out: Path, trainer: str = "trl", **options: Any) -> tuple[ExportAccount, list[dict[str, Any]]]:
    """The questions of a set in the rows of a trainer, those of all splits."""
    chosen = FormatOptions(trainer=trainer, **options)
    account = run_export(Console(quiet=True), ExportOptions(str(source), "questions", str(out), format=chosen))
    files = sorted(
        (*out.glob("*/metadata.jsonl"), *out.glob("t*.jsonl"), *out.glob("v*.jsonl"), *out.glob("*.parquet"))
    )
    return account, [row for file in files for row in (_parquet(file) if file.suffix == ".parquet" else lines(file))]


def _parquet(file: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(file).to_pylist()
    return rows


def said(row: dict[str, Any]) -> str:
    """The text of a row for TRL."""
    text: str = row["prompt"][0]["content"][-1]["text"]
    return text
