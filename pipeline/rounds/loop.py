"""The loop: build, train, measure, and decide whether another round is worth it; each phase is kept when it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from pipeline.rounds.alarms import loop_alarms
from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.settings import LoopSettings
from pipeline.rounds.state import BuiltRound, LoopState, RoundMeasures, RoundState, TrainedRound
from pipeline.rounds.stop_rule import LoopEnd, best_round, gain_over_best, loop_end

Say = Callable[[str], None]


class Phases(Protocol):
    """The work of a round. Each phase can be interrupted and called again, and then leaves the same."""

    def build(self, number: int, policy: int, /) -> BuiltRound:
        """Build the set of a round from samples of the policy of an earlier round; 0 is the model."""
        ...

    def train(self, number: int, policy: int, /) -> TrainedRound:
        """Train the round's policy on its set, from the policy of an earlier round."""
        ...

    def measure(self, number: int, /) -> RoundMeasures:
        """Measure the policy that a round has made; round 0 has the model."""
        ...


@dataclass(frozen=True)
class Loop:
    """A loop in its folder; no other process may use the folder at the time."""

    folder: LoopFolder
    phases: Phases
    settings: LoopSettings
    say: Say
    note: Callable[[LoopState, LoopEnd | None], None] = lambda _state, _end: None
    """Called after each round, and once more when the loop ends: reports are written here."""

    def run(self, rounds: int) -> LoopEnd:
        """Make rounds, or go on with them, until all are made or the stop rule ends the loop; returns why it ended."""
        state = self.folder.state()
        while True:
            if state.last.measured is not None:
                end = loop_end(state, rounds, self.settings.stop)
                self.note(state, end)
                if end is not None:
                    return end
                state = state.with_next()
            state = state.with_last(self._further(state))
            self.folder.keep(state)
            if state.last.measured is not None:
                self.say(self._line(state, state.last.measured.accuracy))

    def _further(self, state: LoopState) -> RoundState:
        """The last round after one more phase."""
        last = state.last
        if last.number == 0:
            return last.model_copy(update={"measured": self.phases.measure(0)})
        start = state.policy_of(last.number - 1)
        if last.built is None:
            self.say(f"round {last.number}: sampling and judging")
            return last.model_copy(update={"built": self.phases.build(last.number, start)})
        if last.trained is None:
            return last.model_copy(update={"trained": self._trained(state, last.built, start)})
        if not last.trained.has_policy:
            return last.model_copy(update={"measured": state.rounds[start].measured})
        self.say(f"round {last.number}: measuring")
        return last.model_copy(update={"measured": self.phases.measure(last.number)})

    def _trained(self, state: LoopState, built: BuiltRound, start: int) -> TrainedRound:
        """The training of the last round, or why there is none."""
        number = state.last.number
        if built.pairs < self.settings.min_pairs:
            skipped = f"{built.pairs} pairs, fewer than {self.settings.min_pairs}"
        elif alarms := [one for one in loop_alarms(state, self.settings.stop) if one.seen_in == number]:
            skipped = f"alarm: {', '.join(one.kind.replace('_', ' ') for one in alarms)}"
        else:
            self.say(f"round {number}: training on {built.pairs} pairs")
            return self.phases.train(number, start)
        self.say(f"round {number}: not trained ({skipped})")
        return TrainedRound(skipped=skipped)

    def _line(self, state: LoopState, accuracy: float) -> str:
        """How the last round went."""
        number, stop = state.last.number, self.settings.stop
        line = f"round {number}: held-out accuracy {accuracy:.3f}"
        if (gain := gain_over_best(state, number, stop)) is None:
            return f"{line} before any training"
        return f"{line}, {gain:+.3f} to the best before it; the best is now round {best_round(state, stop)}"
