"""When a loop ends, and which round is the best. Accuracies are tenths."""

import pytest

from pipeline.rounds.settings import StopSettings
from pipeline.rounds.state import LoopState, RoundState, TrainedRound
from pipeline.rounds.stop_rule import LoopEnd, best_round, gain_over_best, loop_end
from tests.pipeline.rounds.scripted_rounds import accuracies, built, made, measures, state

LIMITS = StopSettings()


@pytest.mark.parametrize(
    ("found", "end"),
    [
        (accuracies(5), None),
        (accuracies(5, 6, 6), None),  # gains +1, 0
        (accuracies(5, 6, 6, 5), LoopEnd.NO_GAIN),  # +1, 0, -1
        (accuracies(5, 5, 4), LoopEnd.NO_GAIN),
        (accuracies(5, 6, 5, 7), None),  # one round without gain, then one with
        (accuracies(5, 7, 6, 7), LoopEnd.NO_GAIN),  # as good as the best is no gain over it
        (accuracies(5, 6, 7, 8), None),
    ],
)
def test_two_rounds_running_without_gain_over_the_best_end_it(found: LoopState, end: LoopEnd | None) -> None:
    """A gain is over the best round before, not over the last one."""
    assert loop_end(found, 9, LIMITS) is end


def test_patience_is_a_setting() -> None:
    """Of three rounds without gain the loop ends after as many as the setting says."""
    found = accuracies(5, 5, 5)
    assert loop_end(found, 9, StopSettings(rounds_without_gain=3)) is None
    assert loop_end(accuracies(5, 5), 9, StopSettings(rounds_without_gain=1)) is LoopEnd.NO_GAIN


def test_it_ends_when_all_rounds_are_made() -> None:
    """Round 0 is none of them."""
    assert loop_end(accuracies(5, 6), 2, LIMITS) is None
    assert loop_end(accuracies(5, 6, 7), 2, LIMITS) is LoopEnd.ROUNDS


def test_an_alarm_ends_it() -> None:
    """Whatever the gain."""
    assert loop_end(state(made(1, 9, kl=0.6)), 9, LIMITS) is LoopEnd.ALARM
    assert loop_end(state(made(1, 9, kl=0.5)), 9, LIMITS) is None


def test_the_best_is_the_first_with_the_highest_accuracy() -> None:
    """A later round that is as good has gone further from the model for nothing."""
    assert best_round(accuracies(5, 7, 7, 6), LIMITS) == 1
    assert best_round(accuracies(5, 4), LIMITS) == 0


def test_a_round_that_an_alarm_speaks_against_is_not_the_best() -> None:
    """Round 2 wins most pairs and is too far away; round 1 is kept."""
    assert best_round(state(made(1, 6), made(2, 9, kl=2.0)), LIMITS) == 1


def test_growth_that_the_next_round_sees_speaks_against_the_policy_before() -> None:
    """Samples of round 3 are of round 2's policy: 10 to 11.25 words are +12.5 %."""
    grown = state(made(1, 6), made(2, 7), made(3, 7, built(words=11.25), TrainedRound(skipped="alarm")))
    assert best_round(grown, LIMITS) == 1


def test_a_round_that_was_not_trained_is_one_without_gain() -> None:
    """It has the measures of the policy that it started from, and no policy of its own."""
    skipped = TrainedRound(skipped="3 pairs, fewer than 20")
    found = state(made(1, 7), made(2, 7, built(3), skipped), made(3, 7, built(3), skipped))
    assert [gain_over_best(found, number, LIMITS) for number in range(4)] == [None, pytest.approx(0.2), 0, 0]
    assert loop_end(found, 9, LIMITS) is LoopEnd.NO_GAIN
    assert (best_round(found, LIMITS), found.policy_of(3)) == (1, 1)


def test_a_round_under_way_has_no_gain() -> None:
    """Nothing is known of it yet."""
    found = LoopState(rounds=(RoundState(number=0, measured=measures(5)), RoundState(number=1)))
    assert gain_over_best(found, 1, LIMITS) is None
