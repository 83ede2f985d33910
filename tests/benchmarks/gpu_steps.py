"""Whole steps on a device: speed, memory and share of peak of every work, with and without checkpointing."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from tests.benchmarks.gpu_flops import Costs
from tests.benchmarks.gpu_meter import Line, Meter
from tests.benchmarks.train_counts import counted
from tests.benchmarks.train_model import Shape
from tests.benchmarks.train_works import WORKS, Work, ours_for

EQUAL_TOKENS = "two sequences"
PICTURES = "two sequences, frames as images"
"""The algorithm of TRL's DPOTrainer: its route where a video has to be given as images."""
OURS = ours_for(WORKS[EQUAL_TOKENS])
EQUAL_GOAL, PICTURES_GOAL, PEAK_GOAL = 2.5, 5.0, 0.45
ESTIMATE_GOAL = 0.15
"""Largest difference of the estimated memory from the peak, as a share of it."""


@dataclass(frozen=True)
class Steps:
    """Steps of one model on one device."""

    meter: Meter
    model: Any
    folder: Path
    """Where caches go."""
    peak_flops: float
    """Measured operations per second of a matrix product; not a number where that failed."""

    def whole(self, part: str, work: Work, shape: Shape, *, checkpointing: bool = True, name: str = "") -> Line:
        """One work at one size; its tokens must be those of the arithmetic, else the line is an error."""

        def measure() -> Line:
            set_checkpointing(self.model, on=checkpointing)
            ready = work.make(shape, self.model, self.folder)
            if ready.fill is not None:
                with self._computing(work):
                    ready.fill()
            estimated = {} if ready.memory is None else {"estimated_gib": ready.memory() / 2**30}
            with counted(self.model) as passes:
                self._step(work, ready.step)
            if passes[0] != work.sends.passes(shape):
                raise AssertionError(f"{passes[0]} went forward, expected {work.sends.passes(shape)}")
            return {**self.meter.timed(lambda: self._step(work, ready.step), is_warm=True), **estimated}

        line = self.meter.attempt(part, name or work.name, measure)
        line["size"] = size_of(shape)
        self.model.zero_grad(set_to_none=True)
        if "seconds" in line:
            line |= self._rates(line["seconds"], work, Costs(shape).step(work.sends, checkpointing=checkpointing))
            line |= {"checkpointing": checkpointing, "tokens": work.sends.passes(shape).as_json()}
        return line

    def _rates(self, seconds: float, work: Work, flops: float) -> Line:
        return {
            "rows_per_second": work.rows / seconds,
            "tflop": flops / 1e12,
            "share_of_peak": flops / seconds / self.peak_flops,
        }

    def _step(self, work: Work, step: Callable[[], float]) -> None:
        with self._computing(work):
            step()
        self.model.zero_grad(set_to_none=True)

    def _computing(self, work: Work) -> AbstractContextManager[Any]:
        """Adapters are float32 and compute in bfloat16: this trainer's step sees to it, the others' are helped."""
        return nullcontext() if work.is_ours else torch.autocast(self.meter.device, torch.bfloat16)


def size_of(shape: Shape) -> str:
    """Frames and their size in pixels."""
    return f"{shape.frames} @ {shape.side_patches[0] * 14}x{shape.side_patches[1] * 14}"


def set_checkpointing(model: Any, *, on: bool) -> None:
    """As the trainer sets it."""
    base = model.get_base_model()
    if on:
        base.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    else:
        base.gradient_checkpointing_disable()


def end_to_end(steps: Steps, shapes: Sequence[Shape]) -> list[str]:
    """Pairs and groups at every size, against equal tokens and frames as images."""
    told = []
    for shape in shapes:
        size = size_of(shape)
        equal, group = WORKS[EQUAL_TOKENS], WORKS["three pairs"]
        ours = steps.whole("steps", OURS, shape)
        plain = steps.whole("steps", equal, shape)
        pictures = steps.whole("steps", equal, replace(shape, as_images=True), name=PICTURES)
        steps.whole("steps", ours_for(group), shape)
        told += [
            verdict(f"{size}: equal tokens", ratio(plain, ours), EQUAL_GOAL),
            verdict(f"{size}: TRL's algorithm, frames as images", ratio(pictures, ours), PICTURES_GOAL),
            verdict(f"{size}: share of measured peak", ours.get("share_of_peak"), PEAK_GOAL, unit=""),
            estimate_verdict(f"{size}: memory", ours),
        ]
    return told


def vista(steps: Steps, shape: Shape) -> list[str]:
    """A full VistaDPO row against three ways to do it."""
    ours, *_ = (
        steps.whole("rows", WORKS[name], shape)
        for name in ("vidpref: row", "eight, cached reference", "eight sequences", "released trainer, 32")
    )
    return [estimate_verdict(f"{size_of(shape)}: memory of a VistaDPO row", ours)]


def memory(steps: Steps, shapes: Sequence[Shape]) -> list[str]:
    """A pair without checkpointing; with it, it stands under steps."""
    told = []
    for shape in shapes:
        ours, _ = (
            steps.whole("memory", work, shape, checkpointing=False, name=f"{work.name}, without checkpointing")
            for work in (OURS, WORKS[EQUAL_TOKENS])
        )
        told.append(estimate_verdict(f"{size_of(shape)}: memory without checkpointing", ours))
    set_checkpointing(steps.model, on=True)
    return told


def ratio(slower: Line, faster: Line) -> float | None:
    """Rows per second of the faster over those of the slower; None where one is missing."""
    if "rows_per_second" not in slower or "rows_per_second" not in faster:
        return None
    return float(faster["rows_per_second"] / slower["rows_per_second"])


def verdict(what: str, reached: float | None, goal: float, unit: str = "x") -> str:
    """One line of the report."""
    if reached is None:
        return f"NOT MEASURED {what} (goal {goal}{unit})"
    return f"{'reached' if reached >= goal else 'MISSED '} {reached:.2f}{unit} (goal {goal}{unit}) {what}"


def estimate_verdict(what: str, line: Line) -> str:
    """How far the estimate of gradients and activations is from what a step took beside what stood before it."""
    taken = line.get("peak_gib", 0.0) - line.get("standing_gib", 0.0)
    if taken <= 0 or "estimated_gib" not in line:
        return f"NOT MEASURED {what} (goal: estimated within {ESTIMATE_GOAL:.0%})"
    off = line["estimated_gib"] / taken - 1
    reached = "reached" if abs(off) <= ESTIMATE_GOAL else "MISSED "
    return f"{reached} estimated {off:+.0%} (goal {ESTIMATE_GOAL:.0%}) {what}"
