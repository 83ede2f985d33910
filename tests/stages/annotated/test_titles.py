"""Titles in phrases get quotation marks."""

import pytest

from schemas.annotations import AnnotatedText
from stages.annotated.titles import with_quoted_titles

TEXTS = [AnnotatedText(text=text, start_seconds=0, end_seconds=1) for text in ("Get it", "Get", "The", "5", "slide")]


@pytest.mark.parametrize(
    ("phrase", "quoted"),
    [
        ("the slide Get it is shown", 'the slide "Get it" is shown'),
        ("the slide with the heading Get", 'the slide with the heading "Get"'),
        ('the slide "Get it" is shown', 'the slide "Get it" is shown'),
        ("they get it", "they get it"),  # small letters are words of the sentence
        ("The slide 5", "The slide 5"),
        ("the Getty house", "the Getty house"),
    ],
)
def test_what_is_written_stands_in_quotation_marks(phrase: str, quoted: str) -> None:
    """The longest line that the phrase says, once."""
    assert with_quoted_titles(phrase, TEXTS) == quoted
