"""A model's results on groups become numbers from 0 to 1, each with its metric, its part of the set and its video."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stages.models.video_llm.generate import Match
from trainer.answering.evaluate import GroupResult

ALL = "all"


class Metric(StrEnum):
    """What is measured. Each value is 1 for yes and 0 for no; ties are in between."""

    PREFERENCE = "preference"
    """For a pair: is the chosen answer more likely than the rejected one? For a visual negative: is the chosen answer
    more likely on the preferred visual than on the corrupted one?"""
    RANKED_FIRST = "ranked_first"
    """For a group: is the chosen answer more likely than all rejected ones?"""
    TWINS = "twins"
    """For a group and its twin: is each one's chosen answer more likely, on its own clip, than the other's?"""
    GENERATED = "generated"
    """For an answer in the model's own words: does it have the property that the part names?"""
    CHOICE = "choice"
    """For a multiple-choice question: does the right letter have the highest score?"""


@dataclass(frozen=True)
class Observation:
    """One number from 0 to 1."""

    metric: Metric
    part: str
    """The part of the set, such as `axis spatial`; or the property of an answer; or `all`."""
    video_id: str
    value: float


def observations(results: Sequence[GroupResult]) -> list[Observation]:
    """All numbers that the results give, in an order that depends only on the groups."""
    return [*_alone(results), *_twins(results)]


def win(first: float, second: float) -> float:
    """1 if the first is larger, 0 if it is smaller, 0.5 if they are equal."""
    return 0.5 if first == second else float(first > second)


def _alone(results: Sequence[GroupResult]) -> Iterator[Observation]:
    for result in results:
        values = (*_pairs(result), *_contrasts(result), *_generated(result), *_choices(result))
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
        first, second = _side(group, twin), _side(twin, group)
        if first is not None and second is not None:
            for part in (ALL, twin.rows.shown.name):
                yield Observation(Metric.TWINS, part, twin.rows.video_id, first * second)


def _side(own: GroupResult, other: GroupResult) -> float | None:
    """Whether a group prefers its own chosen answer to its twin's. None if that is not one of its answers."""
    texts = [answer.text for answer in own.rows.answers]
    rival = other.rows.chosen.text
    return win(own.logprobs[0], own.logprobs[texts.index(rival)]) if rival in texts[1:] else None
