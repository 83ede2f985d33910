"""A training recipe becomes the arguments of transformers' Trainer."""

from pathlib import Path

from transformers import TrainingArguments

from trainer.loop.ranks import Rank
from trainer.recipe import TrainRecipe


def training_arguments(
    recipe: TrainRecipe, checkpoints: Path, device: str, rank: Rank, *, steps: int, evaluates: bool, resumed: bool
) -> TrainingArguments:
    """The recipe in transformers' terms.

    Args:
        recipe: of the training.
        checkpoints: the folder for checkpoints.
        device: where this process computes.
        rank: which process this is.
        steps: optimiser steps of the whole training.
        evaluates: whether there are held-out groups.
        resumed: whether the training resumes from a checkpoint.
    """
    optimiser, engine = recipe.optimiser, recipe.engine
    arguments = TrainingArguments(
        output_dir=str(checkpoints),
        max_steps=steps,
        per_device_train_batch_size=1,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type=optimiser.schedule.value,
        warmup_steps=optimiser.warmup,
        weight_decay=optimiser.weight_decay,
        max_grad_norm=optimiser.max_grad_norm,
        optim=_optimiser(device, eight_bit=engine.eight_bit_optimiser),
        logging_steps=engine.log_every_steps,
        logging_nan_inf_filter=False,
        save_steps=engine.save_every_steps,
        save_total_limit=engine.keep_checkpoints + evaluates,  # one more for that of the best step
        eval_strategy="steps" if evaluates else "no",
        eval_steps=engine.evaluate_every_steps,
        eval_on_start=evaluates and not resumed,
        report_to=[tracker.value for tracker in engine.report_to] or "none",
        seed=recipe.seed,
        disable_tqdm=True,
        remove_unused_columns=False,
        use_cpu=device == "cpu",
        ddp_find_unused_parameters=recipe.adapter.train_vision,  # a tower for images has parts that no video reaches
        ddp_broadcast_buffers=False,  # they never change, and processes whose groups have more visuals would wait
        fsdp=rank.sharded or None,  # type: ignore[arg-type]  # a word is the older form
        log_level="error",
    )
    arguments._n_gpu = min(1, arguments.n_gpu)  # several GPUs in one process would be nn.DataParallel
    return arguments


def _optimiser(device: str, *, eight_bit: bool) -> str:
    """AdamW by transformers' name; on a GPU in one kernel, since the other one holds a copy of all trained weights."""
    if eight_bit:
        return "adamw_bnb_8bit"
    return "adamw_torch_fused" if device.startswith("cuda") else "adamw_torch"
