"""The wordings of descriptions: how one is asked for, and the sentences that its clauses become."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import Field

from prompts.template import Template
from schemas.record import Record

STYLES = 2
"""Every clause has a sentence of each style: with its time first, and with its time last."""


class ClauseWording(Record):
    """The sentences of one kind of clause."""

    sentences: tuple[str, ...] = Field(min_length=STYLES, max_length=STYLES)
    """One of each style."""
    values: Mapping[str, str] = Field(default_factory=dict)
    """The words for each value that fills the gap {value}."""

    def template(self, style: int) -> Template:
        """The sentence of a style."""
        return Template(text=self.sentences[style])


class DescriptionWordings(Record):
    """All wordings of descriptions."""

    ask: tuple[Template, ...]
    """Wordings of the question what a clip shows."""
    ask_edits: tuple[Template, ...]
    """Wordings of the question what was done to a clip."""
    clauses: Mapping[str, ClauseWording]
    """The sentences, by kind of clause."""


@cache
def description_wordings() -> DescriptionWordings:
    """The wordings in prompts/descriptions/."""
    text = files("prompts").joinpath("descriptions", "clauses.yaml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)
    asked = {name: tuple(Template(text=text) for text in entries.pop(name)) for name in ("ask", "ask_edits")}
    return DescriptionWordings(**asked, clauses=entries)
