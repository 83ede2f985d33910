"""Texts of pairs are compared after normalising, and are complete sentences."""

import pytest

from schemas.pair import is_complete, normalise_text


@pytest.mark.parametrize(
    ("one", "other"), [("It moves left.", "it  moves LEFT"), ("Café, open.", "cafe open"), ("A-B.", "a b")]
)
def test_normalised_texts_ignore_case_accents_and_punctuation(one: str, other: str) -> None:
    """What differs in form alone is equal after normalising."""
    assert normalise_text(one) == normalise_text(other)


@pytest.mark.parametrize(("text", "complete"), [("It stops.", True), ("It stops", False), ("...", False), ("", False)])
def test_a_complete_text_ends_as_a_sentence(text: str, complete: bool) -> None:
    """Words and a closing mark make a sentence."""
    assert is_complete(text) is complete
