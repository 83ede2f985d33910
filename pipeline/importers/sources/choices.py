"""Questions that list their choices in their text, one a line: "A. left", "Caption A: ...", "Option 1: ..."."""

import re
from collections.abc import Sequence

_LETTERED = re.compile(r"^(?:(?:Caption|Sentence|Option) )?([A-Z]|\d)[.:)] +(\S.*?)\s*$", re.MULTILINE)


def lettered(text: str) -> dict[str, str]:
    """The choices of a text by their letters or numbers."""
    return dict(_LETTERED.findall(text))


def without_choices(text: str) -> str:
    """What comes before the choices."""
    first = _LETTERED.search(text)
    return text[: first.start()].strip() if first else text.strip()


def split_choices(choices: Sequence[str], right: int) -> tuple[str, tuple[str, ...]]:
    """The right one, and the others."""
    return choices[right], tuple(choice for place, choice in enumerate(choices) if place != right)
