"""Trainings that are killed and go on."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import recipe, run, training_set
from trainer.loop.checkpoint import MARKER, is_complete, latest_complete, mark_complete, sweep
from trainer.loop.train import CHECKPOINTS, METRICS
from trainer.policy.trained import POLICY_FILE

SECTIONS: dict[str, Any] = {
    "data": {"held_out_share": 0.25, "probe_questions": 1},
    "adapter": {"dropout": 0.1, "rank": 4},
    "optimiser": {"learning_rate": 1e-2},
    "run": {"epochs": 5, "pairs_per_step": 5},
    "engine": {"save_every_steps": 2, "evaluate_every_steps": 4},
}
"""Dropout draws from the random state, the schedule counts steps, AdamW has moments: all of it must come back."""


@pytest.mark.parametrize(
    ("kind", "moment", "least"),
    [
        ("lora", f"{CHECKPOINTS}/checkpoint-4/{MARKER}", 4),
        ("lora", f"{CHECKPOINTS}/checkpoint-4", 2),
        ("full", ".work/reference/*/*.safetensors", 0),
    ],
    ids=["behind a checkpoint", "while one is written", "while the reference is read"],
)
def test_a_killed_training_goes_on_to_the_same_weights(tmp_path: Path, kind: str, moment: str, least: int) -> None:
    """SIGKILL when a file is there, then the same command: log and weights are, to the byte, those of a run that
    nothing disturbed.
    """
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    asked = recipe(**SECTIONS | {"adapter": {**SECTIONS["adapter"], "kind": kind}})
    (tmp_path / "tiny.yaml").write_text(asked.model_dump_json())  # JSON is YAML
    given = {"--data": training_set(), "--model": checkpoint("qwen2_5_vl"), "--out": killed}
    options = [str(part) for option in given.items() for part in option]
    arguments = [sys.executable, "-m", "pipeline", "train", str(tmp_path / "tiny.yaml"), *options]
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL) as process:
        wait_for(killed, moment, process)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    undisturbed, _ = run(whole, asked)
    resumed, said = run(killed, asked)
    assert undisturbed.steps == resumed.steps > resumed.resumed_at >= least
    assert (f"resuming after step {resumed.resumed_at}" in said) == (resumed.resumed_at > 0)
    assert (killed / METRICS).read_text() == (whole / METRICS).read_text()
    [weights] = [path.name for path in whole.glob("*.safetensors")]
    assert (killed / weights).read_bytes() == (whole / weights).read_bytes()


def test_a_training_killed_while_it_wrote_its_policy_writes_it_again(tmp_path: Path) -> None:
    """All steps are done, policy.json is not there: no step is repeated, and the adapter is the same."""
    asked = recipe(run={"max_steps": 1, "pairs_per_step": 3})
    run(tmp_path, asked)
    adapter = tmp_path / "adapter_model.safetensors"
    before, log = adapter.read_bytes(), (tmp_path / METRICS).read_bytes()
    (tmp_path / POLICY_FILE).unlink()
    adapter.write_bytes(before[:100])
    summary, _ = run(tmp_path, asked)
    assert (summary.steps, summary.resumed_at, summary.loss) == (1, 1, None)
    assert (adapter.read_bytes(), (tmp_path / METRICS).read_bytes()) == (before, log)
    assert (tmp_path / POLICY_FILE).is_file()


def wait_for(folder: Path, pattern: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 300
    while not any(folder.glob(pattern)):
        assert process.poll() is None, f"it ended with {process.returncode} before {pattern} was there"
        assert time.monotonic() < end, f"no {pattern} in time"
        time.sleep(0.002)


def test_a_checkpoint_without_its_marker_is_none(tmp_path: Path) -> None:
    """The one of the most steps that is complete counts; what is half written, or has lost bytes, is swept away."""
    for step in (2, 10, 12, 14):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "weights").write_bytes(b"w" * step)
        if step != 14:
            mark_complete(folder)
    (tmp_path / "checkpoint-12" / "weights").write_bytes(b"")
    assert [is_complete(tmp_path / f"checkpoint-{step}") for step in (2, 10, 12, 14)] == [True, True, False, False]
    assert latest_complete(tmp_path) == tmp_path / "checkpoint-10"
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-10", "checkpoint-2"]


def test_there_is_nothing_to_go_on_from_at_first(tmp_path: Path) -> None:
    """A folder that is not there has no checkpoint."""
    assert latest_complete(tmp_path / "none") is None
    sweep(tmp_path / "none")
