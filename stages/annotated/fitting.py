"""Annotated questions whose answers a claim fits: how many of a kind are in view, and which colour a thing has."""

import re
from collections.abc import Sequence

from schemas.claim import Claim, Predicate
from schemas.colour import ColourName
from stages.claims.nouns import singular
from stages.claims.phrases import sole
from stages.claims.scene_view import SceneView
from stages.wording.stretch import number_words

_HOW_MANY = re.compile(
    r"how many ([a-z][a-z -]*?) (?:are|can be seen|can you see|do you see)(?: there)?"
    r"(?: in (?:view|the (?:clip|video)))?"
)
_WHICH_COLOUR = re.compile(r"(?:what|which) colou?r is (the [a-z][a-z -]*)")
_NUMBERS = {number_words(number): str(number) for number in range(21)} | {"none": "0"}
_END = " .?!"


def fitting_claims(question: str, answers: Sequence[str], view: SceneView) -> tuple[Claim, ...] | None:
    """What each answer asserts; None if no claim fits the question and every answer."""
    asked = question.casefold().rstrip(_END)
    said = [answer.casefold().strip(_END) for answer in answers]
    if counted := _HOW_MANY.fullmatch(asked):
        return _numbers(counted.group(1), said, view)
    if coloured := _WHICH_COLOUR.fullmatch(asked):
        return _colours(coloured.group(1), said, view)
    return None


def _numbers(nouns: str, said: Sequence[str], view: SceneView) -> tuple[Claim, ...] | None:
    numbers = [_NUMBERS.get(text, text) for text in said]
    noun = singular(nouns)
    if noun == nouns or not all(number.isdecimal() for number in numbers):
        return None
    return tuple(
        Claim(
            predicate=Predicate.NAMED_COUNT,
            noun=noun,
            value=number,
            intervals=(view.whole_clip,),
            in_video=number != "0",
        )
        for number in numbers
    )


def _colours(phrase: str, said: Sequence[str], view: SceneView) -> tuple[Claim, ...] | None:
    thing = sole(phrase, view, (), seen_then=False)
    if thing is None or not set(said) <= set(ColourName):
        return None
    return tuple(
        Claim(
            predicate=Predicate.HAS_COLOUR,
            subject_tracks=(thing.tracks[0].track_id,),
            subject_phrases=(phrase,),
            value=text,
        )
        for text in said
    )
