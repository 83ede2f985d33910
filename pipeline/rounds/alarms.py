"""What ends a loop at once: answers that grow, labels that follow length, and policies that have gone too far."""

from collections.abc import Iterator
from enum import StrEnum

from pipeline.rounds.settings import StopSettings
from pipeline.rounds.state import LoopState, RoundState
from schemas.record import Record

_BY_CHANCE = 3.0
"""Standard deviations up to which a correlation may be chance."""


class LoopAlarmKind(StrEnum):
    """What went wrong."""

    ANSWERS_GROW = "answers_grow"
    """The policy's answers are longer than in the round before."""
    LABEL_FOLLOWS_LENGTH = "label_follows_length"
    """The label of the round's pairs follows the length of their answers."""
    FAR_FROM_START = "far_from_start"
    """The policy is too far from round 0."""
    DIVERGED = "diverged"
    """The loss or the gradient of the round's training was not finite."""


class LoopAlarm(Record):
    """One alarm."""

    kind: LoopAlarmKind
    seen_in: int
    """The round in which it was seen."""
    policy: int | None
    """The round whose policy it speaks against: it is not the best one; null if it speaks against a set."""
    text: str
    """One line: what was measured, what is allowed, what to try."""


def loop_alarms(state: LoopState, limits: StopSettings) -> tuple[LoopAlarm, ...]:
    """All alarms of a loop's rounds, in order."""
    return tuple(
        alarm
        for before, now in zip(state.rounds, state.rounds[1:], strict=False)
        for alarm in (*_of_set(before, now, limits), *_of_policy(before, now, limits))
    )


def _of_set(before: RoundState, now: RoundState, limits: StopSettings) -> Iterator[LoopAlarm]:
    """Alarms about what a round has built, from samples of the policy of the round before."""
    if now.built is None:
        return
    found, pairs = now.built.length_correlation, now.built.pairs
    if abs(found) > max(limits.length_correlation, _BY_CHANCE / max(1, 2 * pairs) ** 0.5):
        yield LoopAlarm(
            kind=LoopAlarmKind.LABEL_FOLLOWS_LENGTH,
            seen_in=now.number,
            policy=None,
            text=f"round {now.number}: the {'longer' if found > 0 else 'shorter'} answer is chosen (r {found:+.2f} "
            f"over {pairs} pairs, limit {limits.length_correlation:.2f}); try another judge, or "
            "--train-set loss.form=length_desensitised with a higher --loop-set stop.length_correlation",
        )
    earlier = None if before.built is None else before.built.sample_words
    if before.has_policy and (grown := _too_long(earlier, now.built.sample_words, limits)):
        yield _grown(f"round {now.number}: samples of round {before.number}'s policy are {grown}", now, before)


def _of_policy(before: RoundState, now: RoundState, limits: StopSettings) -> Iterator[LoopAlarm]:
    """Alarms about the policy that a round has made."""
    if now.trained is None or now.trained.skipped is not None:
        return
    if now.trained.diverged is not None:
        yield LoopAlarm(
            kind=LoopAlarmKind.DIVERGED,
            seen_in=now.number,
            policy=now.number,
            text=f"round {now.number}: {now.trained.diverged}",
        )
        return
    if now.measured is None or before.measured is None:
        return
    if grown := _too_long(before.measured.answer_words, now.measured.answer_words, limits):
        yield _grown(f"round {now.number}: the policy's answers are {grown}", now, now)
    far = now.measured.kl_per_token
    if far is not None and far > limits.kl_per_token:
        yield LoopAlarm(
            kind=LoopAlarmKind.FAR_FROM_START,
            seen_in=now.number,
            policy=now.number,
            text=f"round {now.number}: the policy is {far:.3f} nats per token from round 0 "
            f"(limit {limits.kl_per_token:.3f}); try a lower --train-set optimiser.learning_rate, a higher loss.beta, "
            "or a higher --loop-set stop.kl_per_token",
        )


def _too_long(before: float | None, now: float | None, limits: StopSettings) -> str:
    """By how much answers have grown, if that is more than the limit; else nothing."""
    if not before or now is None or now <= before * (1 + limits.answer_growth):
        return ""
    return f"{now / before - 1:.0%} longer than in the round before (limit {limits.answer_growth:.0%})"


def _grown(what: str, seen_in: RoundState, policy: RoundState) -> LoopAlarm:
    return LoopAlarm(
        kind=LoopAlarmKind.ANSWERS_GROW,
        seen_in=seen_in.number,
        policy=policy.number,
        text=f"{what}; try --train-set loss.form=length_desensitised, or a higher --loop-set stop.answer_growth",
    )
