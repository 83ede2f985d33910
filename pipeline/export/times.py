"""Whether a consumer believes the times that the texts of a question speak of."""

import re
from collections.abc import Iterable, Sequence

from pipeline.export.format import ExportFormat
from pipeline.export.left_out import LeftOutError, LeftOutReason
from schemas.pair import Pair

BELIEVED_SECONDS = 0.1
"""A believed time may be wrong by so much."""
_WHOLE_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty"),
    *("sixty", "seventy", "eighty", "ninety", "hundred", "half", "few", "several", "couple of"),
)
_NUMBER = rf"(?:\d+(?:[.,]\d+)?|{'|'.join(_WHOLE_NUMBERS)})"
_SECONDS = re.compile(
    rf"\b{_NUMBER}[\s-]*(?:seconds?|secs?|minutes?|mins?)\b|\b\d+(?:\.\d+)? s\b|\b\d+\.\d+s\b|\b\d{{1,2}}:\d\d\b"
    r"|\b(?:which|what|how many|first|last|final|opening) (?:seconds?|minutes?)\b"
    r"|\b(?:seconds|minutes) (?:in|into|after|before|later)\b"
    r"|\b(?:per|within|for|after) (?:a |each |every )?(?:second|minute)\b",
    re.IGNORECASE,
)
"""It would rather find too much: a row that is left out costs less than a time that is not true."""


def names_seconds(texts: Iterable[str]) -> bool:
    """Whether a text speaks of seconds or minutes as a measure ("the second quarter" does not)."""
    return any(_SECONDS.search(text) for text in texts)


def speaks_of_seconds(pairs: Iterable[Pair]) -> bool:
    """Whether a text of these pairs does."""
    return names_seconds(text for pair in pairs for text in (pair.question, pair.chosen, pair.rejected))


def refuse_other_times(pairs: Sequence[Pair], seconds: Sequence[float], target: ExportFormat) -> None:
    """Raise LeftOutError if a question speaks of seconds that the consumer does not believe.

    Args:
        pairs: of the question.
        seconds: when its frames are shown, counted from the first moment that is shown.
        target: the consumer's format.
    """
    if speaks_of_seconds(pairs):
        refuse_times(seconds, target)


def refuse_times(seconds: Sequence[float], target: ExportFormat) -> None:
    """Raise LeftOutError if the consumer does not believe that frames are shown at these seconds."""
    if target.chosen.times:
        return
    believed = target.believed_seconds(seconds)
    if believed is None:
        raise LeftOutError(LeftOutReason.NO_TIMES)
    wrong = worst_seconds(seconds, believed)
    if wrong > BELIEVED_SECONDS:
        raise LeftOutError(LeftOutReason.OTHER_TIMES, f"{wrong:.2f} s > {BELIEVED_SECONDS} s")


def worst_seconds(true: Sequence[float], believed: Sequence[float]) -> float:
    """By how many seconds the worst believed time is wrong. ValueError if there are more or fewer of them."""
    return max(abs(a - b) for a, b in zip(true, believed, strict=True))
