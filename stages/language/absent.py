"""What irrelevant answers may name: things that the video does not show and that are right answers elsewhere."""

import re
from collections.abc import Sequence
from itertools import islice

from numpy.random import Generator

from prompts.topics import entities
from schemas.claim import Claim, Predicate, QuestionType
from schemas.clip import UnitClip
from schemas.interval import Interval
from schemas.pair import normalise_text
from stages.claims.nouns import plural, words_about
from stages.language.draft import DraftQuestion

_FEW_KINDS = 10
_NAMED_ALONE = re.compile(
    r"[\"“”]|\b(says|reads|writ\w+|words?|like|looks? for|picture of|painting of)\b", re.IGNORECASE
)


def absent_things(
    question: DraftQuestion, answer: str, clip: UnitClip, known: Sequence[str], count: int, rng: Generator
) -> tuple[str, ...]:
    """Things that neither question nor answer names and that were not found in the clip, drawn by how often they are
    right answers.

    Args:
        question: the question; what is written names no thing.
        answer: its preferred answer.
        clip: what it is about.
        known: right answers of the set, one entry for each; with fewer than ten kinds everyday things are added.
        count: how many are wanted.
        rng: draws them.
    """
    if question.question_type is QuestionType.OCR:
        return ()
    said = set(normalise_text(f"{question.text} {answer} {' '.join(question.objects)}").split())
    found = {track.label.casefold() for track in clip.scene.tracks}
    pool = (*known,) if len(set(known)) >= _FEW_KINDS else (*known, *entities())
    drawn = (pool[int(place)] for place in rng.permutation(len(pool)))
    free = (
        name
        for name in dict.fromkeys(drawn)
        if not said & {name, plural(name)} and not found & (words_about(name) | {name})
    )
    return tuple(islice(free, count))


def says_it_is_there(text: str) -> bool:
    """Whether an answer that names a thing says that it can be seen: not that it is written, or that something is like
    it.
    """
    return not _NAMED_ALONE.search(text)


def presence_of(noun: str, clip: Interval) -> Claim:
    """That a thing is in view: an answer that says so is false if this is."""
    return Claim(predicate=Predicate.PRESENT, noun=noun, intervals=(clip,), in_video=False)
