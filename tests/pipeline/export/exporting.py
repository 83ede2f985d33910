"""Exports of the small sets of the tests."""

import json
from pathlib import Path
from typing import Any

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
