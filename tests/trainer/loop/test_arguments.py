"""A recipe in transformers' terms."""

from pathlib import Path

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
    """Optimiser, schedule, checkpoints, evaluations and seed are the recipe's."""
    made = arguments(tmp_path)
    assert (made.learning_rate, made.lr_scheduler_type, made.warmup_steps) == (3e-4, "cosine", 0.2)
    assert (made.weight_decay, made.max_grad_norm, made.seed, made.max_steps) == (0.01, 2, 5, 11)
    assert (made.save_steps, made.eval_steps, made.logging_steps, made.save_total_limit) == (7, 9, 3, 4)
    assert made.use_cpu


def test_a_fresh_training_evaluates_before_its_first_step(tmp_path: Path) -> None:
    """A resumed one has done so, and one without held-out groups never does."""
    assert arguments(tmp_path).eval_on_start
    assert not arguments(tmp_path, resumed=True).eval_on_start
    without = arguments(tmp_path, evaluates=False)
    assert (without.eval_on_start, without.eval_strategy) == (False, "no")
