"""How far apart two spellings are."""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

LEAST_LETTERS, MOST_LETTERS = 4, 12
"""Shorter words are too easily found in other words; longer ones are mostly several words without a space."""


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """The letters and digits of a text in lower case: readers waver over case, spaces and punctuation."""
    return "".join(character for character in text.casefold() if character.isalnum())


def words(text: str) -> frozenset[str]:
    """The whole words of a line, in lower case: nothing but letters of the English alphabet between two spaces."""
    tokens = (token.casefold() for token in text.split() if token.isascii() and token.isalpha())
    return frozenset(token for token in tokens if LEAST_LETTERS <= len(token) <= MOST_LETTERS)


def may_hold_word(text: str) -> bool:
    """Whether a text has so many letters of the English alphabet in a row that a word may be among them."""
    return re.search(f"[a-z]{{{LEAST_LETTERS}}}", text.casefold()) is not None


def as_written(word: str, texts: Iterable[str]) -> str:
    """A word in the case in which all the texts write it; in capitals if they waver, or if it is in no usual case."""
    forms = {token for text in texts for token in text.split() if token.casefold() == word}
    usual = {form for form in forms if form in (word, word.upper(), word.capitalize())}
    return usual.pop() if len(forms) == len(usual) == 1 else word.upper()


def in_the_case_of(word: str, other: str) -> str:
    """A word in small letters, in capitals, or with one capital at its start, as another word is."""
    return word.upper() if other.isupper() else word.capitalize() if other[:1].isupper() else word


def distance(a: str, b: str) -> int:
    """The least number of letters to add, leave out or change to make one of the other."""
    return int(_last_row(a, b, anywhere=False)[-1])


def distance_within(word: str, text: str) -> int:
    """The least distance between a word and any part of a text; the word's length if the text is empty."""
    return int(_last_row(word, text, anywhere=True).min())


def is_similar(a: str, b: str) -> bool:
    """Whether one may be a misreading of the other: one is part of the other, or up to a third of the letters differ.

    Args:
        a: letters, as `letters` gives them.
        b: the same of another text.
    """
    shorter, longer = sorted((a, b), key=len)
    return (len(shorter) > 1 and shorter in longer) or distance(a, b) <= max(1, len(longer) // 3)


def _last_row(a: str, b: str, *, anywhere: bool) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Distances between a and each beginning of b; if `anywhere`, the least one over all parts that end there."""
    places = np.arange(len(b) + 1)
    other = np.frombuffer(b.encode("utf-32-le"), np.uint32)
    row = np.zeros_like(places) if anywhere else places
    for letter in a:
        changed = row[:-1] + (other != ord(letter))
        column = np.append(row[0] + 1, np.minimum(changed, row[1:] + 1))
        row = np.minimum.accumulate(column - places) + places
    return row
