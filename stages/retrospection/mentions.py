"""The kinds of things that a sentence says are there, as far as its words leave no doubt that they name things."""

import re
from collections.abc import Iterator, Sequence

from stages.claims.nouns import is_counted, noun_of, singular

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MOST_WORDS = 3
_REACH = 3
"""A noun stands at most so many words after the word that opens it: "the small brown dog"."""
_OPENING = re.compile(
    r"""
    an?|the|this|that|these|those|another|some|no|his|her|its|their|my|our|several|many|few
    |one|two|three|four|five|six|seven|eight|nine|ten
    """,
    re.VERBOSE,
)
"""Words after which a thing is named."""
_BEFORE_MANY = re.compile(r"of|with|by|near|behind|beside|under|over|on|in|at|from|into|onto|between")
"""Words after which things are named without another word: "with dogs", "on grass"."""
_CLOSING = re.compile(
    r"""
    he|she|it|they|who|which|that|there|then|and|or|but|while|as
    |is|are|was|were|be|been|has|have|had|\w+ly
    """,
    re.VERBOSE,
)
"""Words after which the next one is rather a verb than a thing: "she watches", "and lights"."""
_PICTURE = r"(?:picture|photo|photograph|painting|drawing|poster|logo|image)s?"
_NOT_THERE = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|nothing|nobody|cannot|absent|gone|empty|missing|like|as if|pretends?"
    r"|words?|says|reads|sign|print|printed|toy|statue|costume|mask|shaped|pattern)\b|n['’]t\b|[\"“”]"
    rf"|\b(?:an?|his|her|their|its|some|two|three|framed) (?:\w+ )?{_PICTURE}\b|\b{_PICTURE} (?:of|with|showing)\b",
    re.IGNORECASE,
)
"""Sentences that deny, compare, or speak of pictures and writing name things that need not be there."""


_ITSELF = frozenset(("picture", "image", "frame", "video", "clip", "scene", "shot", "view"))
"""What a sentence calls the video itself: "in the left half of the picture"."""


def things_said_to_be_there(text: str) -> tuple[str, ...]:
    """The nouns, singular and in lower case, of the things that a sentence names and says to be there, in order.

    A word counts only if nothing else can be meant: it stands after an article, a number or the like, or opens the
    sentence; it is no part of a name of several nouns ("a dog bowl" may hold no dog); and the sentence neither denies
    nor compares, nor is about a picture.
    """
    if _NOT_THERE.search(text):
        return ()
    words = _WORD.findall(text.casefold())
    places = list(_nouns(words))
    starts, ends = {start for start, _ in places}, {end for _, end in places}
    found = []
    for start, end in places:
        is_part = end in starts or start in ends
        if not is_part and _opens(words, start, ends, many=_stands_alone(" ".join(words[start:end]))):
            found.append(singular(" ".join(words[start:end])))
    return tuple(noun for noun in dict.fromkeys(found) if noun not in _ITSELF)


def _nouns(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where listed nouns stand, the longest first, as [start, end)."""
    place = 0
    while place < len(words):
        longest = min(_MOST_WORDS, len(words) - place)
        size = next((n for n in range(longest, 0, -1) if noun_of(" ".join(words[place : place + n]))), 0)
        if size:
            yield place, place + size
        place += max(1, size)


def _stands_alone(word: str) -> bool:
    """Whether it needs no article: a plural, or something that is not counted."""
    return singular(word) != word or not is_counted(word)


def _opens(words: Sequence[str], start: int, ends: set[int], *, many: bool) -> bool:
    """Whether a word before it opens a name; `many`: whether none is needed at the start and after a preposition."""
    for place in range(start - 1, max(-1, start - 1 - _REACH), -1):
        word = words[place]
        if _OPENING.fullmatch(word) or (many and _BEFORE_MANY.fullmatch(word)):
            return True
        if _CLOSING.fullmatch(word) or _BEFORE_MANY.fullmatch(word) or place + 1 in ends:
            return False
    return many and start <= _REACH
