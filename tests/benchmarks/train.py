"""Training on the CPU measured against what others do, written plainly on the same tensors.

A small Qwen2.5-VL shape with LoRA in float32, prompts of 1,068 tokens of which 1,024 are a video's, answers of 60.
Every run of a work has a process of its own, one thread, and works take turns; what counts is the least CPU time of a
step, and the process's peak of memory. The pass that fills the reference cache is shown apart. Losses and gradients of
all works that are compared must agree, and the tokens that went forward must be those of the arithmetic; else nothing
is printed.
"""

import argparse
import json
import multiprocessing
import os
import platform
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.benchmarks import train_model
from tests.benchmarks.train_worker import answer
from tests.benchmarks.train_works import GOALS, WORKS, Work, ours_for

LARGEST_DIFFERENCE = 1e-4
"""Of losses, and of gradients as a share of their norm, in float32."""
EPOCHS = (1, 2, 4)
"""Numbers of epochs for which the speed-up includes the filling pass."""


@dataclass
class Measured:
    """What was measured of one work."""

    work: Work
    fills: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def cpu_seconds(self) -> float:
        """Least of a step."""
        return float(min(step["cpu_seconds"] for step in self.steps))

    @property
    def fill_seconds(self) -> float:
        """CPU seconds of the pass that fills the reference cache; 0 if there is none."""
        return float(min(fill["cpu_seconds"] for fill in self.fills))

    @property
    def rows_per_second(self) -> float:
        """Pairs, or VistaDPO rows, per CPU second."""
        return self.work.rows / self.cpu_seconds

    @property
    def peak_megabytes(self) -> float:
        """Most memory of the whole process."""
        return float(min(step["peak_bytes"] for step in self.steps)) / 1e6

    def seconds_over(self, epochs: int) -> float:
        """CPU seconds of a step's rows over `epochs` epochs, including the filling pass."""
        return self.fill_seconds + epochs * self.cpu_seconds


def one_thread_processes() -> ForkServerContext:
    """Where workers come from: they share what was imported once, with one thread and without any model."""
    os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", OMP_WAIT_POLICY="PASSIVE")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([answer.__module__])
    return context


def measure(shape: train_model.Shape, rounds: int, names: Iterable[str] = WORKS) -> list[Measured]:
    """All works in turn, `rounds` times; one process at a time, which ends before the next begins."""
    context, results = one_thread_processes(), {name: Measured(WORKS[name]) for name in names}
    for name in [*results] * rounds:
        with tempfile.TemporaryDirectory() as folder:
            answered = _answer_of(context, name, shape, Path(folder))
        results[name].fills.append(answered["fill"])
        results[name].steps.append(answered["step"])
        print(f"{name}: {answered['step']['cpu_seconds']:.2f} CPU s", flush=True)  # noqa: T201 (progress)
    return list(results.values())


def _answer_of(context: ForkServerContext, name: str, shape: train_model.Shape, folder: Path) -> dict[str, Any]:
    """What one process measured. EOFError where it ended without: its traceback stands above."""
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=answer, args=(theirs, name, shape, folder), daemon=True)
    process.start()
    theirs.close()
    try:
        answered: dict[str, Any] = ours.recv()
    finally:
        ours.close()
        process.join()
    return answered


def check(results: list[Measured], shape: train_model.Shape) -> None:
    """Equal work was compared: tokens as the arithmetic says, losses and gradients alike; else AssertionError."""
    by_name = {measured.work.name: measured for measured in results}
    for measured in results:
        expected = measured.work.sends.passes(shape)
        for step in measured.steps:
            if step["passes"] != expected.as_json():
                raise AssertionError(f"{measured.work.name}: {step['passes']} went forward, expected {expected}")
        ours, step = by_name[ours_for(measured.work).name].steps[-1], measured.steps[-1]
        off = {"loss": abs(step["loss"] - ours["loss"])}
        if measured.work.same_gradient:
            for what in ("gradient_norm", "gradient_along"):
                off[what] = abs(step[what] - ours[what]) / ours["gradient_norm"]
        if max(off.values()) > LARGEST_DIFFERENCE:
            raise AssertionError(f"{measured.work.name} and {ours_for(measured.work).name} differ: {off}")


