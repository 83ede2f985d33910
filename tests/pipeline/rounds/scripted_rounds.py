"""Rounds whose numbers are known: phases that follow a script, and states made of them."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.loop import Loop
from pipeline.rounds.settings import LoopSettings
from pipeline.rounds.state import BuiltRound, LoopState, RoundMeasures, RoundState, TrainedRound

PAIRS = 10
"""Held-out pairs, so that an accuracy is a number of tenths."""


def measures(tenths: int, words: float = 10.0, kl: float = 0.0) -> RoundMeasures:
    """The measures of a policy that wins so many of ten held-out pairs of five videos."""
    return RoundMeasures(
        wins=tuple(float(number < tenths) for number in range(PAIRS)),
        videos=tuple(number // 2 for number in range(PAIRS)),
        answers=4,
        whole=0.75,
        right=0.5,
        answer_words=words,
        kl_per_token=kl,
    )


def built(pairs: int = 100, r: float = 0.0, words: float = 10.0) -> BuiltRound:
    """A set of so many pairs."""
    return BuiltRound(pairs=pairs, proven=pairs, judged=0, length_correlation=r, sample_words=words)


TRAINED = TrainedRound(steps=5)


def made(
    number: int, tenths: int, set_: BuiltRound | None = None, trained: TrainedRound = TRAINED, **given: float
) -> RoundState:
    """A round that is done."""
    return RoundState(number=number, built=set_ or built(), trained=trained, measured=measures(tenths, **given))


def state(*rounds: RoundState, start: int = 5) -> LoopState:
    """Round 0 with an accuracy of so many tenths, and these rounds."""
    return LoopState(rounds=(RoundState(number=0, measured=measures(start)), *rounds))


def accuracies(start: int, *tenths: int) -> LoopState:
    """Rounds of which only the accuracy matters."""
    return state(*(made(number, value) for number, value in enumerate(tenths, start=1)), start=start)


@dataclass
class ScriptedPhases:
    """Phases that leave files as real ones do, and end as a script says; `killed_in` names where the process dies."""

    folder: LoopFolder
    script: Sequence[RoundState]
    """Round 0 and all others, as they are to come out."""
    killed_in: tuple[str, int, str] | None = None
    """Phase, round, and whether `before`, `within` or `after` its file is written."""
    calls: list[tuple[str, int]] = field(default_factory=list)

    def build(self, number: int, policy: int, /) -> BuiltRound:
        """A set of which another phase reads."""
        self._work("build", number, self.folder.round(number).ds, f"samples of {policy}")
        found = self.script[number].built
        assert found is not None
        return found

    def train(self, number: int, policy: int, /) -> TrainedRound:
        """A policy made of the set and of an earlier policy."""
        given = self.folder.round(number).ds / "made"
        self._work("train", number, self.folder.round(number).policy, f"{policy} + {given.read_text()}")
        found = self.script[number].trained
        assert found is not None
        return found

    def measure(self, number: int, /) -> RoundMeasures:
        """What a policy reaches."""
        self._work("measure", number, self.folder.round(number).report, "measured")
        found = self.script[number].measured
        assert found is not None
        return found

    def _work(self, phase: str, number: int, folder: Path, text: str) -> None:
        self.calls.append((phase, number))
        folder.mkdir(parents=True, exist_ok=True)
        self._maybe_die(phase, number, "before")
        (folder / "half").write_text(text)
        self._maybe_die(phase, number, "within")
        (folder / "half").replace(folder / "made")
        self._maybe_die(phase, number, "after")

    def _maybe_die(self, phase: str, number: int, moment: str) -> None:
        if self.killed_in == (phase, number, moment):
            os.kill(os.getpid(), signal.SIGKILL)


def loop(phases: ScriptedPhases, say: Callable[[str], None] = lambda _: None, **settings: object) -> Loop:
    """A loop of scripted phases."""
    return Loop(phases.folder, phases, LoopSettings.model_validate(settings), say)
