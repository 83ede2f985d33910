"""How far a training is: a line every few seconds, with the time that is left."""

import time
from collections.abc import Callable
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

Say = Callable[[str], None]
"""Prints one line."""
_EVERY_SECONDS = 10.0


def clock(seconds: float) -> str:
    """A duration as h:mm:ss."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


class Pace:
    """When the next line of progress is due, and how fast the work goes."""

    def __init__(self, every_seconds: float = _EVERY_SECONDS) -> None:
        """Start the clock."""
        self._every_seconds = every_seconds
        self._started = self._printed = time.monotonic()
        self._left_out = 0.0

    def leave_out(self, seconds: float) -> None:
        """Do not count seconds that went into other work than the items."""
        self._left_out += seconds

    def due(self, done: int, of: int) -> float | None:
        """Mean seconds per item so far if a line is due, else null: due every few seconds and at the end."""
        now = time.monotonic()
        if done < of and now - self._printed < self._every_seconds:
            return None
        self._printed = now
        return (now - self._started - self._left_out) / max(1, done)


class ProgressCallback(TrainerCallback):
    """Prints a line about the optimiser steps every few seconds; the time that is left holds the looks to come."""

    def __init__(self, say: Say, every_seconds: float = _EVERY_SECONDS) -> None:
        self._say, self._every_seconds = say, every_seconds
        self._pace = Pace(every_seconds)
        self._first_step = 0
        self._last_event = 0.0
        self._looks: list[float] = []
        """Seconds of each evaluation of the held-out groups."""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **more: Any
    ) -> None:
        """Start the clock."""
        del args, control, more
        self._pace = Pace(self._every_seconds)
        self._first_step = state.global_step
        self._last_event = time.monotonic()

    def on_evaluate(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **more: Any) -> None:
        """Take the time of an evaluation, which follows a step or the beginning; it is not part of the steps."""
        del args, state, control, more
        self._looks.append(time.monotonic() - self._last_event)
        self._pace.leave_out(self._looks[-1])

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **more: Any) -> None:
        """Print a line if one is due."""
        del control, more
        seconds = self._pace.due(state.global_step - self._first_step, state.max_steps - self._first_step)
        self._last_event = time.monotonic()
        if seconds is None:
            return
        left = (state.max_steps - state.global_step) * seconds + _looks_left(args, state) * self._look_seconds
        losses = [entry["loss"] for entry in state.log_history if "loss" in entry]
        loss = f", loss {losses[-1]:.4f}" if losses else ""
        self._say(f"step {state.global_step} of {state.max_steps}{loss}, {seconds:.1f} s a step, {clock(left)} left")

    @property
    def _look_seconds(self) -> float:
        return sum(self._looks) / max(1, len(self._looks))


def _looks_left(args: TrainingArguments, state: TrainerState) -> int:
    """Evaluations from this step on: one every few steps and one after the last."""
    if args.eval_strategy == "no":
        return 0
    every = int(args.eval_steps or 1)
    return -(-state.max_steps // every) + 1 - -(-state.global_step // every)
