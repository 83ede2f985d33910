"""A pydantic error in one line: what was given, what is allowed, what was probably meant."""

from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError

from schemas.record import Record


def first_problem(error: ValidationError, record: type[BaseModel]) -> str:
    """The first thing that is wrong, with the key's path; an unknown key comes with the nearest allowed one."""
    problem = error.errors(include_url=False)[0]
    path = [str(part) for part in problem["loc"]]
    key = ".".join(path)
    if problem["type"] == "extra_forbidden":
        return unknown_key(path, record)
    if problem["type"] == "missing":
        return f"{key} is missing"
    given = f"{problem['input']!r}"[:80]
    return f"{key + ': ' if key else ''}{problem['msg']}, got {given}"


def unknown_key(path: list[str], record: type[BaseModel]) -> str:
    """The line for a key that the record does not have."""
    allowed = sorted(_fields_at(path[:-1], record))
    near = get_close_matches(path[-1], allowed, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"unknown key {'.'.join(path)}: {hint}allowed are {', '.join(allowed) or 'none'}"


def _fields_at(path: list[str], record: type[BaseModel]) -> set[str]:
    for part in path:
        field = record.model_fields.get(part)
        section = None if field is None else _section_of(field.annotation)
        if section is None:
            return set()
        record = section
    return set(record.model_fields)


def _section_of(annotation: object) -> type[Record] | None:
    """The record that a field holds, be it optional or not; null where it holds none."""
    kinds = get_args(annotation) or (annotation,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Record)), None)
