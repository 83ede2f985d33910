"""`vidpref iterate` from its options to its last line, with scripted phases and a tiny model that is not used."""

import io
from pathlib import Path

import pytest
from rich.console import Console

import pipeline.rounds.run
from pipeline.rounds.content import LoopReport
from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.options import IterateOptions
from pipeline.rounds.run import run_iterate
from pipeline.rounds.state import RoundState
from pipeline.rounds.stop_rule import LoopEnd
from schemas.errors import DatasetError, ModelError, OutputError
from schemas.pair import Pair
from schemas.video import Split
from tests.pipeline.rounds.scripted_rounds import ScriptedPhases, accuracies, made
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import training_set, write_training_set

pytestmark = pytest.mark.slow(10)


@pytest.fixture(scope="module")
def questions(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A set with videos that are held out."""

    def held_out(pair: Pair) -> Pair:
        return pair.model_copy(update={"split": Split.VALIDATION})

    return str(write_training_set(tmp_path_factory.mktemp("questions") / "ds", change=held_out))


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> list[RoundState]:
    """How the rounds go; a test may change it."""
    rounds = list(accuracies(5, 6, 7).rounds)
    monkeypatch.setattr(pipeline.rounds.run, "RoundPhases", lambda *given: ScriptedPhases(given[3], rounds))
    return rounds


def run(out: Path, questions: str, rounds: int = 2, **given: object) -> tuple[LoopEnd, str]:
    """How it ended, and what was printed."""
    told = io.StringIO()
    fields = {"model": str(checkpoint("qwen2_5_vl")), "train_overrides": ("engine.device=cpu",), **given}
    options = IterateOptions("isr-dpo", "clips", out=str(out), rounds=rounds, questions=questions, **fields)  # type: ignore[arg-type]
    return run_iterate(Console(file=told, width=300), options), told.getvalue()


@pytest.mark.usefixtures("script")
def test_the_best_policy_is_linked_and_the_report_written(questions: str, tmp_path: Path) -> None:
    """Two rounds, the second is the best; the last lines say where it is and how to evaluate it on the questions."""
    end, told = run(tmp_path / "x", questions)
    folder = LoopFolder(tmp_path / "x")
    assert (end, folder.policy.resolve()) == (LoopEnd.ROUNDS, folder.round(2).policy)
    assert "is done after 2 of 2 rounds (all rounds are made). The best is round 2, in" in told
    assert f"vidpref evaluate --policy {tmp_path}/x/policy --data {questions}" in told
    assert LoopReport.model_validate_json((folder.path / "report.json").read_bytes()).best == 2


def test_the_model_is_linked_if_no_round_is_better(script: list[RoundState], questions: str, tmp_path: Path) -> None:
    """A round that wins fewer pairs, and one whose policy went too far."""
    script[1:] = [made(1, 4), made(2, 9, kl=5.0)]
    end, told = run(tmp_path / "x", questions)
    assert end is LoopEnd.ALARM
    assert (tmp_path / "x" / "policy").resolve() == checkpoint("qwen2_5_vl").resolve()
    assert "no round is better than" in told
    assert "evaluate" not in told


@pytest.mark.usefixtures("script")
def test_an_out_of_other_rounds_is_refused(questions: str, tmp_path: Path) -> None:
    """Whatever may change a round is named; more rounds, and when to stop, are not."""
    run(tmp_path / "x", questions, rounds=1)
    for changed, line in (
        ({"overrides": ("retrospect.samples=3",)}, r"build\.retrospect\.samples: 4 -> 3"),
        ({"train_overrides": ("engine.device=cpu", "loss.beta=0.3")}, r"train\.loss\.beta: 0\.1 -> 0\.3"),
        ({"loop_overrides": ("probe.groups=9",)}, r"loop\.probe\.groups: 500 -> 9"),
    ):
        with pytest.raises(OutputError, match=rf"was made by another recipe \({line}"):
            run(tmp_path / "x", questions, **changed)
    end, _ = run(tmp_path / "x", questions, rounds=2, loop_overrides=("stop.kl_per_token=3",))
    assert end is LoopEnd.ROUNDS


def test_what_cannot_be_used_is_refused_before_anything_is_made(questions: str, tmp_path: Path) -> None:
    """A model that is not there, and questions that hold nothing out."""
    with pytest.raises(ModelError, match="nowhere"):
        run(tmp_path / "x", questions, model=str(tmp_path / "nowhere"))
    with pytest.raises(DatasetError, match="holds no question out"):
        run(tmp_path / "y", str(training_set()))
