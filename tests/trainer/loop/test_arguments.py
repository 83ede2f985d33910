"""A recipe in transformers' terms."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from transformers import TrainingArguments

from tests.trainer.trainings import recipe
from trainer.loop.arguments import training_arguments
from trainer.loop.ranks import Rank


def arguments(folder: Path, *, evaluates: bool = True, resumed: bool = False) -> TrainingArguments:
    """The arguments of a recipe that differs from transformers' defaults everywhere."""
    asked = recipe(
        optimiser={
            "learning_rate": 3e-4,
            "schedule": "cosine",
            "warmup": 0.2,
            "weight_decay": 0.01,
            "max_grad_norm": 2,
        },
        engine={"save_every_steps": 7, "evaluate_every_steps": 9, "log_every_steps": 3, "keep_checkpoints": 4},
    )
    return training_arguments(
        asked.model_copy(update={"seed": 5}), folder, "cpu", Rank(), steps=11, evaluates=evaluates, resumed=resumed
    )


def test_every_setting_arrives(tmp_path: Path) -> None:
    """Optimiser, schedule, checkpoints (one more, for the best step), evaluations and seed are the recipe's."""
    made = arguments(tmp_path)
    assert (made.learning_rate, made.lr_scheduler_type, made.warmup_steps) == (3e-4, "cosine", 0.2)
    assert (made.weight_decay, made.max_grad_norm, made.seed, made.max_steps) == (0.01, 2, 5, 11)
    assert (made.save_steps, made.eval_steps, made.logging_steps, made.save_total_limit) == (7, 9, 3, 5)
    assert made.use_cpu


def test_the_optimiser_of_a_gpu_makes_no_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a GPU AdamW is one kernel, on a CPU torch's plain one; in 8 bit it is that of bitsandbytes."""
    monkeypatch.setattr("trainer.loop.arguments.TrainingArguments", lambda **named: SimpleNamespace(**named, n_gpu=0))

    def optimiser(device: str, *, eight_bit: bool) -> str:
        asked = recipe(engine={"eight_bit_optimiser": eight_bit})
        return str(training_arguments(asked, tmp_path, device, Rank(), steps=1, evaluates=False, resumed=False).optim)

    assert [optimiser(device, eight_bit=False) for device in ("cuda:0", "cpu")] == ["adamw_torch_fused", "adamw_torch"]
    assert optimiser("cuda:0", eight_bit=True) == "adamw_bnb_8bit"


def test_a_fresh_training_evaluates_before_its_first_step(tmp_path: Path) -> None:
    """A resumed one has done so, and one without held-out groups never does."""
    assert arguments(tmp_path).eval_on_start
    assert not arguments(tmp_path, resumed=True).eval_on_start
    without = arguments(tmp_path, evaluates=False)
    assert (without.eval_on_start, without.eval_strategy) == (False, "no")
