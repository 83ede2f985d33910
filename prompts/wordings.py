"""The wordings of writers: several for each question and answer, stored as YAML in a folder for each writer."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Self

import yaml
from pydantic import Field, model_validator

from prompts.template import Template, gaps_of_all
from schemas.record import Record


class Wording(Record):
    """How one kind of question is asked and answered. Every question wording fits every answer wording."""

    questions: tuple[str, ...]
    """Wordings of the question. All have the same gaps."""
    answers: tuple[str, ...]
    """Wordings of the answers. All have the same gaps; all answers of a group use the same one."""
    values: Mapping[str, str] = Field(default_factory=dict)
    """The words for each value that fills the gap {value}."""

    @model_validator(mode="after")
    def _has_equal_gaps(self) -> Self:
        gaps_of_all(Template(text=text) for text in self.questions)
        gaps = gaps_of_all(Template(text=text) for text in self.answers)
        if bool(self.values) != ("value" in gaps):
            raise ValueError(f"{self.answers}: 'values' is needed for the gap {{value}}, and for nothing else")
        return self

    @property
    def question_templates(self) -> tuple[Template, ...]:
        """The question wordings as templates."""
        return tuple(Template(text=text) for text in self.questions)

    @property
    def answer_templates(self) -> tuple[Template, ...]:
        """The answer wordings as templates."""
        return tuple(Template(text=text) for text in self.answers)


@cache
def wordings(folder: str) -> Mapping[str, Wording]:
    """All wordings of a folder below prompts/ by name, "file.entry". ValueError if one breaks the rules above."""
    found = {}
    for resource in sorted(files("prompts").joinpath(folder).iterdir(), key=lambda item: item.name):
        if not resource.name.endswith(".yaml"):
            continue
        entries = yaml.safe_load(resource.read_text(encoding="utf-8"))
        for name, entry in entries.items():
            found[f"{resource.name.removesuffix('.yaml')}.{name}"] = Wording.model_validate(entry)
    return found


def fact_wordings() -> Mapping[str, Wording]:
    """The wordings of the writer `facts`."""
    return wordings("facts")


def planted_wordings() -> Mapping[str, Wording]:
    """The wordings of the writer `planted`."""
    return wordings("planted")
