"""A range of characters of a text."""

from typing import Self

from pydantic import Field, model_validator

from schemas.record import Record


class TextSpan(Record):
    """Characters [start, end) of a text, counted from 0."""

    start: int = Field(ge=0)
    """The first character."""
    end: int
    """The character after the last one."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.end <= self.start:
            raise ValueError(f"span [{self.start}, {self.end}) holds no character")
        return self

    def of(self, text: str) -> str:
        """The characters of a text."""
        return text[self.start : self.end]


def outside(text: str, spans: tuple[TextSpan, ...]) -> str:
    """The text without the spans, which must be in order; ValueError if they overlap or reach beyond it."""
    rest, end = [], 0
    for span in spans:
        if span.start < end or span.end > len(text):
            raise ValueError(f"spans {[(s.start, s.end) for s in spans]} do not lie in order in {text!r}")
        rest.append(text[end : span.start])
        end = span.end
    return " ".join((*rest, text[end:]))
