"""Where two answers differ: the words that a writer filled in otherwise, or, of any two texts, those that differ."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from schemas.group import CandidateAnswer
from schemas.pair import normalise_text
from schemas.text_span import TextSpan, outside

Spans = tuple[TextSpan, ...]

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_REWRITTEN = 0.5
"""If more than this share of the words of a text differ, it says something else altogether."""


def differing_spans(chosen: CandidateAnswer, rejected: CandidateAnswer) -> tuple[Spans, Spans]:
    """The words of each answer that the other one has not, as ranges of its characters; some of each.

    Answers whose parts a writer knows differ in parts; of other texts the words are compared, and all of both texts
    differs if more than half of the words of one do.
    """
    if chosen.parts and len(chosen.parts) == len(rejected.parts) and _say_the_same_elsewhere(chosen, rejected):
        pairs = [
            _within(chosen.text, a, rejected.text, b)
            for a, b in zip(chosen.parts, rejected.parts, strict=True)
            if normalise_text(a.of(chosen.text)) != normalise_text(b.of(rejected.text))
        ]
        if pairs:
            return tuple(a for a, _ in pairs), tuple(b for _, b in pairs)
    return _by_words(chosen.text, rejected.text)


def _say_the_same_elsewhere(one: CandidateAnswer, other: CandidateAnswer) -> bool:
    return normalise_text(outside(one.text, one.parts)) == normalise_text(outside(other.text, other.parts))


def _within(text: str, part: TextSpan, other: str, other_part: TextSpan) -> tuple[TextSpan, TextSpan]:
    """Two parts that differ, without the words with which both begin and end."""
    words, others = _words(text, part), _words(other, other_part)
    if not words or not others:
        return part, other_part
    said, told = _said(text, words), _said(other, others)
    most = min(len(said), len(told)) - 1  # a word of each is left
    start = next((i for i in range(most) if said[i] != told[i]), most)
    end = next((i for i in range(most - start) if said[-1 - i] != told[-1 - i]), most - start)
    return _joined(words[start : len(words) - end]), _joined(others[start : len(others) - end])


def _by_words(text: str, other: str) -> tuple[Spans, Spans]:
    whole, all_of_other = (TextSpan(start=0, end=len(each)) for each in (text, other))
    words, others = _words(text, whole), _words(other, all_of_other)
    said, told = _said(text, words), _said(other, others)
    compared = SequenceMatcher(None, said, told, autojunk=False).get_opcodes()
    changes = [_Change(*place) for kind, *place in compared if kind != "equal"]
    shares = (
        sum(c.last - c.first for c in changes) / len(words),
        sum(c.other_last - c.other_first for c in changes) / len(others),
    )
    if max(shares) > _REWRITTEN:
        return (whole,), (all_of_other,)
    places: list[_Change] = []
    for change in changes:
        wide = change.with_a_word()
        if places and wide.first < places[-1].last:  # the word between two changes belongs to both
            wide = _Change(places[-1].first, wide.last, places.pop().other_first, wide.other_last)
        places.append(wide)
    return (
        tuple(_joined(words[place.first : place.last]) for place in places),
        tuple(_joined(others[place.other_first : place.other_last]) for place in places),
    )


class _Change(NamedTuple):
    """Words of one text in place of those of another."""

    first: int
    last: int
    other_first: int
    other_last: int

    def with_a_word(self) -> "_Change":
        """The change; if one text has nothing there, with the word before it in both, or the one after it."""
        first, last, other_first, other_last = self
        if first < last and other_first < other_last:
            return self
        if first > 0 and other_first > 0:
            return _Change(first - 1, last, other_first - 1, other_last)
        return _Change(first, last + 1, other_first, other_last + 1)


def _words(text: str, part: TextSpan) -> list[TextSpan]:
    return [TextSpan(start=found.start(), end=found.end()) for found in _WORD.finditer(text, part.start, part.end)]


def _said(text: str, words: Sequence[TextSpan]) -> list[str]:
    return [normalise_text(word.of(text)) for word in words]


def _joined(words: Sequence[TextSpan]) -> TextSpan:
    return TextSpan(start=words[0].start, end=words[-1].end)
