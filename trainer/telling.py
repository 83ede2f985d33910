"""How far a training is: a line every few seconds, with the time that is left."""

import time
from collections.abc import Callable
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from trainer.estimate import clock

Say = Callable[[str], None]
_EVERY_SECONDS = 10.0


class Telling(TrainerCallback):
    """Tells of every step that ends some time after the last line."""

    def __init__(self, say: Say, every_seconds: float = _EVERY_SECONDS) -> None:
        self._say, self._every_seconds = say, every_seconds
        self._started = self._told = time.monotonic()
        self._first_step = 0

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **more: Any
    ) -> None:
        """Time runs from here."""
        del args, control, more
        self._started = self._told = time.monotonic()
        self._first_step = state.global_step

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **more: Any) -> None:
        """One optimiser step is done."""
        del args, control, more
        now, last = time.monotonic(), state.global_step == state.max_steps
        if not last and now - self._told < self._every_seconds:
            return
        self._told = now
        seconds = (now - self._started) / max(1, state.global_step - self._first_step)
        left = (state.max_steps - state.global_step) * seconds
        losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
        loss = f", loss {losses[-1]:.4f}" if losses else ""
        self._say(f"step {state.global_step} of {state.max_steps}{loss}, {seconds:.1f} s a step, {clock(left)} left")
