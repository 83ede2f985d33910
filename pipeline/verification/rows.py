"""The rows of a table one by one, each as a record or as the reason why it is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError

from pipeline.dataset.finished_set import FinishedSet, RowGroup
from schemas.arrow import from_table
from schemas.errors import DatasetError
from schemas.problems import one_line
from schemas.record import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Row(Generic[R]):
    """A row that keeps every invariant of its record."""

    record: R
    group: RowGroup
    """Where it lies."""
    number: int
    """Its place in the row group."""


def rows_of(opened: FinishedSet, record: type[R], table: str) -> Iterator[Row[R] | str]:
    """Each row of the table; a line instead for a row that breaks an invariant, or a row group that cannot be read."""
    for shard in opened.shards(table):
        try:
            with opened.open_shard(shard) as file:
                count = file.num_row_groups
        except DatasetError:
            continue  # `file_failures` has named it
        first = 0
        for group in (RowGroup(shard, number) for number in range(count)):
            for number, row in enumerate(_rows_of_group(opened, record, group)):
                yield row if isinstance(row, Row) else f"{shard.path} row {first + number}: {row}"
            with opened.open_shard(shard) as file:
                first += file.metadata.row_group(group.number).num_rows


def _rows_of_group(opened: FinishedSet, record: type[R], group: RowGroup) -> Iterator[Row[R] | str]:
    try:
        rows = opened.read(group)
    except DatasetError as error:
        yield str(error)
        return
    if not set(record.model_fields) <= set(rows.column_names):
        return  # `file_failures` has named it
    for number in range(rows.num_rows):
        try:
            [found] = from_table(record, rows.slice(number, 1))
        except ValidationError as error:
            yield one_line(error)
        else:
            yield Row(found, group, number)
