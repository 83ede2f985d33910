"""The words of a slot: how the gaps of its question and answers are filled, and what its answers choose."""

from prompts.template import Filled, Template
from prompts.wordings import Wording
from schemas.claim import Predicate
from stages.facts.entity import Entity
from stages.facts.slot import Column, Slot

MIDDLE = ("centre", "middle")
"""The values that mean the middle third, across and upright."""
_OF_THIRDS = (Predicate.IN_REGION, Predicate.MOTION_IN)


def question_text(slot: Slot, ask: Template, noun: str) -> str:
    """The question: it names what all answers share, never what they choose among."""
    fillings = dict(slot.fillings)
    if len(slot.stretches) == 1:
        fillings["when"] = slot.stretches[0].said(noun)
    elif slot.stretches:
        fillings["first"], fillings["second"] = (stretch.said(noun) for stretch in slot.stretches)
    if slot.height > 1:
        if noun and "noun" in ask.gaps:  # named things of several kinds share no noun
            fillings["noun"] = noun
    elif slot.row:
        fillings["subject"] = slot.phrase(slot.row, noun)
    if slot.fixed:
        fillings["other"] = slot.fixed.phrase(noun)
    return ask.fill(**fillings)


def answer_text(slot: Slot, row: Entity | None, column: Column, wording: Wording, reply: Template, noun: str) -> Filled:
    """The answer of one row and column."""
    fillings = {}
    if wording.values:
        fillings["value"] = column.words or wording.values[column.key]
    if "it" in reply.gaps and row:
        fillings["it"] = slot.phrase(row, noun) if row.lives else "it"
    if slot.height > 1 and row:
        fillings["entity"] = row.phrase(noun)
    if slot.fixed and "other" in reply.gaps:  # else the question alone names it
        fillings["other"] = slot.fixed.phrase(noun)
        if row and slot.height == 1:  # the question names two things, and "it" could be either
            fillings["subject"] = slot.phrase(row, noun)
    return reply.filled(**fillings)


def features(slot: Slot, row: Entity | None, column: Column) -> tuple[str, ...]:
    """What an answer chooses, as the balance counts it: its value, and the thing that it names."""
    found = [f"{slot.feature}={column.key}"] if len(slot.columns) > 1 else []
    if column.predicate in _OF_THIRDS and column.value in MIDDLE:
        found.append("third=middle")  # one value across and upright: most things are in the middle of both
    if slot.height > 1 and row:
        found.append(f"entity={row.name}")
    return tuple(found)