def run(options: argparse.Namespace) -> None:
    """Measure, check, print, write."""
    shape = getattr(train_model, options.shape.upper())
    results = measure(shape, options.rounds)
    check(results, shape)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(as_json(results, shape, options.rounds), indent=1) + "\n")
    console = Console(width=190)
    console.print(table(results, shape))
    console.print(*verdicts(results, shape), sep="\n")


def table(results: list[Measured], shape: train_model.Shape) -> Table:
    """One row a work."""
    made = Table(
        title=f"Training on one CPU thread: prompt {shape.prompt_tokens} tokens, answers {shape.answer_tokens}, "
        "LoRA, float32; a step's forward and backward pass"
    )
    heads = ("CPU s", "rows / CPU s", "tokens trained", "tokens scored", "visuals", "peak MB", "filling CPU s")
    for head in ("", "work", *heads):
        made.add_column(head, justify="left" if head in {"", "work"} else "right")
    for measured in results:
        passes = measured.work.sends.passes(shape)
        made.add_row(
            measured.work.kind if measured.work.is_ours else "",
            measured.work.name,
            f"{measured.cpu_seconds:.2f}",
            f"{measured.rows_per_second:.3f}",
            f"{passes.trained:,}",
            f"{passes.scored:,}",
            f"{passes.patches // shape.patches}",
            f"{measured.peak_megabytes:,.0f}",
            f"{measured.fill_seconds:.2f}" if measured.fill_seconds else "-",
            end_section=measured.work.name in {"two sequences", "three pairs"},
        )
    return made


def comparisons(results: list[Measured], shape: train_model.Shape) -> list[dict[str, Any]]:
    """Ours against each of the others."""
    by_name = {measured.work.name: measured for measured in results}
    made = []
    for name, goal in GOALS.items():
        peer, ours = by_name[name], by_name[ours_for(WORKS[name]).name]
        made.append(
            {
                "kind": peer.work.kind,
                "against": name,
                "speedup": peer.cpu_seconds / ours.cpu_seconds,
                "goal": goal,
                "arithmetic": peer.work.sends.passes(shape).token_passes / ours.work.sends.passes(shape).token_passes,
                "memory": peer.peak_megabytes / ours.peak_megabytes,
                "speedup_over_epochs": {n: peer.seconds_over(n) / ours.seconds_over(n) for n in EPOCHS},
            }
        )
    return made


def verdicts(results: list[Measured], shape: train_model.Shape) -> list[str]:
    """A line for each comparison."""
    return [
        f"{'reached' if row['speedup'] >= row['goal'] else 'MISSED '} {row['speedup']:.2f}x (goal {row['goal']}) "
        f"{row['kind']} against {row['against']}; language model by arithmetic {row['arithmetic']:.2f}x, "
        f"memory {row['memory']:.2f}x; filling counted in: "
        + ", ".join(f"{ratio:.2f}x over {n}" for n, ratio in row["speedup_over_epochs"].items())
        + " epochs"
        for row in comparisons(results, shape)
    ]


def as_json(results: list[Measured], shape: train_model.Shape, rounds: int) -> dict[str, Any]:
    """All that was measured."""
    works = [
        {
            "work": measured.work.name,
            "kind": measured.work.kind,
            "cpu_seconds": measured.cpu_seconds,
            "rows_per_cpu_second": measured.rows_per_second,
            "peak_megabytes": measured.peak_megabytes,
            "fills": measured.fills,
            "steps": measured.steps,
        }
        for measured in results
    ]
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "shape": shape.name, "rounds": rounds}
    return {**machine, "comparisons": comparisons(results, shape), "works": works}
