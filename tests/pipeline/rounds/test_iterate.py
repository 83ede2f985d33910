"""`vidpref iterate isr-dpo` with a small policy that learns something real, rendered clips and a scripted judge."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from pipeline.rounds.content import LoopReport
from pipeline.rounds.folder import LoopFolder, set_of_round
from pipeline.scripted.process import scripted_server
from pipeline.scripted.settings import Errors, ServerSettings
from pipeline.verification.run import VerifyOptions, run_verify
from tests.pipeline.rounds.tiny_loop import TinyLoop, tiny_loop
from trainer.policy.trained import trained_of

pytestmark = [pytest.mark.slow(110), pytest.mark.process, pytest.mark.video]


@dataclass(frozen=True)
class Ran:
    """A loop that was killed in the first training and went on to three rounds, and its first round uninterrupted."""

    given: TinyLoop
    address: str
    killed: LoopFolder
    whole: LoopFolder


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    """Both, with one scripted server."""
    given = tiny_loop(tmp_path_factory.mktemp("given"))
    killed, whole = (tmp_path_factory.mktemp(name) / "x" for name in ("killed", "whole"))
    with scripted_server(ServerSettings(manifest=str(given.known), errors=Errors(judge=0.05))) as address:
        kill_in_training(given.command(killed, address, rounds=3), killed / "round-01" / "policy")
        assert exit_code(app, given.command(killed, address, rounds=3)) == 0
        assert exit_code(app, given.command(whole, address, rounds=1)) == 0
        yield Ran(given, address, LoopFolder(killed), LoopFolder(whole))


def kill_in_training(command: list[str], policy: Path) -> None:
    """Start the program, and end it with SIGKILL once a training has left its first checkpoint, before its policy."""
    process = subprocess.Popen([sys.executable, "-m", "pipeline", *command], cwd=Path(__file__).parents[3])
    while not list(policy.glob("checkpoints/*/*")):
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (policy / "policy.json").exists()


def report_of(folder: LoopFolder) -> LoopReport:
    return LoopReport.model_validate_json((folder.path / "report.json").read_bytes())


def test_the_policy_has_learnt_to_answer_in_a_valid_form(ran: Ran) -> None:
    """By SFT on facts, before round 1: at least 60 % of its answers to held-out questions."""
    assert report_of(ran.killed).rounds[0].whole >= 0.6


def test_three_rounds_are_made_each_from_the_last_rounds_adapter(ran: Ran) -> None:
    """Each samples, trains and is measured; the gain is reported, whatever it is."""
    report = report_of(ran.killed)
    assert [one.number for one in report.rounds] == [0, 1, 2, 3]
    for one in report.rounds[1:]:
        assert one.built is not None
        assert one.trained is not None
        assert one.built.pairs >= 4
        assert one.trained.steps > 0
        assert one.gain_over_start is not None
        assert one.gain_over_start.value == pytest.approx(
            one.accuracy.value - report.rounds[0].accuracy.value, abs=2e-4
        )
        assert one.kl_per_token is not None
        assert one.kl_per_token > 0
        assert one.examples
    starts = [trained_of(str(ran.killed.round(number).policy)) for number in (1, 2, 3)]
    assert [one and one.manifest.start and one.manifest.start.path for one in starts] == [
        None,
        str(ran.killed.round(1).policy),
        str(ran.killed.round(2).policy),
    ]


def test_the_set_of_each_round_can_be_proven_again_and_viewed(ran: Ran) -> None:
    """It is a set as any other."""
    for number in (1, 2, 3):
        dataset = set_of_round(str(ran.killed.path), number)
        run_verify(Console(quiet=True), VerifyOptions(dataset))
        assert (ran.killed.round(number).report / "set.html").is_file()


def test_the_best_round_is_what_policy_points_at(ran: Ran) -> None:
    """The first with the highest held-out accuracy; round 0 is the model itself."""
    report = report_of(ran.killed)
    accuracies = [one.accuracy.value for one in report.rounds]
    assert report.best == accuracies.index(max(accuracies))
    best = ran.killed.round(report.best).policy if report.best else ran.given.policy
    assert ran.killed.policy.resolve() == best.resolve()


def test_a_killed_training_goes_on_to_the_same_policy(ran: Ran) -> None:
    """Set, adapter and all that is known of the round are those of the uninterrupted loop, byte for byte."""
    for name in ("ds/dataset.json", "policy/adapter_model.safetensors"):
        first, second = (loop.round(1).path / name for loop in (ran.killed, ran.whole))
        assert first.read_bytes() == second.read_bytes(), name
    assert ran.killed.state().rounds[:2] == ran.whole.state().rounds


def test_an_out_of_other_rounds_is_refused(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    """In one line that says what differs; more rounds are no other ones."""
    command = ran.given.command(ran.whole.path, ran.address, rounds=1)
    capsys.readouterr()
    assert exit_code(app, [*command, "--train-set", "loss.beta=0.3"]) == 2
    line = capsys.readouterr().err.strip()
    assert "was made by another recipe (train.loss.beta: 0.1 -> 0.3)" in line
    assert "\n" not in line


def test_a_loop_that_is_done_is_not_done_again(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    """The same command says where the best policy is."""
    before = ran.whole.state()
    capsys.readouterr()
    assert exit_code(app, ran.given.command(ran.whole.path, ran.address, rounds=1)) == 0
    printed = capsys.readouterr().out
    assert "is done after 1 of 1 rounds (all rounds are made)" in printed
    assert "training on" not in printed
    assert ran.whole.state() == before
