"""Which stretch of a clip the words of a question and its answer speak of, if a program can tell."""

import re

from schemas.interval import Interval

_NUMBER = r"(\d+(?:\.\d+)?)"
_BETWEEN = re.compile(rf"\b(?:between|from) {_NUMBER} (?:and|to|until) {_NUMBER} seconds?\b")
_AT = re.compile(rf"\b(?:at|after)? ?(?:about|around|roughly) {_NUMBER} seconds?(?: in)?\b|\bat {_NUMBER} seconds?\b")
_HALF = re.compile(r"\bin the (first|second) half(?: of the (?:clip|video))?\b")
_MOMENT_SECONDS = 0.4  # "at about 2 seconds" means from 1.6 to 2.4 s
_TIME = re.compile(
    r"\b(seconds?|minutes?|half|start(s|ing)?|begin(s|ning)?|ends?|ending|early|late|later|earlier|first|last|then|when|"
    r"while|until|once|during|before|after|again|moment|initially|finally|eventually|opening|closing|next|now|still)\b"
)
"""Words that may say when something is so."""


def said_interval(question: str, answer: str, shown: Interval) -> Interval | None:
    """What the time words mean: all that is shown if there are none; None if a program cannot tell.

    Args:
        question: the question.
        answer: the answer, without names and without the words that its predicate is known by.
        shown: what is shown; seconds in the texts count from its start.
    """
    text = f"{question} {answer}".casefold()
    found: Interval | None = None
    for pattern in (_BETWEEN, _AT, _HALF):
        for match in pattern.finditer(text):
            meant = _meant(match, shown)
            if meant is None or found not in (None, meant):
                return None
            found = meant
        text = pattern.sub(" ", text)
    if _TIME.search(text):
        return None
    return found or shown


def without_times(text: str) -> str:
    """The text, in lower case, without the words that name a stretch."""
    for pattern in (_BETWEEN, _AT, _HALF):
        text = pattern.sub(" ", text)
    return text


def _meant(match: re.Match[str], shown: Interval) -> Interval | None:
    """The stretch that a match means, if it lies in what is shown."""
    begin, middle = shown.start_seconds, (shown.start_seconds + shown.end_seconds) / 2
    words = [word for word in match.groups() if word]
    if words == ["first"]:
        return Interval(start_seconds=begin, end_seconds=middle)
    if words == ["second"]:
        return Interval(start_seconds=middle, end_seconds=shown.end_seconds)
    seconds = [begin + float(word) for word in words]
    start, end = seconds if len(seconds) == 2 else (seconds[0] - _MOMENT_SECONDS, seconds[0] + _MOMENT_SECONDS)
    start, end = max(start, begin), min(end, shown.end_seconds)
    return Interval(start_seconds=start, end_seconds=end) if start < end else None
