"""Where the rows of an export are written: files for each split that has rows."""

import json
from abc import ABC, abstractmethod
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.export.row import ExportRow
from schemas.video import Split

ROWS_AT_ONCE = 10_000
"""Rows of a row group of Parquet."""


class RowSink(ABC):
    """Where rows are written."""

    @abstractmethod
    def write(self, row: ExportRow) -> None:
        """Add a row."""

    @abstractmethod
    def close(self) -> None:
        """Finish all files."""


@dataclass
class JsonLines(RowSink):
    """One file of JSON Lines for each split that has rows, `train.jsonl` and so on."""

    folder: Path
    name: str = "{split}.jsonl"
    """The path of a split's file below the folder."""
    _files: dict[Split, TextIO] = field(default_factory=dict)
    _stack: ExitStack = field(default_factory=ExitStack)

    def write(self, row: ExportRow) -> None:
        """Add a row to the file of its split."""
        if row.split not in self._files:
            place = self.folder / self.name.format(split=row.split.value)
            place.parent.mkdir(parents=True, exist_ok=True)
            self._files[row.split] = self._stack.enter_context(place.open("w", encoding="utf-8"))
        self._files[row.split].write(json.dumps(row.values, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close all files."""
        self._stack.close()


@dataclass
class JsonArray(RowSink):
    """One JSON array for each split, `train.json` and so on."""

    folder: Path
    _files: dict[Split, TextIO] = field(default_factory=dict)

    def write(self, row: ExportRow) -> None:
        """Add a row to the array of its split."""
        first = row.split not in self._files
        if first:
            self._files[row.split] = (self.folder / f"{row.split.value}.json").open("w", encoding="utf-8")
        self._files[row.split].write(("[\n" if first else ",\n") + json.dumps(row.values, ensure_ascii=False))

    def close(self) -> None:
        """Close all arrays."""
        for file in self._files.values():
            file.write("\n]\n")
            file.close()


@dataclass
class ParquetRows(RowSink):
    """`train.parquet` and so on; the columns are those of the first rows."""

    folder: Path
    _writers: dict[Split, pq.ParquetWriter] = field(default_factory=dict)
    _waiting: dict[Split, list[dict[str, Any]]] = field(default_factory=dict)

    def write(self, row: ExportRow) -> None:
        """Add a row."""
        waiting = self._waiting.setdefault(row.split, [])
        waiting.append(dict(row.values))
        if len(waiting) >= ROWS_AT_ONCE:
            self._flush(row.split)

    def close(self) -> None:
        """Finish all files."""
        for split in self._waiting:
            self._flush(split)
        for writer in self._writers.values():
            writer.close()

    def _flush(self, split: Split) -> None:
        if not self._waiting[split]:
            return
        table = pa.Table.from_pylist(self._waiting[split])
        if split not in self._writers:
            place = self.folder / f"{split.value}.parquet"
            self._writers[split] = pq.ParquetWriter(place, table.schema, compression="zstd")
        self._writers[split].write_table(table)
        self._waiting[split] = []
