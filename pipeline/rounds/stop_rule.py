"""Whether a loop goes on, and which of its rounds is the best."""

from collections.abc import Sequence
from enum import StrEnum

from pipeline.rounds.alarms import LoopAlarm, loop_alarms
from pipeline.rounds.settings import StopSettings
from pipeline.rounds.state import LoopState, RoundState


class LoopEnd(StrEnum):
    """Why a loop makes no further round."""

    ROUNDS = "rounds"
    """All rounds that were asked for are made."""
    NO_GAIN = "no_gain"
    """Several rounds running were no better than the best one before them."""
    ALARM = "alarm"
    """A round raised an alarm."""


def best_round(state: LoopState, limits: StopSettings) -> int:
    """The round whose policy wins most held-out pairs, the first of equals; none that an alarm speaks against."""
    return _best(state.measured, _refused(loop_alarms(state, limits)))


def gain_over_best(state: LoopState, number: int, limits: StopSettings) -> float | None:
    """Held-out accuracy of a round minus that of the best round before it; None of round 0 and of one under way."""
    now = state.rounds[number]
    if number == 0 or now.measured is None:
        return None
    earlier = state.rounds[:number]
    best = earlier[_best(earlier, _refused(loop_alarms(state, limits)))]
    return now.measured.accuracy - _accuracy(best)


def loop_end(state: LoopState, rounds: int, limits: StopSettings) -> LoopEnd | None:
    """Why the loop ends after the rounds that are done; None if it goes on."""
    if loop_alarms(state, limits):
        return LoopEnd.ALARM
    done = len(state.measured)
    last = range(done)[-limits.rounds_without_gain :]
    gains = [gain_over_best(state, number, limits) for number in last]
    if done > limits.rounds_without_gain and all(gain is not None and gain <= 0 for gain in gains):
        return LoopEnd.NO_GAIN
    return LoopEnd.ROUNDS if done > rounds else None


def _best(rounds: Sequence[RoundState], refused: frozenset[int]) -> int:
    kept = [one for one in rounds if one.has_policy and one.number not in refused]
    return max(kept, key=lambda one: (_accuracy(one), -one.number)).number


def _accuracy(done: RoundState) -> float:
    if done.measured is None:
        raise ValueError(f"round {done.number} is not measured")
    return done.measured.accuracy


def _refused(alarms: Sequence[LoopAlarm]) -> frozenset[int]:
    """The rounds whose policy an alarm speaks against; never round 0, which the loop was given."""
    return frozenset(alarm.policy for alarm in alarms if alarm.policy)
