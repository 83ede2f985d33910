"""A model's results on groups become numbers, each with its metric, its part of the set and its video."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from schemas.pair import normalise_text
from stages.models.video_llm.generate import Match
from trainer.answering.evaluate import GroupResult

ALL = "all"
ELSEWHERE = "kind true of another stretch"
"""The rejected answer is proven true of another stretch of the same clip; `kind irrelevant` names what is nowhere."""


class Metric(StrEnum):
    """What is measured. Each value is 1 for yes and 0 for no; ties are in between, a difference is from -1 to 1."""

    PREFERENCE = "preference"
    """For a pair: is the chosen answer more likely than the rejected one? For a visual negative: is the chosen answer
    more likely on the preferred visual than on the corrupted one?"""
    RANKED_FIRST = "ranked_first"
    """For a group: is the chosen answer more likely than all rejected ones?"""
    TWINS = "twins"
    """For a group and its twin: is each one's chosen answer more likely, on its own clip, than the other's? Four edges
    connect two answers and two clips: two text edges (own answer over the other's, on each clip) and two visual edges
    (own clip over the other, for each answer)."""
    ORDER = "order"
    """For a pair whose answer is proven to depend on the order of frames: is the chosen answer more likely than the
    rejected one with the frames in order, and with the frames reversed or shuffled?"""
    GENERATED = "generated"
    """For an answer in the model's own words: does it have the property that the part names?"""
    CHOICE = "choice"
    """For a multiple-choice question: does the right letter have the highest score?"""


@dataclass(frozen=True)
class Observation:
    """One number, from 0 to 1; of a difference from -1 to 1."""

    metric: Metric
    part: str
    """The part of the set, such as `axis spatial`; or the property of an answer; or `all`."""
    video_id: str
    value: float


def observations(results: Sequence[GroupResult]) -> list[Observation]:
    """All numbers that the results give, in an order that depends only on the groups."""
    return [*_alone(results), *_of_another_stretch(results), *_twins(results)]


def win(first: float, second: float) -> float:
    """1 if the first is larger, 0 if it is smaller, 0.5 if they are equal."""
    return 0.5 if first == second else float(first > second)


def _alone(results: Sequence[GroupResult]) -> Iterator[Observation]:
    for result in results:
        values = (*_pairs(result), *_contrasts(result), *_order(result), *_generated(result), *_choices(result))
        for metric, part, value in values:
            yield Observation(metric, part, result.rows.video_id, value)


_Value = tuple[Metric, str, float]


def _pairs(result: GroupResult) -> Iterator[_Value]:
    rows, (chosen, *others) = result.rows, result.logprobs
    for answer, logprob in zip(rows.rejected, others, strict=True):
        value = win(chosen, logprob)
        for part in (ALL, f"axis {rows.axis}", f"kind {answer.kind}"):
            yield Metric.PREFERENCE, part, value
    if others:
        yield Metric.RANKED_FIRST, ALL, win(chosen, max(others))


def _contrasts(result: GroupResult) -> Iterator[_Value]:
    for contrast in result.contrasts:
        value = win(contrast.preferred, contrast.negative)
        for part in (f"level {contrast.level}", f"level {contrast.level}: {contrast.kind}"):
            yield Metric.PREFERENCE, part, value


def _order(result: GroupResult) -> Iterator[_Value]:
    """Each pair on the frames in order, and on the same frames in another order."""
    for contrast in result.contrasts:
        pairs = zip(result.logprobs[1:], contrast.answers_on_negative[1:], strict=False)
        for ordered, disordered in pairs:
            values = win(result.logprobs[0], ordered), win(contrast.negative, disordered)
            yield Metric.ORDER, "frames in order", values[0]
            yield Metric.ORDER, "frames reversed or shuffled", values[1]
            yield Metric.ORDER, "difference", values[0] - values[1]


def _generated(result: GroupResult) -> Iterator[_Value]:
    if result.generated is None:
        return
    rows = result.rows
    match = result.generated.match(rows.chosen.text, [answer.text for answer in rows.rejected])
    yield Metric.GENERATED, "of valid form", float(result.generated.is_whole)
    for name in Match:
        yield Metric.GENERATED, f"is {name}", float(match is name)


def _choices(result: GroupResult) -> Iterator[_Value]:
    for choice in result.choices:
        yield Metric.CHOICE, choice.form.value, choice.credit


def _twins(results: Sequence[GroupResult]) -> Iterator[Observation]:
    """For each twin evaluated with its original. A model that ignores the video prefers the same text on both: 0."""
    of_group = {result.rows.group_id: result for result in results}
    for twin in results:
        group = of_group.get(twin.rows.twin_of or "")
        if group is None:
            continue
        scores = _score_of(group, twin), _score_of(twin, group)
        if scores[0] is not None and scores[1] is not None:
            for part, value in _edges(group.logprobs[0], scores[0], scores[1], twin.logprobs[0]):
                named = (ALL, twin.rows.shown.name) if part == ALL else (part,)
                yield from (Observation(Metric.TWINS, name, twin.rows.video_id, value) for name in named)


def _edges(own_a: float, own_b: float, other_a: float, other_b: float) -> Iterator[tuple[str, float]]:
    """The edges of a twin: log-probabilities of a (true of its own clip) and b (true of the other) on both clips."""
    text = win(own_a, own_b), win(other_b, other_a)
    visual = win(own_a, other_a), win(other_b, own_b)
    yield ALL, math.prod(text)
    yield from (("text edges", value) for value in text)
    yield from (("visual edges", value) for value in visual)
    yield "all four edges", math.prod((*text, *visual))


def _score_of(own: GroupResult, other: GroupResult) -> float | None:
    """What a group gives the chosen answer of its twin. None if that is not one of its answers."""
    texts = [answer.text for answer in own.rows.answers]
    rival = other.rows.chosen.text
    return own.logprobs[texts.index(rival)] if rival in texts[1:] else None


def _of_another_stretch(results: Sequence[GroupResult]) -> Iterator[Observation]:
    """Each pair whose rejected answer is the true one of another stretch of its clip: not foreign, but misplaced."""
    true_of: dict[tuple[str, str, str], set[str]] = {}
    for result in results:
        rows = result.rows
        if rows.shown.segment_id is not None:
            key = (rows.clip_id, rows.question, normalise_text(rows.chosen.text))
            true_of.setdefault(key, set()).add(rows.shown.segment_id)
    for result in results:
        rows, (chosen, *others) = result.rows, result.logprobs
        for answer, logprob in zip(rows.rejected, others, strict=True):
            stretches = true_of.get((rows.clip_id, rows.question, normalise_text(answer.text)), set())
            if rows.shown.segment_id is not None and stretches - {rows.shown.segment_id}:
                yield Observation(Metric.PREFERENCE, ELSEWHERE, rows.video_id, win(chosen, logprob))
