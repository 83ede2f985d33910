"""Observations of a policy and its base model become shares with their 95 % intervals."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluation.observations import Metric, Observation, observations
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.stats.bootstrap import gain_over_videos, share_over_videos
from schemas.record import Record
from stages.models.video_llm.generate import Match
from stages.models.video_llm.score import ScorePath
from stages.seeding import rng_for
from trainer.answering.evaluate import GroupResult
from trainer.recipe import Precision


class MeanWithInterval(Record):
    """A mean, or a difference of two means, with its 95 % interval by bootstrap over videos (1,000 draws)."""

    value: float
    low: float
    high: float


class MetricLine(Record):
    """One metric on one part of the set."""

    metric: Metric
    part: str
    """The part of the set, the property of an answer, or `all`."""
    count: int
    """Pairs, groups, answers or questions."""
    videos: int
    """Videos that they belong to."""
    base: MeanWithInterval | None
    """The base model; null if there is none to compare with."""
    policy: MeanWithInterval
    gain: MeanWithInterval | None
    """Policy minus base, on the same drawn videos."""
    start: MeanWithInterval | None = None
    """The adapter that the policy's training went on from; null if there was none."""
    gain_over_start: MeanWithInterval | None = None
    """Policy minus start, on the same drawn videos."""


class WrittenAnswer(Record):
    """A question, and what the models wrote."""

    group_id: str
    question: str
    chosen: str
    base: str | None
    """What the base model wrote; null if there is none."""
    start: str | None
    """What the adapter that the training went on from wrote; null if there is none."""
    policy: str
    """What the policy wrote."""
    match: Match
    """Which answer of the group the policy's text equals."""
    whole: bool
    """Whether the policy's text is complete and has the form of an answer."""


class EvaluationReport(Record):
    """What `vidpref evaluate` finds."""

    policy: str
    """As it was given."""
    base: str | None
    """The model that the policy is compared with."""
    start: str | None
    """The adapter that the policy's training went on from, and that it is compared with, too."""
    dataset: str
    """As it was given."""
    split: EvaluatedSplit
    groups: int
    """Questions evaluated, twins included."""
    pairs: int
    """Pairs of these groups."""
    videos: int
    """Videos of these groups."""
    dropped_pairs: int
    """Pairs left out because none of the shown frames holds their evidence."""
    num_frames: int
    """Frames of a clip that the models are shown, at most."""
    device: str
    precision: Precision
    path: ScorePath
    """How answers shared their prompt: split, mask or unshared."""
    lines: tuple[MetricLine, ...]
    answers: tuple[WrittenAnswer, ...]
    """What was written; empty if nothing was asked for."""
    lmms_eval: str
    """Shell text that runs public benchmarks on the policy."""


def metric_lines(
    policy: Sequence[GroupResult],
    base: Sequence[GroupResult] | None,
    seed: int,
    start: Sequence[GroupResult] | None = None,
) -> tuple[MetricLine, ...]:
    """One line per metric and part: metrics in their own order, parts in order of appearance, kinds below their level.

    Raises ValueError if the models have results on different groups.
    """
    own = observations(policy)
    before, between = (None if results is None else observations(results) for results in (base, start))
    for other in (before, between):
        if other is not None and [_key(one) for one in own] != [_key(one) for one in other]:
            raise ValueError("the models must have results on the same groups in the same order")
    keys = list(dict.fromkeys((one.metric, one.part) for one in own))
    levels = list(dict.fromkeys(_level(part) for _, part in keys))
    ordered = sorted(keys, key=lambda key: (list(Metric).index(key[0]), levels.index(_level(key[1]))))
    return tuple(_line(*key, own, before, between, seed) for key in ordered)


def _level(part: str) -> str:
    return part.partition(":")[0]


def _key(observation: Observation) -> tuple[Metric, str, str]:
    return observation.metric, observation.part, observation.video_id


def _line(
    metric: Metric,
    part: str,
    own: Sequence[Observation],
    before: Sequence[Observation] | None,
    between: Sequence[Observation] | None,
    seed: int,
) -> MetricLine:
    places = [place for place, one in enumerate(own) if (one.metric, one.part) == (metric, part)]
    videos_P = _numbered([own[place].video_id for place in places])
    after_P = _values(own, places)
    rng = partial(rng_for, seed, "evaluate", f"{metric} {part}")  # every mean and gain is over the same drawn videos

    def compared(other: Sequence[Observation] | None) -> tuple[MeanWithInterval | None, MeanWithInterval | None]:
        if other is None:
            return None, None
        before_P = _values(other, places)
        share = share_over_videos(before_P, videos_P, rng())
        gain = _with_interval(*gain_over_videos(before_P, after_P, videos_P, rng()))
        return _with_interval(share.point, share.low, share.high), gain

    share = share_over_videos(after_P, videos_P, rng())
    (base, gain), (start, gain_over_start) = compared(before), compared(between)
    return MetricLine(
        metric=metric,
        part=part,
        count=share.pairs,
        videos=share.videos,
        base=base,
        policy=_with_interval(share.point, share.low, share.high),
        gain=gain,
        start=start,
        gain_over_start=gain_over_start,
    )


def written_answers(
    policy: Sequence[GroupResult],
    base: Sequence[GroupResult] | None,
    start: Sequence[GroupResult] | None = None,
) -> Iterator[WrittenAnswer]:
    """What was written about each group that the models were asked to write about."""
    for place, result in enumerate(policy):
        if result.generated is None:
            continue
        rows = result.rows
        yield WrittenAnswer(
            group_id=rows.group_id,
            question=rows.question,
            chosen=rows.chosen.text,
            base=_text(base, place),
            start=_text(start, place),
            policy=result.generated.text,
            match=result.generated.match(rows.chosen.text, [answer.text for answer in rows.rejected]),
            whole=result.generated.is_whole,
        )


def _text(results: Sequence[GroupResult] | None, place: int) -> str | None:
    generated = None if results is None else results[place].generated
    return None if generated is None else generated.text


def _values(found: Sequence[Observation], places: Sequence[int]) -> NDArray[np.float64]:
    return np.array([found[place].value for place in places], np.float64)


def _numbered(names: Sequence[str]) -> NDArray[np.int64]:
    number = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return np.array([number[name] for name in names], np.int64)


def _with_interval(value: float, low: float, high: float) -> MeanWithInterval:
    return MeanWithInterval(value=round(value, 4), low=round(low, 4), high=round(high, 4))
