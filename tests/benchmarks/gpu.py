"""The trainer on one GPU: the true 7B shape with random weights made there, bfloat16, LoRA, 32 frames.

Whole steps, as a run makes them, against the same algorithm as plain transformers on equal tokens, and against TRL's
route, which takes frames as images: its own trainer if it is installed, else its algorithm on the same tensors; the
memory that was estimated beside the memory that was used; and what was an open question for the design. A measurement
that fails is reported, and the others still run.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import math
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from tests.benchmarks import gpu_parts, gpu_steps
from tests.benchmarks.gpu_meter import Line, Meter, matmul_flops
from tests.benchmarks.gpu_sampling import sampling as gpu_sampling
from tests.benchmarks.train_model import SEVEN_B, TINY, Shape, make_model

SIZES = ((32, 448, 784), (32, 448, 448))
TINY_SIZES = ((4, 56, 84), (4, 56, 56))


def run(options: argparse.Namespace) -> None:
    """Measure, print tables and verdicts, write after every measurement. Exits with 2 if there is no GPU."""
    unknown = sorted(set(options.parts) - set(PARTS))
    if unknown:
        _refuse(f"--parts {' '.join(unknown)}: there is no such part; the parts are {', '.join(PARTS)}")
    if not torch.cuda.is_available() and not options.tiny:
        _refuse("make bench-gpu needs a CUDA device, and torch finds none here; try: make bench")
    report = measure(options.out, options.parts or PARTS, tiny=options.tiny, seconds=options.seconds)
    console = Console(width=170)
    for part in PARTS:
        if lines := [line for line in report["lines"] if line["part"] == part]:
            console.print(table(part, lines))
    console.print(*report["verdicts"], sep="\n")


def _refuse(line: str) -> None:
    print(line)  # noqa: T201 a benchmark prints
    sys.exit(2)


@dataclass(frozen=True)
class Bench:
    """What the parts share."""

    meter: Meter
    model: Any
    steps: gpu_steps.Steps
    shapes: Sequence[Shape]
    """The larger size first."""


def measure(out: Path, parts: Sequence[str] | None = None, *, tiny: bool, seconds: float, most: int = 3) -> Line:
    """The parts, each for at most so many seconds, each call at most `most` times; as it is written to `out`."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    report: dict[str, Any] = {"machine": _machine(device), "verdicts": [], "lines": []}
    out.parent.mkdir(parents=True, exist_ok=True)

    def keep(line: Line) -> None:
        report["lines"].append(line)
        out.write_text(json.dumps(report, indent=1) + "\n")
        print(_told(line), flush=True)  # noqa: T201 (progress)

    meter = Meter(device, seconds, keep, most=most)
    shape = TINY if tiny else SEVEN_B
    shapes = [shape.at(*size) for size in (TINY_SIZES if tiny else SIZES)]
    peak = meter.attempt("peak", "bfloat16 matrix product", lambda: matmul_flops(meter, 128 if tiny else 8192))
    model = make_model(shape, device=device, dtype=torch.bfloat16)
    model.train()
    with tempfile.TemporaryDirectory() as folder:
        steps = gpu_steps.Steps(meter, model, Path(folder), peak.get("flops_per_second", math.nan))
        for part in parts or PARTS:
            meter.begin()
            report["verdicts"] += PARTS[part].measure(Bench(meter, model, steps, shapes))
    out.write_text(json.dumps(report, indent=1) + "\n")
    return report


def _attention(bench: Bench) -> list[str]:
    gpu_steps.set_checkpointing(bench.model, on=True)
    gpu_parts.row_attention(bench.meter, bench.model, bench.shapes[0])
    return []


def _tower(bench: Bench) -> list[str]:
    gpu_parts.tower(bench.meter, bench.model, bench.shapes[0])
    return []


def _noise(bench: Bench) -> list[str]:
    gpu_parts.noise(bench.meter, bench.model, bench.shapes[-1])
    return []


def _alignment(bench: Bench) -> list[str]:
    gpu_parts.alignment(bench.meter, bench.shapes[0])
    return []


