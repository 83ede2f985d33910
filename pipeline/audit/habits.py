"""Habits of a set that can be counted without a classifier: length, negation, repeated rows."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from pydantic import Field

from pipeline.blind_readers.groups import BlindGroup
from pipeline.stats.bootstrap import share_over_videos
from schemas.pair import normalise_text
from schemas.record import Record

_NEGATION = re.compile(
    r"\b(?:no|not|never|none|nothing|nobody|neither|nor|without|instead|cannot)\b|n['’]t\b", re.IGNORECASE
)


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


class Duplicates(Record):
    """How often rows repeat other rows."""

    repeated_pairs: int
    """Pairs with the same clip, shown alike, question and answers as another pair."""
    repeated_questions: int
    """Groups with the same clip, shown alike, and question as another group."""
    commonest_question_share: float
    """Share of groups with the commonest question, 0..1."""


def length_bias(groups: Sequence[BlindGroup], rng: np.random.Generator) -> Bias:
    """The length of answers in characters, chosen against rejected."""
    return _bias(groups, [[float(len(text)) for text in group.texts] for group in groups], rng)


def negation_bias(groups: Sequence[BlindGroup], rng: np.random.Generator) -> Bias:
    """The number of words that deny or contrast (no, not, never, instead, ...), chosen against rejected."""
    return _bias(groups, [[float(len(_NEGATION.findall(text))) for text in group.texts] for group in groups], rng)


def duplicates(groups: Sequence[BlindGroup]) -> Duplicates:
    """Count repeats after normalising case, accents and punctuation; `groups` must not be empty."""
    shown = [(group.shown, normalise_text(group.question)) for group in groups]
    pairs = Counter(
        (*where, normalise_text(group.texts[0]), normalise_text(rejected))
        for where, group in zip(shown, groups, strict=True)
        for rejected in group.texts[1:]
    )
    questions = Counter(question for _, question in shown)
    return Duplicates(
        repeated_pairs=sum(pairs.values()) - len(pairs),
        repeated_questions=len(shown) - len(set(shown)),
        commonest_question_share=round(max(questions.values()) / len(groups), 4),
    )


def _bias(groups: Sequence[BlindGroup], values: list[list[float]], rng: np.random.Generator) -> Bias:
    videos = {name: i for i, name in enumerate(sorted({group.video_id for group in groups}))}
    chosen, rejected, video = [], [], []
    for group, (true, *others) in zip(groups, values, strict=True):
        chosen += [true] * len(others)
        rejected += others
        video += [videos[group.video_id]] * len(others)
    difference = np.array(chosen) - np.array(rejected)
    share = share_over_videos(0.5 + np.sign(difference) / 2, np.array(video, dtype=np.int64), rng)
    return Bias(
        chosen_mean=round(float(np.mean(chosen)), 4),
        rejected_mean=round(float(np.mean(rejected)), 4),
        chosen_more=round(share.point, 4),
        low=round(share.low, 4),
        high=round(share.high, 4),
    )
