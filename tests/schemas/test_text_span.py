"""Ranges of characters."""

import pytest
from pydantic import ValidationError

from schemas.text_span import TextSpan, outside

TEXT = "It goes left."


def test_a_span_names_characters() -> None:
    """Characters 8 to 12 of the text are one word; the rest is outside of it."""
    left = TextSpan(start=8, end=12)
    assert left.of(TEXT) == "left"
    assert outside(TEXT, (left,)).split() == ["It", "goes", "."]


def test_an_empty_span_is_refused() -> None:
    """It would name no word."""
    with pytest.raises(ValidationError, match="no character"):
        TextSpan(start=3, end=3)


@pytest.mark.parametrize("spans", [[(3, 7), (5, 12)], [(8, 12), (3, 7)], [(8, 99)]], ids=["overlap", "order", "beyond"])
def test_spans_that_do_not_lie_in_order_in_the_text_are_refused(spans: list[tuple[int, int]]) -> None:
    """They overlap, run backwards, or reach beyond the text."""
    with pytest.raises(ValueError, match="do not lie in order"):
        outside(TEXT, tuple(TextSpan(start=start, end=end) for start, end in spans))
