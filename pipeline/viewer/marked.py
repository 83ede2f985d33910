"""Texts with marked parts, as pages get them: long ones are cut, and parts are whole characters for every language."""

from collections.abc import Sequence
from typing import TypedDict

from schemas.text_span import TextSpan

LONGEST = 20_000
"""Characters of one text that a page gets at most."""


class MarkedPart(TypedDict):
    """A run of characters."""

    text: str
    marked: bool


def marked(text: str, spans: Sequence[TextSpan]) -> list[MarkedPart]:
    """The text in parts, those in the spans marked; of a text of more than `LONGEST` characters its beginning."""
    parts: list[MarkedPart] = []
    end = 0
    for span in spans:
        parts += [{"text": text[end : span.start], "marked": False}, {"text": span.of(text), "marked": True}]
        end = span.end
    parts.append({"text": text[end:], "marked": False})
    return _within(parts, len(text))


def _within(parts: list[MarkedPart], length: int) -> list[MarkedPart]:
    left, kept = LONGEST, []
    for part in parts:
        if part["text"] and left > 0:
            kept.append(MarkedPart(text=part["text"][:left], marked=part["marked"]))
            left -= len(part["text"])
    if length > LONGEST:
        kept.append(MarkedPart(text=f" … and {length - LONGEST} characters more", marked=False))
    return kept


def beginning(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
