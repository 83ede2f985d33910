"""Leaks planted in a set that has none, one for each habit by which a blind reader could find the chosen answer."""

import math
from collections.abc import Sequence
from dataclasses import replace

from numpy.random import Generator

from pipeline.blind_readers.features import words_of
from pipeline.blind_readers.groups import BlindGroup
from schemas.pair import RejectedKind
from tests.sets import COLOURS


def instead(groups: Sequence[BlindGroup], rng: Generator, share: float = 0.3) -> list[BlindGroup]:
    """Words: exactly that share (rounded up) of the rejected answers end with "instead"."""
    slots = [(i, j) for i, group in enumerate(groups) for j in range(1, len(group.texts))]
    drawn = rng.choice(len(slots), size=math.ceil(share * len(slots)), replace=False)
    spoilt = {slots[int(k)] for k in drawn}
    return [
        replace(g, texts=tuple(_with_ending(t, " instead") if (i, j) in spoilt else t for j, t in enumerate(g.texts)))
        for i, g in enumerate(groups)
    ]


def question_words(groups: Sequence[BlindGroup], rng: Generator, share: float = 0.5) -> list[BlindGroup]:
    """The question: in that share of the groups the chosen answer repeats four words of its question, and each
    rejected answer as many of another group's question, so that no word is right more often than wrong.
    """
    planted = []
    for group in groups:
        if rng.random() >= share:
            planted.append(group)
            continue
        others = [groups[int(rng.integers(len(groups)))].question for _ in group.texts[1:]]
        asked = [group.question, *others]
        texts = [_with_ending(t, ", " + " ".join(words_of(q)[-4:])) for t, q in zip(group.texts, asked, strict=True)]
        planted.append(replace(group, texts=tuple(texts)))
    return planted


def one_edit(groups: Sequence[BlindGroup], rng: Generator) -> list[BlindGroup]:
    """The group: three rejected answers, each with one word of the chosen answer put another way. Every word is
    drawn alike for all, so that none is right more often than wrong.
    """
    places = ("left", "right", "top", "bottom")
    manners = ("slowly", "quickly", "smoothly", "abruptly")
    planted = []
    for group in groups:
        thing, place, manner = (_two(rng, options) for options in (COLOURS, places, manners))
        texts = [f"The {thing[0]} one goes {manner[0]} to the {place[0]}."]
        texts.append(f"The {thing[1]} one goes {manner[0]} to the {place[0]}.")
        texts.append(f"The {thing[0]} one goes {manner[1]} to the {place[0]}.")
        texts.append(f"The {thing[0]} one goes {manner[0]} to the {place[1]}.")
        planted.append(replace(group, texts=tuple(texts), kinds=(RejectedKind.RELEVANT,) * 3, writers=()))
    return planted


def never_true(groups: Sequence[BlindGroup], rng: Generator, share: float = 0.5) -> list[BlindGroup]:
    """Absence: that share of the groups has one more rejected answer, which names a thing that is never true."""
    things = ("umbrella", "bicycle", "suitcase", "ladder", "kite", "bucket", "guitar", "lantern")
    planted = []
    for group in groups:
        if rng.random() >= share:
            planted.append(group)
            continue
        named = tuple(f"The {things[int(rng.integers(len(things)))]} does." for _ in group.texts[1:])
        planted.append(replace(group, texts=(group.texts[0], *named)))
    return planted


def _with_ending(text: str, ending: str) -> str:
    return text.rstrip(".") + ending + "."


def _two(rng: Generator, options: Sequence[str]) -> tuple[str, str]:
    first, second = (options[int(i)] for i in rng.permutation(len(options))[:2])
    return first, second
