"""What goes wrong in preference training without stopping it, told in one line each: what was seen, what to try."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from pydantic import Field

from schemas.record import Record
from trainer.loop.metrics import Summary


class AlarmKind(StrEnum):
    """What an alarm is about; `ALARMS` maps each to its function."""

    CHOSEN_FALLS = "chosen_falls"
    """The chosen answers become less likely: the margin grows because the rejected ones fall faster."""
    ACCURACY_STUCK = "accuracy_stuck"
    """Pairs are won as often as by a coin."""
    WON_BY_LENGTH = "won_by_length"
    """The margin follows the difference in length."""
    FORM_LOST = "form_lost"
    """Generated answers are no whole sentences any more."""


class AlarmLimits(Record):
    """When an alarm is raised."""

    chosen_drift_per_token: float = Field(default=-0.1, lt=0)
    """Nats: chosen answers fall where their mean drift a token is below it, and below that of the look before."""
    stuck_looks: int = Field(default=5, ge=2)
    """Accuracy is judged over so many looks."""
    stuck_accuracy: float = Field(default=0.55, gt=0.5, le=1)
    """Accuracy is stuck where its mean over these looks is below it."""
    length_correlation: float = Field(default=0.5, gt=0, le=1)
    """The margin is won by length where |r| of margin and difference in length is above it."""
    least_pairs: int = Field(default=30, ge=3)
    """A level with fewer pairs in a look says too little: no alarm of it but the one on chosen answers."""
    form_lost: float = Field(default=0.1, gt=0, lt=1)
    """Form is lost where the share of whole answers lies so far below the share at the start."""


@dataclass(frozen=True)
class Look:
    """One look at the held-out groups, or at the groups of some training steps."""

    step: int
    """Optimiser steps done."""
    summaries: tuple[Summary, ...]
    """Of `summarise`."""
    whole_answers: float | None = None
    """Share of the probe set's generated answers that are whole sentences; null where none was generated."""


@dataclass(frozen=True)
class Alarm:
    """Something to look at."""

    kind: AlarmKind
    step: int
    level: str | None
    """Value of `losses.Term`; null where it is about no level."""
    text: str
    """One line: what was seen, and what to try."""


def alarms(looks: Sequence[Look], limits: AlarmLimits) -> tuple[Alarm, ...]:
    """The alarms of the last of these looks, which are in order of step; none where there is no look."""
    if not looks:
        return ()
    return tuple(alarm for function in ALARMS.values() for alarm in function(looks, limits))


def chosen_falls(looks: Sequence[Look], limits: AlarmLimits) -> Iterator[Alarm]:
    """Chosen answers are below the limit and still falling; one alarm, of the level where they are lowest."""
    *earlier, last = looks
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
            f"step {last.step}: {level}: chosen answers have lost {-drift:.3f} nats a token against the reference "
            f"(limit {-limits.chosen_drift_per_token:.3f}) and still fall; "
            "try a higher loss.anchor, a higher loss.beta or a lower optimiser.learning_rate",
        )


def accuracy_stuck(looks: Sequence[Look], limits: AlarmLimits) -> Iterator[Alarm]:
    """Over the last looks no more pairs are won than chance gives."""
    recent = [_by_level(look) for look in looks[-limits.stuck_looks :]]
    if len(recent) < limits.stuck_looks:
        return
    last = looks[-1]
    for level, now in recent[-1].items():
        held = [found[level].accuracy for found in recent if level in found]
        enough = len(held) == limits.stuck_looks and now.pairs >= limits.least_pairs
        if enough and fmean(held) < limits.stuck_accuracy:
            yield Alarm(
                AlarmKind.ACCURACY_STUCK,
                last.step,
                level,
                f"step {last.step}: {level}: {fmean(held):.1%} of pairs are won over the last {len(held)} looks "
                f"(limit {limits.stuck_accuracy:.1%}, chance 50%); try a higher optimiser.learning_rate, "
                "a higher adapter.rank, or see with vidpref inspect whether the frames shown tell the answers apart",
            )


def won_by_length(looks: Sequence[Look], limits: AlarmLimits) -> Iterator[Alarm]:
    """Longer, or shorter, answers win as such."""
    last = looks[-1]
    for level, now in _by_level(last).items():
        correlation = now.length_correlation
        if now.pairs < limits.least_pairs or correlation is None or abs(correlation) <= limits.length_correlation:
            continue
        yield Alarm(
            AlarmKind.WON_BY_LENGTH,
            last.step,
            level,
            f"step {last.step}: {level}: the margin goes with the {'longer' if correlation > 0 else 'shorter'} answer "
            f"(r {correlation:+.2f} over {now.pairs} pairs, limit {limits.length_correlation:.2f}); "
            "try loss.form=length_desensitised (of method dpo), or see vidpref audit for the lengths of the set",
        )


def form_lost(looks: Sequence[Look], limits: AlarmLimits) -> Iterator[Alarm]:
    """Fewer whole answers than at the first look that generated any."""
    known = [look for look in looks if look.whole_answers is not None]
    if len(known) < 2 or known[-1] is not looks[-1]:
        return
    first, now = (look.whole_answers or 0.0 for look in (known[0], known[-1]))
    if first - now > limits.form_lost:
        yield Alarm(
            AlarmKind.FORM_LOST,
            looks[-1].step,
            None,
            f"step {looks[-1].step}: {now:.1%} of generated answers are whole sentences, {first:.1%} at step "
            f"{known[0].step} (limit {limits.form_lost:.1%} fewer); "
            "try a higher loss.anchor, a lower optimiser.learning_rate or an earlier checkpoint",
        )


ALARMS: Mapping[AlarmKind, Callable[[Sequence[Look], AlarmLimits], Iterator[Alarm]]] = {
    AlarmKind.CHOSEN_FALLS: chosen_falls,
    AlarmKind.ACCURACY_STUCK: accuracy_stuck,
    AlarmKind.WON_BY_LENGTH: won_by_length,
    AlarmKind.FORM_LOST: form_lost,
}


def _by_level(look: Look) -> dict[str, Summary]:
    """Over all axes."""
    return {summary.level: summary for summary in look.summaries if summary.axis is None}
