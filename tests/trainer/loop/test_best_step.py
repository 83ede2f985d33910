"""The best step by held-out accuracy is kept, and --use chooses between it and the last one."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from rich.console import Console
from safetensors.torch import load_file
from transformers import TrainerState

from pipeline.training.options import TrainOptions
from pipeline.training.run import run_train
from schemas.errors import OutputError, RecipeError
from schemas.policy import UsedStep
from tests.trainer.checkpoints import checkpoint
from tests.trainer.trainings import recipe, run, training_set
from trainer.loop.best_step import ACCURACY, note_best
from trainer.loop.metrics_log import METRICS
from trainer.policy.trained import CHECKPOINTS, POLICY_FILE, trained_of

pytestmark = pytest.mark.slow(30)

SETTINGS = (
    "run.precision=float32",
    "run.pairs_per_step=1",
    "run.max_steps=7",
    "run.epochs=9",
    "data.num_frames=2",
    "data.max_groups=3",
    "data.held_out_share=0.5",
    "data.probe_questions=0",
    "optimiser.learning_rate=0.05",
    "optimiser.schedule=constant",
    "engine.evaluate_every_steps=2",
    "engine.save_every_steps=3",
    "engine.keep_checkpoints=2",
)
"""Seven steps, of which 2, 4, 6 and the last are evaluated; 3 and 6 would be saved, and the last."""


def test_the_first_of_equals_is_the_best() -> None:
    """0.9 before the first step does not count; 0.5 at step 2 is the best until 0.6 comes, and not 0.6 once more."""
    state, found = TrainerState(), []
    for step, accuracy in ((0, 0.9), (2, 0.5), (4, 0.5), (6, 0.6), (8, 0.6), (10, 0.1)):
        state.global_step = step
        found.append(note_best(state, {ACCURACY: accuracy}))
    assert found == [False, True, False, True, False, False]
    assert (state.best_global_step, state.best_metric) == (6, 0.6)
    assert not note_best(TrainerState(global_step=1), {})


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A training that used its last step; not to be changed."""
    out = tmp_path_factory.mktemp("policy")
    train(out, UsedStep.LAST)
    return out


def train(out: Path, use: UsedStep) -> str:
    """What `vidpref train dpo --use` prints."""
    said = io.StringIO()
    model = str(checkpoint("qwen2_5_vl"))
    options = TrainOptions("dpo", (str(training_set()),), model, str(out), SETTINGS, use=use)
    run_train(Console(file=said), options)
    return said.getvalue()


def evaluated(out: Path) -> dict[int, float]:
    """Held-out accuracy by step."""
    records = map(json.loads, (out / METRICS).read_text().splitlines())
    return {record["step"]: record[ACCURACY] for record in records if ACCURACY in record}


def adapter(folder: Path) -> dict[str, torch.Tensor]:
    """Its weights."""
    return load_file(folder / "adapter_model.safetensors")


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    """Whether all tensors are equal."""
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def best_of(out: Path) -> int:
    """The best step by what the log says."""
    found = {step: accuracy for step, accuracy in evaluated(out).items() if step}
    return max(found, key=lambda step: (found[step], -step))


def test_the_best_step_is_kept_beside_the_last_ones(finished: Path) -> None:
    """Its checkpoint is there although it is neither one of the last two nor at a multiple of save_every_steps."""
    assert set(evaluated(finished)) == {0, 2, 4, 6, 7}
    best = best_of(finished)
    assert best not in (6, 7), "the rest of this file needs a best step before the last two checkpoints"
    assert {found.name for found in (finished / CHECKPOINTS).iterdir()} >= {f"checkpoint-{best}", "checkpoint-7"}
    trained = trained_of(str(finished))
    assert trained is not None
    summary = trained.manifest.training
    assert (summary.use, summary.best_step) == (UsedStep.LAST, best)
    assert summary.best_accuracy == evaluated(finished)[best]
    assert same(adapter(finished), adapter(finished / CHECKPOINTS / "checkpoint-7"))


def test_another_step_can_be_used_afterwards(finished: Path, tmp_path: Path) -> None:
    """The same command with --use best writes the policy of that step without another step of training; with --use last
    again it is as before.
    """
    out = Path(shutil.copytree(finished, tmp_path / "policy"))
    best = best_of(out)
    assert "finished already" in train(out, UsedStep.LAST)
    assert f"the best of 7 steps is {best}" in train(out, UsedStep.BEST)
    assert same(adapter(out), adapter(out / CHECKPOINTS / f"checkpoint-{best}"))
    assert not same(adapter(out), adapter(finished))
    assert "finished already" in train(out, UsedStep.BEST)
    assert (out / METRICS).read_text() == (finished / METRICS).read_text()
    train(out, UsedStep.LAST)
    assert same(adapter(out), adapter(finished))


def test_a_best_step_whose_checkpoint_is_gone_is_named(finished: Path, tmp_path: Path) -> None:
    """One line says what to use instead, and nothing passes for a policy."""
    out = Path(shutil.copytree(finished, tmp_path / "policy"))
    shutil.rmtree(out / CHECKPOINTS / f"checkpoint-{best_of(out)}")
    with pytest.raises(OutputError, match="the best step, is not complete any more: try --use last"):
        train(out, UsedStep.BEST)
    assert not (out / POLICY_FILE).exists()


def test_without_held_out_groups_there_is_no_best(tmp_path: Path) -> None:
    """Before anything is trained."""
    asked: dict[str, Any] = {"held_out_share": 0}
    with pytest.raises(RecipeError, match="--use best needs held-out groups"):
        run(tmp_path / "policy", recipe(data=asked), use=UsedStep.BEST)
