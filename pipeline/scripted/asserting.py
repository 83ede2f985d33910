"""Says which predicate an answer asserts, by its words alone."""

from collections.abc import Mapping

from pydantic import JsonValue

from pipeline.scripted.sentences import (
    COLOUR,
    COUNT,
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

_SIDES: Mapping[str, Predicate] = {
    "left": Predicate.LEFT_OF,
    "right": Predicate.RIGHT_OF,
    "above": Predicate.ABOVE,
    "below": Predicate.BELOW,
}
_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six")


def stated_claim(number: int, answer: str) -> dict[str, JsonValue]:
    """The claim of one answer, as a reply to the prompt `claims` has it; predicate "none" if no other fits."""
    said = read_answer(answer)
    predicate, subject, thing, value = ("none", "", "", "") if said is None else _parts(said)
    return {"answer": number, "predicate": predicate, "subject": subject, "object": thing, "value": value}


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
        STAYS: (Predicate.STILL, said.a, "", ""),
    }.get(said.form)
    return ("none", "", "", "") if found is None else (str(found[0]), *found[1:])
