"""Habits of a set that can be counted without a classifier: length, denial, likeness, and where answers differ."""

import re
from collections.abc import Sequence
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from pipeline.audit.pairs import PairTexts
from pipeline.audit.words import TellingWord, WordLeans
from pipeline.blind_readers.features import likeness, words_of
from pipeline.blind_readers.groups import BlindGroup
from pipeline.stats.bootstrap import share_over_videos
from schemas.record import Record

_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nothing|nobody|neither|nor|without|instead|cannot)\b|n['’]t\b", re.IGNORECASE
)
_THIRDS = 3


class Bias(Record):
    """How the chosen answer of a pair compares with the rejected one in one respect."""

    chosen_mean: float
    """Mean over the chosen answers of all pairs."""
    rejected_mean: float
    """Mean over the rejected answers of all pairs."""
    chosen_more: float = Field(ge=0, le=1)
    """Share of pairs in which the chosen answer has more of it, a tie counting one half; 0.5 is even."""
    low: float
    """Lower end of the 95 % interval of `chosen_more`, by bootstrap over videos."""
    high: float
    """Upper end of that interval."""


class Difference(Record):
    """Where the two answers of a pair differ: from the first to the last word that is not the same."""

    share: float = Field(ge=0, le=1)
    """Mean share of the words of the chosen answer that lie in between; 1 means that nothing around it is the same."""
    start: float = Field(ge=0, le=1)
    """Share of pairs in which the middle of this stretch lies in the first third of the chosen answer."""
    middle: float = Field(ge=0, le=1)
    """The same of the second third."""
    end: float = Field(ge=0, le=1)
    """The same of the last third."""


class PartHabits(Record):
    """The habits of one part of a set."""

    part: str
    """`all`, a kind of rejection, or who wrote the rejected answers."""
    pairs: int = Field(ge=1)
    """Number of its pairs."""
    length: Bias
    """Length in characters."""
    difference: Difference
    """Where its answers differ."""
    words: tuple[TellingWord, ...]
    """Words that lean to one side, the most frequent ones first."""


def part_habits(pairs: PairTexts, rng: np.random.Generator) -> tuple[PartHabits, ...]:
    """The habits of the whole, of each kind of rejection and of each writer."""
    chosen_P, rejected_P = pairs.measured(lambda _, text: float(len(text)))
    leans, stretches_P2 = WordLeans(pairs), _stretches(pairs)
    return tuple(
        PartHabits(
            part=name,
            pairs=int(mask.sum()),
            length=_bias(chosen_P[mask], rejected_P[mask], pairs.video_P[mask], rng),
            difference=_difference(stretches_P2[mask]),
            words=leans.telling(mask),
        )
        for name, mask in pairs.parts()
    )


def negation_bias(pairs: PairTexts, rng: np.random.Generator) -> Bias:
    """The number of words that deny or contrast (no, not, never, instead, ...), chosen against rejected."""
    return _bias(*pairs.measured(lambda _, text: float(len(_NEGATION.findall(text)))), pairs.video_P, rng)


def echo_bias(pairs: PairTexts, rng: np.random.Generator) -> Bias:
    """The number of different words that an answer shares with its question, chosen against rejected."""
    asked = {question: set(words_of(question)) for question in pairs.questions}
    shared = pairs.measured(lambda question, text: float(len(asked[question].intersection(words_of(text)))))
    return _bias(*shared, pairs.video_P, rng)


def likeness_bias(groups: Sequence[BlindGroup], pairs: PairTexts, rng: np.random.Generator) -> Bias:
    """How many words an answer shares with the other answers to its question, 0..1, chosen against rejected.

    `pairs` are those of `groups`. A group of two answers is a tie.
    """
    of_groups = [likeness(group.texts).round(9) for group in groups]
    chosen_P = np.concatenate([np.repeat(alike_C[0], len(alike_C) - 1) for alike_C in of_groups])
    return _bias(chosen_P, np.concatenate([alike_C[1:] for alike_C in of_groups]), pairs.video_P, rng)


def _bias(
    chosen_P: NDArray[np.float64],
    rejected_P: NDArray[np.float64],
    video_P: NDArray[np.int64],
    rng: np.random.Generator,
) -> Bias:
    share = share_over_videos(0.5 + np.sign(chosen_P - rejected_P) / 2, video_P, rng)
    return Bias(
        chosen_mean=round(float(chosen_P.mean()), 4),
        rejected_mean=round(float(rejected_P.mean()), 4),
        chosen_more=round(share.point, 4),
        low=round(share.low, 4),
        high=round(share.high, 4),
    )


def _stretches(pairs: PairTexts) -> NDArray[np.float64]:
    """For each pair, where in the chosen answer the stretch that differs starts and ends, 0..1: P2."""
    return np.array([_stretch(chosen, rejected) for chosen, rejected in pairs.words]).reshape(-1, 2)


def _stretch(chosen: Sequence[str], rejected: Sequence[str]) -> tuple[float, float]:
    same = sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(chosen, rejected, strict=False)))
    rest = min(len(chosen), len(rejected)) - same
    backwards = zip(reversed(chosen), reversed(rejected), strict=False)
    after = min(rest, sum(1 for _ in takewhile(lambda both: both[0] == both[1], backwards)))
    words = max(1, len(chosen))
    return same / words, (len(chosen) - after) / words


def _difference(stretches_P2: NDArray[np.float64]) -> Difference:
    third_P = np.minimum(np.floor(stretches_P2.mean(axis=1) * _THIRDS), _THIRDS - 1)
    start, middle, end = (round(float((third_P == third).mean()), 4) for third in range(_THIRDS))
    share = float((stretches_P2[:, 1] - stretches_P2[:, 0]).mean())
    return Difference(share=round(share, 4), start=start, middle=middle, end=end)
