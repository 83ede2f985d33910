"""Spellings: what counts as alike, as a misreading, and as another word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stages.claims.spelling import (
    as_written,
    distance,
    distance_within,
    in_the_case_of,
    is_similar,
    letters,
    words,
)

TEXT = st.text("abc", max_size=7)


@given(TEXT, TEXT)
def test_the_distance_is_that_of_the_recursive_definition(a: str, b: str) -> None:
    """Levenshtein's recursion, written out: leave out, add or change one letter."""

    def by_definition(i: int, j: int) -> int:
        if not i or not j:
            return i + j
        changed = by_definition(i - 1, j - 1) + (a[i - 1] != b[j - 1])
        return min(changed, by_definition(i - 1, j) + 1, by_definition(i, j - 1) + 1)

    assert distance(a, b) == by_definition(len(a), len(b))


@given(TEXT, TEXT)
def test_the_distance_within_is_the_least_to_any_part(word: str, text: str) -> None:
    """Every part of the text is tried."""
    parts = {text[i:j] for i in range(len(text) + 1) for j in range(i, len(text) + 1)}
    assert distance_within(word, text) == min(distance(word, part) for part in parts)


@pytest.mark.parametrize(
    ("a", "b", "similar"),
    [
        ("keeplaundfypacs", "keeplaundrypacs", True),
        ("shutterstsck", "shutterstock", True),
        ("laon", "laion", True),
        ("sor", "sora", True),
        ("why", "what", False),
        ("discord", "connect", False),
    ],
)
def test_misreadings_are_similar_and_other_words_are_not(a: str, b: str, similar: bool) -> None:
    """The first four are readings of one line each, the others are different lines."""
    assert is_similar(a, b) is similar
    assert is_similar(b, a) is similar


def test_words_are_whole_and_of_english_letters() -> None:
    """Single digits, addresses, short words, long ones and words with marks inside are none."""
    said = "filtered with OpenAI CLIP 413M laion.ai is a straße internationalisation"
    assert words(said) == {"filtered", "with", "openai", "clip"}


def test_letters_leave_out_what_readers_waver_over() -> None:
    """Case, spaces and punctuation."""
    assert letters("• What this, Pocket?") == letters("whatthis pocket") == "whatthispocket"


@pytest.mark.parametrize(
    ("texts", "written"),
    [
        (["DALL-E Server", "Server:  Server"], "Server"),
        (["server"], "server"),
        (["SERVER", "Server"], "SERVER"),  # readers waver
        (["SErver"], "SERVER"),
        (["Serve"], "SERVER"),
    ],
)
def test_a_word_is_said_as_it_is_written(texts: list[str], written: str) -> None:
    """In capitals if that is not sure."""
    assert as_written("server", texts) == written


def test_another_word_takes_the_case_of_the_first() -> None:
    """Small letters, capitals, or one capital."""
    assert [in_the_case_of("mail", other) for other in ("server", "SERVER", "Server")] == ["mail", "MAIL", "Mail"]
