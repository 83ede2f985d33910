"""The files of sources, row by row, each with its line: JSON, JSON Lines, CSV, Parquet and plain text."""

import csv
import io
import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.importers.json_document import JsonDocument
from pipeline.storage.location import Location, filesystem_error, is_utf8
from schemas.errors import SourceError, UserError
from schemas.problems import first_problem, one_line


class SourceRow(BaseModel):
    """The fields of a row that an importer reads; all others are passed over. A number may stand for a text."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True, allow_inf_nan=False)


R = TypeVar("R", bound=SourceRow)


@dataclass(frozen=True)
class Row:
    """One entry of a file."""

    line: int
    """The line that it starts in, or its row in a table; the first is 1."""
    key: str
    """Its name in the object that holds it; empty in a list."""
    value: Any


class SourceFile:
    """One file of a source. Everything raises SourceError with the line if the file is not what it should be."""

    def __init__(self, path: str) -> None:
        """Nothing is read yet."""
        self.path = path
        try:
            self._location = Location.parse(path)
        except UserError as error:
            raise SourceError(str(error)) from error

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self._location.path.rpartition("/")[2]

    def beside(self, name: str) -> "SourceFile | None":
        """Another file in the same folder, if it is there."""
        folder = str(self._location).rpartition("/")[0]
        other = SourceFile(f"{folder}/{name}")
        return other if other._location.is_file() else None

    def problem(self, line: int, what: str) -> SourceError:
        """What is wrong in a line, to be raised."""
        unit = "row" if self._is_table else "line"
        return SourceError(f"{self.path} {unit} {line}: {what}")

    def parsed(self, record: type[R], row: Row) -> R:
        """The row as a record. Its required fields are named if one of them is missing or wrong."""
        try:
            return record.model_validate(row.value)
        except ValidationError as error:
            wanted = ", ".join(name for name, field in record.model_fields.items() if field.is_required())
            raise self.problem(row.line, f"{first_problem(error, record)}; expected are the fields {wanted}") from error

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines of a text, without those that are empty."""
        for number, line in enumerate(self.text.split("\n"), start=1):  # JSON may hold other line breaks as they are
            if line.strip():
                yield number, line

    def rows(self, *path: str) -> Iterator[Row]:
        """The rows of a table (.csv, .parquet), of JSON Lines, or of the list or object below `path` in a document."""
        if self._is_csv:
            return self._csv_rows()
        if self._is_table:
            return self._parquet_rows()
        if self._document.is_one and not self.name.lower().endswith((".jsonl", ".ndjson")):
            return self._entries(path)
        return self._json_lines()

    def whole(self) -> Row:
        """The one value of a JSON document."""
        return Row(1, "", self._document.whole())

    def has(self, key: str) -> bool:
        """Whether it is a JSON document whose outermost object has this key."""
        return not self._is_csv and not self._is_table and self._document.has(key)

    @property
    def _is_csv(self) -> bool:
        return self.name.lower().endswith(".csv")

    @property
    def _is_table(self) -> bool:
        return self.name.lower().endswith(".parquet")

    @cached_property
    def text(self) -> str:
        """The whole text."""
        content = self._content().removeprefix(BOM_UTF8)
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise self.problem(line, "is not UTF-8; convert the file") from error

    @cached_property
    def _document(self) -> JsonDocument:
        return JsonDocument(self.text, self.problem)

    def _entries(self, path: tuple[str, ...]) -> Iterator[Row]:
        for line, key, value in self._document.entries(path):
            yield self._whole_text(Row(line, key, value))

    def _json_lines(self) -> Iterator[Row]:
        for number, line in self.lines():
            yield self._whole_text(Row(number, "", JsonDocument(line, self.problem, number).whole()))

    def _whole_text(self, row: Row) -> Row:
        """The row, if no text in it is half of a pair of surrogates, which JSON may hold and no file can."""
        if self._may_have_halves and not is_utf8(json.dumps([row.key, row.value], ensure_ascii=False)):
            raise self.problem(row.line, "holds half of a pair of surrogates, which is no character")
        return row

    @cached_property
    def _may_have_halves(self) -> bool:
        return "\\ud" in self.text.lower()

    def _csv_rows(self) -> Iterator[Row]:
        reader = csv.DictReader(io.StringIO(self.text, newline=""))
        before = 1
        try:
            for values in reader:
                yield Row(before + 1, "", {key: value for key, value in values.items() if key is not None})
                before = reader.line_num
        except csv.Error as error:
            raise self.problem(before + 1, f"is not CSV: {one_line(error)}") from error

    def _parquet_rows(self) -> Iterator[Row]:
        try:
            with self._location.open_read() as stream:
                for number, row in enumerate(_parquet_values(pq.ParquetFile(stream)), start=1):
                    yield Row(number, "", row)
        except pa.ArrowInvalid as error:
            raise SourceError(f"{self.path} is not Parquet: {one_line(error)}") from error
        except OSError as error:
            raise self._unreadable(error) from error

    def _content(self) -> bytes:
        if self._location.is_special:
            raise SourceError(f"{self.path} is a pipe, a socket or a device; give a file")
        try:
            return self._location.read_bytes()
        except OSError as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: OSError) -> SourceError:
        return SourceError(f"{self.path} cannot be read: {filesystem_error(error)}")


def _parquet_values(table: pq.ParquetFile) -> Iterator[dict[str, Any]]:
    """The rows, without columns of bytes, nested ones too: those hold whole videos, or their frames."""
    leaves = map(table.schema.column, range(len(table.schema)))
    names = [leaf.path for leaf in leaves if not _is_bytes(leaf)]
    for batch in table.iter_batches(batch_size=1024, columns=names):
        yield from batch.to_pylist()


def _is_bytes(leaf: pq.ColumnSchema) -> bool:
    return leaf.physical_type == "BYTE_ARRAY" and (leaf.logical_type.type, leaf.converted_type) == ("NONE", "NONE")
