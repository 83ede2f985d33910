"""Scores what a model answers to one question by the truth beside it. It needs Python's own library alone."""

import json
import re
from collections.abc import Sequence
from math import prod

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_LEAD = re.compile(r"(?:the\s+)?(?:correct\s+|right\s+)?(?:answer|option)(?:\s+is)?\s*:?\s*", re.IGNORECASE)
_LETTER = re.compile(r"[\s*(\[]*([A-Za-z])(?:[\s*)\].:]*$|\s*[).:])")


def reward(completion: str, truth: str) -> float:
    """How well the completion answers, less what chance would give: 0 for guesses, -chance for what cannot be read.

    The truth is a JSON text of a kind, the right answer and chance: {"kind": "choice", "answer": "B", "chance": 0.25};
    of the kind interval [start, end], in seconds; of the kind box [left, top, right, bottom], in thousandths of the
    frame.
    """
    known = json.loads(truth)
    return agreement(completion, known["answer"]) - float(known["chance"])


def agreement(completion: str, right: str | Sequence[float]) -> float:
    """1 for the right option and 0 for others; of intervals and boxes, the intersection over the union."""
    answer = final_answer(completion)
    if isinstance(right, str):
        return float(option(answer) == right)
    given = [float(number) for number in _NUMBER.findall(answer)]
    return overlap(given, right) if len(given) == len(right) else 0.0


def final_answer(completion: str) -> str:
    r"""What follows the thoughts: what the last <answer>...</answer> or \boxed{...} holds, else all of it."""
    said = completion.rpartition("</think>")[2]
    for start, end in (("<answer>", "</answer>"), ("\\boxed{", "}")):
        _, found, rest = said.rpartition(start)
        if found:
            said = rest.partition(end)[0]
    return said.strip()


def option(answer: str) -> str:
    """The letter that an answer begins with or consists of: B, (b), B. A dog, The answer is B; else an empty text."""
    lead = _LEAD.match(answer)
    letter = _LETTER.match(answer, lead.end() if lead else 0)
    return letter[1].upper() if letter else ""


def overlap(given: Sequence[float], right: Sequence[float]) -> float:
    """Intersection over union of two intervals or boxes, each as its least coordinates and then its greatest."""
    shared = prod(_sides([*map(max, _lows(given), _lows(right)), *map(min, _highs(given), _highs(right))]))
    union = prod(_sides(given)) + prod(_sides(right)) - shared
    return shared / union if shared else 0.0


def _sides(box: Sequence[float]) -> list[float]:
    return [max(0.0, high - low) for low, high in zip(_lows(box), _highs(box), strict=True)]


def _lows(box: Sequence[float]) -> Sequence[float]:
    return box[: len(box) // 2]


def _highs(box: Sequence[float]) -> Sequence[float]:
    return box[len(box) // 2 :]
