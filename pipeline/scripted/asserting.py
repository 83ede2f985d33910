"""Says which predicate an answer asserts, by its words alone."""

import re
from collections.abc import Mapping

from pydantic import JsonValue

from pipeline.scripted.sentences import (
    COLOUR,
    COUNT,
    DOES,
    HEIGHT,
    MOVES,
    ORDER,
    PART,
    READS,
    SIDE,
    STAYS,
    VISIBLE,
    Statement,
    read_answer,
)
from schemas.claim import Predicate
from schemas.colour import ColourName

_SIDES: Mapping[str, Predicate] = {
    "left": Predicate.LEFT_OF,
    "right": Predicate.RIGHT_OF,
    "above": Predicate.ABOVE,
    "below": Predicate.BELOW,
}
_WHICH_COLOUR = re.compile(r"(?:What|Which) colou?r (?:is|are) (.+?)\?$", re.IGNORECASE)
_HOW_MANY = re.compile(r"How many (.+?) (?:are|is|can|lie|stand|hang)\b", re.IGNORECASE)
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six")


def stated_claim(number: int, question: str, answer: str) -> dict[str, JsonValue]:
    """The claim of one answer, as a reply to the prompt `claims` has it; predicate "none" if no other fits."""
    said = read_answer(answer)
    predicate, subject, thing, value = _of_people(question, answer) if said is None else _parts(said)
    return {"answer": number, "predicate": predicate, "subject": subject, "object": thing, "value": value}


def _of_people(question: str, answer: str) -> tuple[str, str, str, str]:
    """What people answer in a word: a colour, or a number."""
    word = answer.casefold().rstrip(".")
    if (asked := _WHICH_COLOUR.match(question)) and word in set(ColourName):
        return Predicate.HAS_COLOUR, asked[1], "", word
    if (asked := _HOW_MANY.match(question)) and word in _NUMBERS:
        return Predicate.NAMED_COUNT, "", asked[1], str(_NUMBERS.index(word))
    return "none", "", "", ""


def _parts(said: Statement) -> tuple[str, str, str, str]:
    """Predicate, subject, object and value."""
    value = said.v.casefold()
    found = {
        SIDE: (_SIDES.get(value), said.a, said.b, ""),
        HEIGHT: (_SIDES.get(value), said.a, said.b, ""),
        PART: (Predicate.IN_REGION, said.a, "", value),
        COLOUR: (Predicate.HAS_COLOUR, f"the {said.n}", "", value),
        COUNT: (Predicate.NAMED_COUNT, "", said.n, str(_NUMBERS.index(value)) if value in _NUMBERS else ""),
        READS: (Predicate.READS, "", "", value),
        ORDER: (Predicate.HAPPENS_BEFORE, said.a, said.b, ""),
        MOVES: (Predicate.MOVES, said.a, "", value.removeprefix("to the ")),
        VISIBLE: (Predicate.PRESENT, "", said.a, ""),
        DOES: (Predicate.HAPPENS_IN, said.a, "", ""),
        STAYS: (Predicate.STILL, said.a, "", ""),
    }.get(said.form)
    return ("none", "", "", "") if found is None else (str(found[0]), *found[1:])
