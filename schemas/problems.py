"""Problems in one line: an exception, a name with control characters, or what pydantic refuses."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import get_args, get_origin

from pydantic import BaseModel, ValidationError

from schemas.record import Record


def printable(text: str) -> str:
    """The text with every character that cannot be printed escaped as in Python: a line break becomes two characters.

    File names may hold line breaks, tabs and escape sequences. What prints a name as part of a line calls this first.
    """
    return text if text.isprintable() else "".join(_escaped(character) for character in text)


def _escaped(character: str) -> str:
    return character if character.isprintable() else repr(character)[1:-1]


def one_line(error: BaseException | str) -> str:
    """The text of an exception on one line, or its type if it has no text."""
    return printable(" ".join(str(error).split()) or type(error).__name__)


def first_problem(error: ValidationError, record: type[BaseModel]) -> str:
    """The first problem that pydantic found, with the path of the key; an unknown key comes with the allowed ones."""
    problem = error.errors(include_url=False)[0]
    path = [str(part) for part in problem["loc"]]
    key = ".".join(path)
    if problem["type"] == "extra_forbidden":
        return unknown_key(path, record)
    if problem["type"] == "missing":
        return f"{key} is missing"
    where = f"{key}: " if key else ""
    if problem["type"] == "value_error":  # raised by a validator of our own, whose text says what was given
        return f"{where}{one_line(problem['ctx']['error'])}"
    return f"{where}{problem['msg']}, got {problem['input']!r:.80}"


def unknown_key(path: list[str], record: type[BaseModel]) -> str:
    """The line about a key that the record does not have."""
    allowed = sorted(_fields_at(path[:-1], record))
    near = get_close_matches(path[-1], allowed, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    return f"unknown key {'.'.join(path)}: {hint}allowed are {', '.join(allowed) or 'none'}"


def _fields_at(path: list[str], record: type[BaseModel]) -> set[str]:
    parts = iter(path)
    for part in parts:
        field = record.model_fields.get(part)
        section = None if field is None else _section_of(field.annotation)
        if field is None or section is None:
            return set()
        if get_origin(field.annotation) is Mapping:
            next(parts, None)  # the name under which the mapping holds the section
        record = section
    return set(record.model_fields)


def _section_of(annotation: object) -> type[Record] | None:
    """The record that a field holds, whether optional or not; null if it holds none."""
    kinds = get_args(annotation) or (annotation,)
    return next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Record)), None)
