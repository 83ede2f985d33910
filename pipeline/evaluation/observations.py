"""What a model makes of groups becomes numbers from 0 to 1, each of one video, sorted by what they measure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stages.models.video_llm.generate import Match
from trainer.answering.evaluate import GroupResult

ALL = "all"


class Measure(StrEnum):
    """What a number says."""

    PREFERENCE = "preference"
    """Of a pair: whether the chosen answer is the likelier one; of a visual negative: whether the chosen answer is
    likelier on the preferred visual."""
    RANKED_FIRST = "ranked_first"
    """Of a group: whether the chosen answer is the likeliest of all."""
    TWINS = "twins"
    """Of a group and its twin: whether each of the two prefers its own chosen answer to the other's."""
    GENERATED = "generated"
    """Of an answer in the model's own words: whether it is what the part says."""
    CHOICE = "choice"
    """Of a multiple-choice question in one form: whether the right letter is the likeliest."""


@dataclass(frozen=True)
class Observation:
    """One number."""

    measure: Measure
    part: str
    """Which part of the set it belongs to, or which property it is about; `all` for every one of its measure."""
    video_id: str
    value: float


def observations(results: Sequence[GroupResult]) -> list[Observation]:
    """Everything that the results show, in an order that depends on the groups alone."""
    return [*_alone(results), *_twins(results)]


def win(first: float, second: float) -> float:
    """1 where the first is the larger, 0 where it is the smaller, one half where they tie."""
    return 0.5 if first == second else float(first > second)


def _alone(results: Sequence[GroupResult]) -> Iterator[Observation]:
    for result in results:
        seen = (*_pairs(result), *_contrasts(result), *_generated(result), *_choices(result))
        for measure, part, value in seen:
            yield Observation(measure, part, result.rows.video_id, value)


Seen = tuple[Measure, str, float]


def _pairs(result: GroupResult) -> Iterator[Seen]:
    rows, (chosen, *others) = result.rows, result.logprobs
    for answer, logprob in zip(rows.rejected, others, strict=True):
        value = win(chosen, logprob)
        for part in (ALL, f"axis {rows.axis}", f"kind {answer.kind}"):
            yield Measure.PREFERENCE, part, value
    if others:
        yield Measure.RANKED_FIRST, ALL, win(chosen, max(others))


def _contrasts(result: GroupResult) -> Iterator[Seen]:
    for contrast in result.contrasts:
        value = win(contrast.preferred, contrast.negative)
        for part in (f"level {contrast.level}", f"level {contrast.level}: {contrast.kind}"):
            yield Measure.PREFERENCE, part, value


def _generated(result: GroupResult) -> Iterator[Seen]:
    if result.generated is None:
        return
    rows = result.rows
    match = result.generated.match(rows.chosen.text, [answer.text for answer in rows.rejected])
    yield Measure.GENERATED, "of valid form", float(result.generated.is_whole)
    for name in Match:
        yield Measure.GENERATED, f"is {name}", float(match is name)


def _choices(result: GroupResult) -> Iterator[Seen]:
    for choice in result.choices:
        yield Measure.CHOICE, choice.form.value, choice.credit


def _twins(results: Sequence[GroupResult]) -> Iterator[Observation]:
    """Of each twin whose group is there too. Who does not look prefers one of the two texts on both sides: 0."""
    of_group = {result.rows.group_id: result for result in results}
    for twin in results:
        group = of_group.get(twin.rows.twin_of or "")
        if group is None:
            continue
        first, second = _side(group, twin), _side(twin, group)
        if first is not None and second is not None:
            for part in (ALL, twin.rows.visual_edit.value):
                yield Observation(Measure.TWINS, part, twin.rows.video_id, first * second)


def _side(own: GroupResult, other: GroupResult) -> float | None:
    """Whether a group prefers its chosen answer to its twin's; None where it does not have that one."""
    texts = [answer.text for answer in own.rows.answers]
    rival = other.rows.chosen.text
    return win(own.logprobs[0], own.logprobs[texts.index(rival)]) if rival in texts[1:] else None
