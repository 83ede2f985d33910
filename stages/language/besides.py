"""What an answer says besides its claim: an answer that says more is false if the claim is, but not true if it is."""

import re
from collections.abc import Sequence

from prompts.predicates import ClaimWords
from stages.claims.nouns import plural, singular
from stages.language.times_said import without_times
from stages.wording.stretch import number_words

_PLAIN = re.compile(
    r"""
    an?|the|this|that|these|those|its?|they|them|he|him|she|his|her|their|there|here|ones?
    |is|are|was|were|be|been|being|am|do|does|did|has|have|had|can|could
    |what|which|where|who|whom|whose|how|when|in|on|at|of|to|from|by|with|for|than|as
    |things?|objects?|kinds?|sort|type|many|much|number|total
    |picture|image|frame|video|clip|screen|scene|view|see|seen|visible|shown|looks?
    |side|hand|part|place|position|positioned|located|way|direction|relative|compared
    """,
    re.VERBOSE,
)
"""Words that add nothing to what is said of a thing."""
_WORD = re.compile(r"[^\W_]+")


def says_more(question: str, answer: str, names: Sequence[str], words: ClaimWords, value: str | None) -> bool:
    """Whether question or answer says anything besides the claim: where a thing is that is counted, how somebody sits.

    Args:
        question: the question, in lower case.
        answer: the answer, in lower case.
        names: the names in the claim, in lower case.
        words: those of its predicate.
        value: its value.
    """
    number = number_words(int(value)) if value and value.isdecimal() else ""
    taken = (*names, *map(plural, names), *map(singular, names), value or "", number)
    text = without_times(without_names(f"{question} {answer}", taken))
    for pattern in filter(None, (_of_value(words, value), words.words_after, words.also)):
        for part in pattern.split(".*"):  # what stands between the words of a pattern is not a part of it
            text = re.sub(part.strip(), " ", text)
    return bool(content_words(text))


def content_words(text: str) -> list[str]:
    """The words of a text, in lower case, that say something of a thing."""
    return [word for word in _WORD.findall(text) if not _PLAIN.fullmatch(word)]


def without_names(text: str, names: Sequence[str]) -> str:
    """The text with every name taken out, the longest first."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return text


def _of_value(words: ClaimWords, value: str | None) -> str | None:
    """The pattern by which the value is known; None if it is a number or a word, which is taken out as a name is."""
    return words.words.get(value or "")
