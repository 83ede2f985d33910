"""Alarms: what goes wrong in preference training without stopping it, in one line each with what to try."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from pydantic import Field

from schemas.record import Record
from trainer.loop.metrics import Summary, TwinLevel


class AlarmKind(StrEnum):
    """The kinds of alarms; `ALARMS` maps each to its function."""

    CHOSEN_FALLS = "chosen_falls"
    """The chosen answers become less likely: the margin grows only because the rejected ones fall faster."""
    ACCURACY_STUCK = "accuracy_stuck"
    """Pairs are won no more often than by chance."""
    WON_BY_LENGTH = "won_by_length"
    """The margin follows the difference in length."""
    FORM_LOST = "form_lost"
    """Generated answers are no longer complete sentences."""


class AlarmLimits(Record):
    """The values at which an alarm is raised."""

    chosen_drift_per_token: float = Field(default=-0.1, lt=0)
    """Nats per token: chosen answers fall if their mean drift is below it and below that of the last evaluation."""
    stuck_evaluations: int = Field(default=5, ge=2)
    """Accuracy is judged over this many evaluations."""
    stuck_accuracy: float = Field(default=0.55, gt=0.5, le=1)
    """Accuracy is stuck if its mean over these evaluations is below it."""
    length_correlation: float = Field(default=0.5, gt=0, le=1)
    """Pairs are won by length if |r| of margin and difference in length is above it."""
    least_pairs: int = Field(default=30, ge=3)
    """A level with fewer pairs raises no alarm but the one on chosen answers."""
    form_lost: float = Field(default=0.1, gt=0, lt=1)
    """Form is lost if the share of complete answers is this much below the share at the start."""


@dataclass(frozen=True)
class HeldOutResult:
    """One evaluation of the held-out groups."""

    step: int
    """Optimiser steps done."""
    summaries: tuple[Summary, ...]
    """From `summarise`."""
    whole_answers: float | None = None
    """Share of the generated answers that are complete sentences; null if none was generated."""


@dataclass(frozen=True)
class Alarm:
    """Something that a person should look at."""

    kind: AlarmKind
    step: int
    level: str | None
    """Value of `losses.Term`; null if it is not about one level."""
    text: str
    """One line: what was seen, and what to try."""


def alarms(results: Sequence[HeldOutResult], limits: AlarmLimits) -> tuple[Alarm, ...]:
    """The alarms of the last of these results, which are in order of step; none if there is no result."""
    if not results:
        return ()
    return tuple(alarm for function in ALARMS.values() for alarm in function(results, limits))


def chosen_falls(results: Sequence[HeldOutResult], limits: AlarmLimits) -> Iterator[Alarm]:
    """Chosen answers are below the limit and still falling: one alarm, for the level where they are lowest."""
    *earlier, last = results
    before = _by_level(earlier[-1]) if earlier else {}
    falling = {
        level: now.chosen_drift_per_token
        for level, now in _by_level(last).items()
        if level not in before or now.chosen_drift_per_token < before[level].chosen_drift_per_token
    }
    level, drift = min(falling.items(), key=lambda entry: entry[1], default=("", 0.0))
    if drift < limits.chosen_drift_per_token:
        yield Alarm(
            AlarmKind.CHOSEN_FALLS,
            last.step,
            level,
            f"step {last.step}: {level}: chosen answers lost {-drift:.3f} nats per token against the reference "
            f"(limit {-limits.chosen_drift_per_token:.3f}) and are still falling; "
            "try a higher loss.anchor, a higher loss.beta or a lower optimiser.learning_rate",
        )


def accuracy_stuck(results: Sequence[HeldOutResult], limits: AlarmLimits) -> Iterator[Alarm]:
    """Over the last evaluations no more pairs are won than by chance."""
    recent = [_by_level(result) for result in results[-limits.stuck_evaluations :]]
    if len(recent) < limits.stuck_evaluations:
        return
    last = results[-1]
    for level, now in recent[-1].items():
        if level == TwinLevel.ALL:
            continue  # by chance four edges hold less often than one
        held = [found[level].accuracy for found in recent if level in found]
        enough = len(held) == limits.stuck_evaluations and now.pairs >= limits.least_pairs
        if enough and fmean(held) < limits.stuck_accuracy:
            yield Alarm(
                AlarmKind.ACCURACY_STUCK,
                last.step,
                level,
                f"step {last.step}: {level}: {fmean(held):.1%} of pairs are won over the last {len(held)} evaluations "
                f"(limit {limits.stuck_accuracy:.1%}, chance 50%); try a higher optimiser.learning_rate, "
                "a higher adapter.rank, or check with vidpref inspect whether the shown frames separate the answers",
            )


def won_by_length(results: Sequence[HeldOutResult], limits: AlarmLimits) -> Iterator[Alarm]:
    """Longer answers win because they are longer, or shorter ones because they are shorter."""
    last = results[-1]
    for level, now in _by_level(last).items():
        correlation = now.length_correlation
        if now.pairs < limits.least_pairs or correlation is None or abs(correlation) <= limits.length_correlation:
            continue
        yield Alarm(
            AlarmKind.WON_BY_LENGTH,
            last.step,
            level,
            f"step {last.step}: {level}: the margin follows the {'longer' if correlation > 0 else 'shorter'} answer "
            f"(r {correlation:+.2f} over {now.pairs} pairs, limit {limits.length_correlation:.2f}); "
            "try loss.form=length_desensitised (method dpo only), or check the lengths of the set with vidpref audit",
        )


def form_lost(results: Sequence[HeldOutResult], limits: AlarmLimits) -> Iterator[Alarm]:
    """Fewer answers are complete than at the first evaluation that generated any."""
    known = [result for result in results if result.whole_answers is not None]
    if len(known) < 2 or known[-1] is not results[-1]:
        return
    first, now = (result.whole_answers or 0.0 for result in (known[0], known[-1]))
    if first - now > limits.form_lost:
        yield Alarm(
            AlarmKind.FORM_LOST,
            results[-1].step,
            None,
            f"step {results[-1].step}: {now:.1%} of generated answers are complete sentences, {first:.1%} at step "
            f"{known[0].step} (limit: a fall of {limits.form_lost:.1%}); "
            "try a higher loss.anchor, a lower optimiser.learning_rate or an earlier checkpoint",
        )


ALARMS: Mapping[AlarmKind, Callable[[Sequence[HeldOutResult], AlarmLimits], Iterator[Alarm]]] = {
    AlarmKind.CHOSEN_FALLS: chosen_falls,
    AlarmKind.ACCURACY_STUCK: accuracy_stuck,
    AlarmKind.WON_BY_LENGTH: won_by_length,
    AlarmKind.FORM_LOST: form_lost,
}


def _by_level(result: HeldOutResult) -> dict[str, Summary]:
    """The summaries over all axes, by level."""
    return {summary.level: summary for summary in result.summaries if summary.axis is None}
