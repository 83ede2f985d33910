"""The rows of a table one by one: each is a record, or a failure that says why it cannot be one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import ValidationError

from pipeline.dataset.finished_set import FinishedSet, RowGroup
from pipeline.verification.failure import SetFailure
from schemas.arrow import from_table
from schemas.errors import DatasetError
from schemas.problems import one_line
from schemas.record import Record

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class ValidRow(Generic[R]):
    """A row that keeps every invariant of its record."""

    record: R
    group: RowGroup
    number: int
    """Its place in the row group."""


def rows_of(opened: FinishedSet, record: type[R], table: str) -> Iterator[ValidRow[R] | SetFailure]:
    """Every row of a table; a failure for a row that breaks an invariant and for a row group that cannot be read.

    Shards that cannot be opened, or lack columns, are passed over: `file_failures` reports them.
    """
    for shard in opened.shards(table):
        try:
            with opened.open_shard(shard) as file:
                sizes = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
        except DatasetError:
            continue
        first = 0
        for number, size in enumerate(sizes):
            yield from _rows_of_group(opened, record, RowGroup(shard, number), first)
            first += size


def _rows_of_group(
    opened: FinishedSet, record: type[R], group: RowGroup, first: int
) -> Iterator[ValidRow[R] | SetFailure]:
    """`first` is the number of the row group's first row in its shard."""
    try:
        rows = opened.read(group)
    except DatasetError as error:
        yield SetFailure(f"{group.shard.path} row group {group.number}", one_line(error))
        return
    if not set(record.model_fields) <= set(rows.column_names):
        return
    for number in range(rows.num_rows):
        try:
            [found] = from_table(record, rows.slice(number, 1))
        except ValidationError as error:
            yield SetFailure(f"{group.shard.path} row {first + number}", one_line(error))
        else:
            yield ValidRow(found, group, number)
