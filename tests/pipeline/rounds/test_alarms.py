"""The alarms of a loop, each at its limit."""

import pytest

from pipeline.rounds.alarms import LoopAlarmKind, loop_alarms
from pipeline.rounds.settings import StopSettings
from pipeline.rounds.state import LoopState, RoundState, TrainedRound
from tests.pipeline.rounds.scripted_rounds import built, made, measures, state

LIMITS = StopSettings()


def kinds(found: LoopState) -> list[tuple[LoopAlarmKind, int | None]]:
    return [(alarm.kind, alarm.policy) for alarm in loop_alarms(found, LIMITS)]


@pytest.mark.parametrize(("words", "raised"), [(11.0, False), (11.1, True), (8.0, False)])
def test_answers_that_grow_by_over_a_tenth(words: float, raised: bool) -> None:
    """10 words before: 11 are +10 %."""
    assert kinds(state(made(1, 6, words=words))) == [(LoopAlarmKind.ANSWERS_GROW, 1)] * raised


def test_growth_is_from_round_to_round() -> None:
    """10, 11, 12: +10 % and +9 %, though +20 % in all."""
    assert kinds(state(made(1, 6, words=11.0), made(2, 6, words=12.0))) == []


def test_samples_that_grow_speak_against_the_policy_that_they_are_of() -> None:
    """Round 2 samples round 1's policy: 11.25 words a sample after 10."""
    found = state(made(1, 6), RoundState(number=2, built=built(words=11.25)))
    assert kinds(found) == [(LoopAlarmKind.ANSWERS_GROW, 1)]


def test_two_samples_of_one_policy_are_not_compared() -> None:
    """Round 1 was not trained, so rounds 1 and 2 sample one policy."""
    skipped = made(1, 5, trained=TrainedRound(skipped="few pairs"))
    assert kinds(state(skipped, RoundState(number=2, built=built(words=15.0)))) == []


@pytest.mark.parametrize(
    ("pairs", "r", "raised"),
    [
        (400, 0.21, True),
        (400, -0.21, True),
        (400, 0.19, False),  # within the limit
        (50, 0.29, False),  # by chance: of 100 answers 0.3 are three standard deviations
        (50, 0.31, True),
        (400, 0.0, False),
    ],
)
def test_labels_that_follow_length(pairs: int, r: float, raised: bool) -> None:
    """Above the limit and above three standard deviations of chance, 3 / sqrt(2 pairs)."""
    found = state(RoundState(number=1, built=built(pairs, r)))
    assert kinds(found) == [(LoopAlarmKind.LABEL_FOLLOWS_LENGTH, None)] * raised


def test_a_policy_that_has_gone_too_far() -> None:
    """0.5 nats per token are allowed."""
    assert kinds(state(made(1, 6, kl=0.5))) == []
    assert kinds(state(made(1, 6, kl=0.51))) == [(LoopAlarmKind.FAR_FROM_START, 1)]


def test_a_training_that_diverged() -> None:
    """Its text says why."""
    found = state(made(1, 5, trained=TrainedRound(diverged="step 3: the loss is nan")))
    [alarm] = loop_alarms(found, LIMITS)
    assert (alarm.kind, alarm.text) == (LoopAlarmKind.DIVERGED, "round 1: step 3: the loss is nan")


def test_limits_are_settings() -> None:
    """Each alarm is silent with a higher limit."""
    found = state(made(1, 6, built(400, 0.5), words=15.0, kl=3.0))
    assert len(loop_alarms(found, LIMITS)) == 3
    assert loop_alarms(found, StopSettings(answer_growth=1, length_correlation=1, kl_per_token=9)) == ()


def test_no_alarm_without_a_round() -> None:
    """Round 0 alone raises none."""
    assert kinds(LoopState(rounds=(RoundState(number=0, measured=measures(5)),))) == []
