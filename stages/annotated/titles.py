"""Titles inside of phrases: what is written in the video stands in quotation marks, as in the slide "Get it"."""

import re
from collections.abc import Iterable

from schemas.annotations import AnnotatedText

_MOST_WORDS = 5  # a longer line is no title


def with_quoted_titles(phrase: str, texts: Iterable[AnnotatedText]) -> str:
    """The phrase with quotation marks around each annotated line that it says word for word and that has a capital.

    The phrase's own first word may have its capital from that.
    """
    lines = {" ".join(text.text.split()) for text in texts}
    for title in sorted(lines, key=lambda line: (-len(line), line)):
        if title[:1].isupper() and len(title.split()) <= _MOST_WORDS:
            found = rf'(?<=[ ])(?<!["\w]){re.escape(title)}(?!["\w])'
            phrase = re.sub(found, lambda match: f'"{match[0]}"', phrase)
    return phrase
