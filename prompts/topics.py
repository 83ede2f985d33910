"""What language models are asked to write about: topics of questions, errors of adversaries, things to name."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import TypeAdapter

from prompts.prompt import FOLDER
from schemas.claim import Axis, QuestionType
from schemas.pair import ClaimEdit
from schemas.record import Record


class TopicExample(Record):
    """One question with its answer."""

    question: str
    answer: str


class Topic(Record):
    """What a question may be about; the file says what each field is."""

    question_type: QuestionType
    axis: Axis
    tests: str
    asks: str
    example: TopicExample


class ErrorExample(Record):
    """A right answer, and what the error makes of it."""

    right: str
    wrong: str


class NamedError(Record):
    """One way to make an answer wrong; the file says what each field is."""

    name: str
    edit: ClaimEdit
    means: str
    example: ErrorExample


@cache
def topics() -> Mapping[str, Topic]:
    """All topics by name."""
    return TypeAdapter(dict[str, Topic]).validate_python(_content("topics"))


@cache
def named_errors() -> Mapping[Axis, tuple[NamedError, ...]]:
    """The errors of each axis."""
    return TypeAdapter(dict[Axis, tuple[NamedError, ...]]).validate_python(_content("errors"))


@cache
def entities() -> tuple[str, ...]:
    """Everyday things that wrong answers may name."""
    return TypeAdapter(tuple[str, ...]).validate_python(_content("entities"))


def _content(name: str) -> object:
    return yaml.safe_load((files("prompts") / FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
