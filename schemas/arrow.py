"""Records to Arrow and back. The Arrow schema is derived from the record, so that the two always agree."""

import types
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

import pyarrow as pa

from schemas.record import Record
from schemas.version import SCHEMA_VERSION

R = TypeVar("R", bound=Record)

_SCALARS: dict[type, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    bytes: pa.large_binary(),
}


def _field(name: str, annotation: Any) -> pa.Field:
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        options = [option for option in get_args(annotation) if option is not type(None)]
        if len(options) != 1:
            raise TypeError(f"{name}: {annotation} is not one type or null")
        return _field(name, options[0]).with_nullable(True)
    if origin is tuple:
        element, ellipsis = get_args(annotation)
        if ellipsis is not Ellipsis:
            raise TypeError(f"{name}: {annotation} must be of any length")
        return pa.field(name, pa.list_(_field("item", element)), nullable=False)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return pa.field(name, pa.struct(list(_fields(annotation))), nullable=False)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return pa.field(name, pa.string(), nullable=False)
    return pa.field(name, _SCALARS[annotation], nullable=False)


def _fields(record: type[Record]) -> Iterable[pa.Field]:
    for name, info in record.model_fields.items():
        yield _field(name, info.annotation)


@cache
def arrow_schema(record: type[Record]) -> pa.Schema:
    """The Arrow schema of a table with one row per record. TypeError if a field's type has no column type."""
    return pa.schema(list(_fields(record)), metadata={"vidpref_schema": f"{record.__name__}/{SCHEMA_VERSION}"})


def column_paths(record: type[Record]) -> list[str]:
    """The Parquet columns of a record's fields; for nested records their dotted paths."""
    return [path for field in _fields(record) for path in _paths(field.name, field.type)]


def _paths(path: str, kind: pa.DataType) -> Iterable[str]:
    if pa.types.is_list(kind):
        yield from _paths(f"{path}.list.element", kind.value_type)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _paths(f"{path}.{field.name}", field.type)
    else:
        yield path


def to_table(record: type[R], rows: Sequence[R]) -> pa.Table:
    """A table with one row per record, in order."""
    return pa.Table.from_pylist([row.model_dump() for row in rows], schema=arrow_schema(record))


def from_table(record: type[R], table: pa.Table) -> list[R]:
    """The records of a table, in order. Raises pydantic's ValidationError if a row breaks an invariant."""
    return [record.model_validate(row) for row in table.to_pylist()]
