"""Choices in the text of a question, one a line: "A. left", "(A) left", "Caption A: it runs", "Option 1: it runs"."""

import re
from collections.abc import Sequence

_LETTERED = re.compile(
    r"^(?:(?:Caption |Sentence )?\(?(?P<letter>[A-Z])[.:)]|Option (?P<number>\d):) +(?P<choice>\S.*?)\s*$", re.MULTILINE
)


def lettered(text: str) -> dict[str, str]:
    """The choices of a text by their letters or numbers."""
    return {found["letter"] or found["number"]: found["choice"] for found in _LETTERED.finditer(text)}


def without_choices(text: str) -> str:
    """What comes before the choices."""
    first = _LETTERED.search(text)
    return text[: first.start()].strip() if first else text.strip()


def split_choices(choices: Sequence[str], right: int) -> tuple[str, tuple[str, ...]]:
    """The right one, and the others."""
    return choices[right], tuple(choice for place, choice in enumerate(choices) if place != right)
