"""Whether an answer of a model has the form of a plain answer, and a wrong one the form of the right one."""

import re
from collections.abc import Sequence

from schemas.drop import DropCause, DropReason
from schemas.pair import is_complete, normalise_text
from stages.language.besides import content_words

MOST_WORDS = 40
"""An answer with more is not one or two plain sentences."""
_MOST_SENTENCES = 2
_SPARE_WORDS = 3
_LENGTH_RATIO = 1.5
_STEM_LETTERS = 4
_TELLING = frozenset(
    [
        "not",
        "no",
        "never",
        "none",
        "nothing",
        "nobody",
        "nowhere",
        "neither",
        "nor",
        "without",
        "cannot",
        "instead",
        "rather",
        "actually",
        "however",
        "but",
        "although",
        "though",
        "despite",
        "contrary",
        "unlike",
        "only",
        "just",
        "merely",
        "really",
        "truly",
    ]
)
"""Words of contrast and negation: on one side alone they tell which answer was made from the other."""
_HEDGES = re.compile(
    r"\b(seem(s|ed|ing)?|appear(s|ed)? to|likely|probably|possibly|perhaps|maybe|might|may be|could be|suggest(s|ing)?"
    r"|i think|as an ai|cannot determine|frames?|images?|unclear|not visible|not shown)\b",
    re.IGNORECASE,
)
"""Words of an answer that is about frames, or is not sure."""
_SENTENCE = re.compile(r"[.!?]+(?:\s|$)")


def as_sentence(text: str) -> str:
    """The text on one line, with a capital letter and an end; empty if it says nothing."""
    line = " ".join(text.split())
    if not any(character.isalnum() for character in line):
        return ""
    return line[0].upper() + line[1:] + ("" if is_complete(line) else ".")


def plain_failure(answer: str) -> DropCause | None:
    """Why an answer is not one or two plain sentences that are sure of what they say; None if it is."""
    words = normalise_text(answer).split()
    if not words:
        return DropCause(DropReason.FORM_DIFFERS, "an answer says nothing")
    if len(words) > MOST_WORDS:
        return DropCause(DropReason.FORM_DIFFERS, "words of an answer", len(words), MOST_WORDS)
    if (sentences := len(_SENTENCE.findall(answer))) > _MOST_SENTENCES:
        return DropCause(DropReason.FORM_DIFFERS, "sentences of an answer", sentences, _MOST_SENTENCES)
    if _HEDGES.search(answer):
        return DropCause(DropReason.FORM_DIFFERS, "an answer hedges, or speaks of frames")
    return None


def form_failure(rejected: str, chosen: str, others: Sequence[str] = ()) -> DropCause | None:
    """Why a wrong answer gives itself away by its form; None if it does not.

    It must be about as long as the right one, have as many sentences, and have no word of contrast or negation that the
    right one lacks, nor the other way round. REPEATED_TEXT if it says what the right one or one of `others` says.
    """
    if normalise_text(rejected) in {normalise_text(text) for text in (chosen, *others)}:
        return DropCause(DropReason.REPEATED_TEXT, "a wrong answer says what another answer says")
    if (failure := plain_failure(rejected)) is not None:
        return failure
    long, short = sorted((len(normalise_text(text).split()) for text in (rejected, chosen)), reverse=True)
    if long > short * _LENGTH_RATIO and long > short + _SPARE_WORDS:
        return DropCause(DropReason.FORM_DIFFERS, "words of the longer answer", long, max(short * 1.5, short + 3.0))
    if _told(rejected) != _told(chosen):
        return DropCause(DropReason.FORM_DIFFERS, "a word of contrast or negation on one side")
    if len(_SENTENCE.findall(rejected)) != len(_SENTENCE.findall(chosen)):
        return DropCause(DropReason.FORM_DIFFERS, "sentences on one side")
    return None


def answer_failure(question: str, rejected: str, chosen: str) -> DropCause | None:
    """Why a wrong answer does not answer the question as the right one does; None if it does.

    What the right one repeats of the question, such as the thing that it asks about, the wrong one repeats, too; else
    it is no answer, and is known by that. Of "the cup or the plate?" each may name another one.
    """
    asked = _stems(question)
    right, wrong = asked & _stems(chosen), asked & _stems(rejected)
    if right == wrong or ("or" in question.casefold().split() and len(right) == len(wrong)):
        return None
    detail = "words of the question on one side"
    return DropCause(DropReason.FORM_DIFFERS, detail, len(right ^ wrong), 0)


def _stems(text: str) -> frozenset[str]:
    return frozenset(word.rstrip("s")[:_STEM_LETTERS] for word in content_words(text.casefold()))


_ALIKE = 0.15
"""Shares of common words that differ by less are alike."""


def is_symmetric(texts: Sequence[str]) -> bool:
    """Whether no answer is told from the others by how much it is like them: each has the same likenesses to the rest.

    Two answers always are; so are values of one kind, and a grid of two errors with both; a right answer with two or
    three wrong ones that each differ from it in one place is not, for it is most like all others.
    """
    words = [set(normalise_text(text).split()) for text in texts]
    likenesses = [
        sorted(len(own & other) / len(own | other) for place, other in enumerate(words) if place != number)
        for number, own in enumerate(words)
    ]
    return all(max(values) - min(values) <= _ALIKE for values in zip(*likenesses, strict=True))


def _told(text: str) -> frozenset[str]:
    words = set(re.findall(r"[a-z]+", text.casefold()))
    return frozenset(words & _TELLING) | ({"not"} if "n't" in text or "n’t" in text else frozenset())
