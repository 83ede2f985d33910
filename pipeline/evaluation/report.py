"""Observations of a policy, and of the base model beside it, become shares with their 95 % intervals."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.evaluation.observations import Measure, Observation, observations
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.stats.bootstrap import gain_over_videos, share_over_videos
from schemas.record import Record
from stages.models.video_llm.generate import Match
from stages.models.video_llm.score import ScorePath
from stages.seeding import rng_for
from trainer.answering.evaluate import GroupResult
from trainer.recipe import Precision


class Estimate(Record):
    """A mean, or a difference of two, with its 95 % interval by bootstrap over videos (1,000 draws)."""

    value: float
    """The mean."""
    low: float
    """Lower end."""
    high: float
    """Upper end."""


class Line(Record):
    """One measure in one part of the set."""

    measure: Measure
    """What is measured."""
    part: str
    """Where, or which property of an answer."""
    count: int
    """Pairs, groups, answers or questions."""
    videos: int
    """Videos that they are of."""
    base: Estimate | None
    """The base model; null where there is none to compare with."""
    policy: Estimate
    """The policy."""
    gain: Estimate | None
    """Policy minus base, on the same drawn videos."""


class Answered(Record):
    """A question and what was written."""

    group_id: str
    """The group."""
    question: str
    """Its question."""
    chosen: str
    """Its chosen answer."""
    base: str | None
    """What the base model wrote."""
    policy: str
    """What the policy wrote."""
    match: Match
    """Which candidate that is."""
    whole: bool
    """Whether it is of valid form."""


class EvaluationReport(Record):
    """What `vidpref evaluate` finds."""

    policy: str
    """As it was given."""
    base: str | None
    """The model beside it."""
    dataset: str
    """Where the set lies."""
    split: EvaluatedSplit
    """validation, test or all."""
    groups: int
    """Questions evaluated, twins included."""
    pairs: int
    """Pairs of them."""
    videos: int
    """Videos that they are of."""
    dropped_pairs: int
    """Pairs left out because their evidence lies between the frames that are shown."""
    num_frames: int
    """Frames of a clip that the models are shown, at most."""
    device: str
    """Where they ran."""
    precision: Precision
    """In what they computed."""
    path: ScorePath
    """How answers shared their prompt: split, mask or unshared."""
    lines: tuple[Line, ...]
    """The measures."""
    answers: tuple[Answered, ...]
    """What was written, where it was asked for."""
    lmms_eval: str
    """How to run the public benchmarks elsewhere."""


def lines_of(policy: Sequence[GroupResult], base: Sequence[GroupResult] | None, seed: int) -> tuple[Line, ...]:
    """Every measure in every part that was observed, by measure and in order of appearance.

    ValueError where policy and base were not asked about the same groups.
    """
    own = observations(policy)
    other = own if base is None else observations(base)
    if [(seen.measure, seen.part, seen.video_id) for seen in own] != [
        (seen.measure, seen.part, seen.video_id) for seen in other
    ]:
        raise ValueError("policy and base must be asked about the same groups in the same order")
    keys = dict.fromkeys((seen.measure, seen.part) for seen in own)
    ordered = sorted(keys, key=lambda key: list(Measure).index(key[0]))
    return tuple(_line(*key, own, None if base is None else other, seed) for key in ordered)


def _line(
    measure: Measure, part: str, own: Sequence[Observation], other: Sequence[Observation] | None, seed: int
) -> Line:
    places = [place for place, seen in enumerate(own) if (seen.measure, seen.part) == (measure, part)]
    videos_P = _numbered([own[place].video_id for place in places])
    after_P = _values(own, places)
    name = f"{measure} {part}"
    share = share_over_videos(after_P, videos_P, rng_for(seed, "evaluate", name))
    base = gain = None
    if other is not None:
        before_P = _values(other, places)
        before = share_over_videos(before_P, videos_P, rng_for(seed, "evaluate", name))
        base = _estimate(before.point, before.low, before.high)
        gain = _estimate(*gain_over_videos(before_P, after_P, videos_P, rng_for(seed, "evaluate", name)))
    policy = _estimate(share.point, share.low, share.high)
    return Line(measure=measure, part=part, count=share.pairs, videos=share.videos, base=base, policy=policy, gain=gain)


def answered(policy: Sequence[GroupResult], base: Sequence[GroupResult] | None) -> Iterator[Answered]:
    """What was written, group by group."""
    for place, result in enumerate(policy):
        if result.generated is None:
            continue
        beside = None if base is None else base[place].generated
        rows = result.rows
        yield Answered(
            group_id=rows.group_id,
            question=rows.question,
            chosen=rows.chosen.text,
            base=None if beside is None else beside.text,
            policy=result.generated.text,
            match=result.generated.match(rows.chosen.text, [answer.text for answer in rows.rejected]),
            whole=result.generated.is_whole,
        )


def _values(seen: Sequence[Observation], places: Sequence[int]) -> NDArray[np.float64]:
    return np.array([seen[place].value for place in places], np.float64)


def _numbered(names: Sequence[str]) -> NDArray[np.int64]:
    number = {name: place for place, name in enumerate(dict.fromkeys(names))}
    return np.array([number[name] for name in names], np.int64)


def _estimate(value: float, low: float, high: float) -> Estimate:
    return Estimate(value=round(value, 4), low=round(low, 4), high=round(high, 4))
