"""The best step of a training by held-out accuracy: its checkpoint is kept, and can become the policy."""

from collections.abc import Mapping
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from trainer.loop.monitor import HELD_OUT

ACCURACY = f"{HELD_OUT}/answers/all/accuracy"
"""The name of the number that decides: the share of held-out pairs that are won, over all axes."""


def note_best(state: TrainerState, numbers: Mapping[str, float]) -> bool:
    """Note in the state of a training if an evaluation is the best so far; returns whether it is.

    The first of equals is the best. The model before its first step is none: it would be no training.
    """
    accuracy = numbers.get(ACCURACY)
    if accuracy is None or state.global_step == 0:
        return False
    if state.best_metric is not None and accuracy <= state.best_metric:
        return False
    state.best_metric, state.best_global_step = accuracy, state.global_step
    return True


class LastStepCallback(TrainerCallback):
    """Evaluates the last step, too, whatever its number."""

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **more: Any) -> None:
        """Ask for an evaluation if this was the last step."""
        del args, more
        control.should_evaluate = control.should_evaluate or state.global_step >= state.max_steps