def _trl(bench: Bench) -> list[str]:
    """TRL itself, last of all since it changes the model; a line that says so if it is not installed."""
    if importlib.util.find_spec("trl") is None:
        return ["trl is not installed: its route is measured by its algorithm alone, on the same tensors"]
    from tests.benchmarks import gpu_trl

    shape = bench.shapes[0]
    ours = bench.steps.whole("trl", gpu_steps.OURS, shape)
    own = bench.meter.attempt(
        "trl", "TRL's DPOTrainer, frames as images", lambda: gpu_trl.trl_pair(bench.meter, bench.model, shape)
    )
    own["size"] = gpu_steps.size_of(shape)
    what = f"{own['size']}: TRL's DPOTrainer itself"
    return [gpu_steps.verdict(what, gpu_steps.ratio(own, ours), gpu_steps.PICTURES_GOAL)]


@dataclass(frozen=True)
class Part:
    """A piece of the whole that can be measured alone."""

    title: str
    measure: Callable[[Bench], list[str]]
    """Gives verdicts."""


PARTS = {
    "steps": Part("whole steps, forward and backward, checkpointed", lambda b: gpu_steps.end_to_end(b.steps, b.shapes)),
    "memory": Part("whole steps without checkpointing", lambda b: gpu_steps.memory(b.steps, b.shapes)),
    "rows": Part("VistaDPO rows, forward and backward, checkpointed", lambda b: gpu_steps.vista(b.steps, b.shapes[-1])),
    "sampling": Part("four answers to one question", lambda b: gpu_sampling(b.meter, b.model, b.shapes[0])),
    "attention": Part("language model over one prompt and two answers, forward and backward, checkpointed", _attention),
    "tower": Part("vision tower, forward", _tower),
    "noise": Part("what bfloat16 adds", _noise),
    "alignment": Part("alignment of varlen_attn's causal mask", _alignment),
    "trl": Part("TRL's own trainer", _trl),
}
"""The most wanted first; each takes less than four minutes."""


def _machine(device: str) -> dict[str, Any]:
    versions = {}
    for package in ("torch", "transformers", "peft", "trl"):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = None
    name = torch.cuda.get_device_name() if device == "cuda" else "CPU: a dry run, no figure of it means anything"
    return {"device": name, **versions}


def _told(line: Line) -> str:
    """Progress: one line a measurement."""
    found = line.get("error") or (f"{line['seconds']:.3f} s" if "seconds" in line else "done")
    return f"{line['part']}: {line['name']} {line.get('size', '')}: {found}"


COLUMNS = {
    "seconds": ("s", "{:.3f}"),
    "rows_per_second": ("rows / s", "{:.3f}"),
    "tokens_per_second": ("tokens / s", "{:,.0f}"),
    "peak_gib": ("peak GiB", "{:.1f}"),
    "standing_gib": ("of it standing", "{:.1f}"),
    "estimated_gib": ("estimated", "{:.1f}"),
    "tflop": ("TFLOP", "{:.0f}"),
    "share_of_peak": ("of peak", "{:.0%}"),
    "largest_relative_difference": ("off the first", "{:.1e}"),
    "aligned": ("aligned", "{}"),
}


def table(part: str, lines: list[Line]) -> Table:
    """The lines of one part; columns that none of them has are left out."""
    made = Table(title=f"{part}: {PARTS[part].title}")
    columns = {key: column for key, column in COLUMNS.items() if any(key in line for line in lines)}
    with_size = any("size" in line for line in lines)
    made.add_column("")
    for head in (*(["size"] if with_size else []), *(head for head, _ in columns.values()), "note"):
        made.add_column(head, justify="left" if head in {"size", "note"} else "right")
    for line in lines:
        cells = [form.format(line[key]) if key in line else "-" for key, (_, form) in columns.items()]
        made.add_row(line["name"], *([line.get("size", "")] if with_size else []), *cells, _note(line))
    return made


def _note(line: Line) -> str:
    """An error, or the log-probabilities' differences."""
    found = {name: value for name, value in line.items() if isinstance(value, dict) and "largest" in value}
    differences = [f"{name}: {value['largest']:.1e}, mean {value['mean']:.1e}" for name, value in found.items()]
    return str(line.get("error") or "; ".join(differences))
