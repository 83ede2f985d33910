"""Trainings that are killed and resumed."""

import functools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.policy import TrainSummary
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import recipe, run, training_set
from trainer.loop.checkpoint import MARKER
from trainer.loop.metrics_log import METRICS
from trainer.policy.trained import CHECKPOINTS, POLICY_FILE
from trainer.recipe import TrainRecipe

pytestmark = pytest.mark.slow(35)

SECTIONS: dict[str, Any] = {
    "data": {"held_out_share": 0.25, "held_out_groups": 1, "probe_questions": 1, "max_groups": 3, "num_frames": 2},
    "adapter": {"dropout": 0.1, "rank": 4},
    "optimiser": {"learning_rate": 1e-2},
    "run": {"epochs": 4, "pairs_per_step": 5},
    "engine": {"save_every_steps": 2, "evaluate_every_steps": 4},
}
"""Dropout draws from the random state, the schedule counts steps, AdamW has moments: all of it must come back."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, TrainSummary]]:
    """The run of a kind of adapter that nothing disturbs, made once: its folder and its summary."""

    @functools.cache
    def made(kind: str) -> tuple[Path, TrainSummary]:
        folder = tmp_path_factory.mktemp(kind)
        return folder, run(folder, asked_for(kind))[0]

    return made


def asked_for(kind: str) -> TrainRecipe:
    """The recipe with that kind of adapter."""
    return recipe(**SECTIONS | {"adapter": {**SECTIONS["adapter"], "kind": kind}})


@pytest.mark.parametrize(
    ("kind", "moment", "least"),
    [
        ("lora", f"{CHECKPOINTS}/checkpoint-4/{MARKER}", 4),
        ("lora", f"{CHECKPOINTS}/checkpoint-4", 2),
        ("full", ".work/reference/*/*.safetensors", 0),
    ],
    ids=["behind a checkpoint", "while one is written", "while the reference is read"],
)
def test_a_killed_training_resumes_to_the_same_weights(
    tmp_path: Path, undisturbed: Callable[[str], tuple[Path, TrainSummary]], kind: str, moment: str, least: int
) -> None:
    """SIGKILL when a file exists, then the same command: log and weights are, to the byte, those of a run that nothing
    disturbed.
    """
    killed, asked = tmp_path / "killed", asked_for(kind)
    (tmp_path / "tiny.yaml").write_text(asked.model_dump_json())  # JSON is YAML
    given = {"--data": training_set(), "--model": checkpoint("qwen2_5_vl"), "--out": killed}
    options = [str(part) for option in given.items() for part in option]
    arguments = [sys.executable, "-m", "pipeline", "train", str(tmp_path / "tiny.yaml"), *options]
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1"}
    with subprocess.Popen(arguments, stdout=subprocess.DEVNULL, env=one_thread) as process:
        wait_for(killed, moment, process)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    whole, summary = undisturbed(kind)
    resumed, said = run(killed, asked)
    assert summary.steps == resumed.steps > resumed.resumed_at >= least
    assert (f"resuming after step {resumed.resumed_at}" in said) == (resumed.resumed_at > 0)
    assert (killed / METRICS).read_text() == (whole / METRICS).read_text()
    [weights] = [path.name for path in whole.glob("*.safetensors")]
    assert (killed / weights).read_bytes() == (whole / weights).read_bytes()


def test_a_training_killed_while_it_wrote_its_policy_writes_it_again(tmp_path: Path) -> None:
    """All steps are done but policy.json is missing: no step is repeated, and the adapter is the same."""
    asked = recipe(data={"max_groups": 1}, run={"max_steps": 1, "pairs_per_step": 3})
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
