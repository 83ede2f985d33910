"""Kill -9 while a scripted policy samples and is judged in a real build: the loop goes on to the same bytes."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.dataset.finished_set import FinishedSet
from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.round_set import built_round
from pipeline.rounds.state import BuiltRound
from pipeline.rounds.stop_rule import LoopEnd
from stages.models.chat import ChatReply, ChatRequest
from tests.finished import write_set
from tests.pipeline.round_builds import build_round
from tests.pipeline.rounds.scripted_rounds import ScriptedPhases, accuracies, loop
from tests.stages.retrospection.policy import ScriptedPolicy, said

pytestmark = pytest.mark.process

SAMPLES = ("It moves left.", "It moves right.", said(right=True, words=4), said(right=False, words=4))
SCRIPT = accuracies(5, 6, 7).rounds


@dataclass
class Mortal(ScriptedPolicy):
    """A policy whose process dies when it is asked for this time; None: never."""

    dies_at: int | None = None

    async def ask(self, request: ChatRequest, /) -> ChatReply:
        """As `ScriptedPolicy.ask`."""
        if self.dies_at == len(self.asked):
            os.kill(os.getpid(), signal.SIGKILL)
        return await super().ask(request)


@dataclass
class BuildingPhases(ScriptedPhases):
    """Phases whose builds are real: what is trained on and measured is scripted."""

    questions: Path = Path()
    dies_at: tuple[int, int] | None = None
    """Round, and request of its build."""

    def build(self, number: int, policy: int, /) -> BuiltRound:
        """A set of a scripted policy, whose contexts go on from the round before."""
        at = self.dies_at[1] if self.dies_at is not None and self.dies_at[0] == number else None
        chat = Mortal(samples=SAMPLES, notes=[(0.0, 10.0, f"Things cross in round {number}.")], dies_at=at)
        keys = [f"retrospect.round={number}", "finalise.max_length_correlation=null"]
        if number > 1:
            keys.append(f"retrospect.previous={self.folder.round(number - 1).ds}")
        build_round(self.folder.round(number).ds, self.questions, chat, *keys)
        found = built_round(FinishedSet.open(str(self.folder.round(number).ds)))
        self._work("build", number, self.folder.round(number).ds, f"samples of {policy}")
        return found


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("questions")
    write_set(folder, videos=3)
    return folder


def made(folder: Path) -> dict[str, bytes]:
    """Sets, policies, measures and state: everything but what a resume needs."""
    files = [file for file in folder.rglob("*") if file.is_file() and ".work" not in file.parts]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.slow(10)
@pytest.mark.parametrize("dies_at", [(1, 0), (1, 20), (2, 50)])
def test_a_build_that_is_killed_goes_on(questions: Path, tmp_path: Path, dies_at: tuple[int, int]) -> None:
    """At the first sample, among the verdicts of the first video, and in the second round, whose contexts go on."""
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
    whole, killed = (LoopFolder(tmp_path / name) for name in ("whole", "killed"))
    assert loop(BuildingPhases(whole, SCRIPT, questions=questions), min_pairs=1).run(2) is LoopEnd.ROUNDS
    child = os.fork()
    if child == 0:
        loop(BuildingPhases(killed, SCRIPT, questions=questions, dies_at=dies_at), min_pairs=1).run(2)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert not (killed.round(dies_at[0]).ds / "dataset.json").exists()
    assert loop(BuildingPhases(killed, SCRIPT, questions=questions), min_pairs=1).run(2) is LoopEnd.ROUNDS
    assert made(killed.path) == made(whole.path)
