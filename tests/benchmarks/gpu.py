"""The trainer on one GPU: the true 7B shape with random weights made there, bfloat16, LoRA, 32 frames.

e: whole steps, against the same algorithm as plain transformers on equal tokens, and against TRL's route, which takes
frames as images: its own trainer where it is installed, else its algorithm on the same tensors. a to d and f: what
was an open question for the design. A measurement that fails is reported, and the others still run.
"""

import argparse
import importlib.metadata
import importlib.util
import json
import math
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from tests.benchmarks import gpu_parts, gpu_steps
from tests.benchmarks.gpu_meter import Line, Meter, matmul_flops
from tests.benchmarks.train_model import SEVEN_B, TINY, Shape, make_model

SIZES = ((32, 448, 448), (32, 448, 784))
TINY_SIZES = ((4, 56, 56), (4, 56, 84))
PART_TITLES = {
    "a": "vision tower, forward",
    "b": "language model over one prompt and two answers, forward and backward, checkpointed",
    "c": "alignment of varlen_attn's causal mask",
    "d": "what bfloat16 adds",
    "e": "whole steps, forward and backward, checkpointed",
    "f": "whole steps without checkpointing",
}


def run(options: argparse.Namespace) -> None:
    """Measure all, print tables and verdicts, write after every measurement. Exits with 2 if there is no GPU."""
    if not torch.cuda.is_available() and not options.tiny:
        print("make bench-gpu needs a CUDA device, and torch finds none here; try: make bench")  # noqa: T201 a benchmark prints
        sys.exit(2)
    report = measure(options.out, tiny=options.tiny, seconds=options.seconds)
    console = Console(width=170)
    for part in sorted({line["part"] for line in report["lines"]} & set(PART_TITLES)):
        console.print(table(part, [line for line in report["lines"] if line["part"] == part]))
    console.print(*report["verdicts"], sep="\n")


def measure(out: Path, *, tiny: bool, seconds: float, most: int = 3) -> dict[str, Any]:
    """All parts, each call at most `most` times; what was found, as it is written to `out`."""
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
        report["verdicts"] = gpu_steps.end_to_end(steps, shapes[::-1])
        _open_questions(meter, model, shapes)
        gpu_steps.memory(steps, shapes)
        gpu_steps.vista(steps, shapes[0])
    report["verdicts"] += _trl(meter, model, shapes[-1], report["lines"])
    out.write_text(json.dumps(report, indent=1) + "\n")
    return report


def _open_questions(meter: Meter, model: Any, shapes: list[Shape]) -> None:
    """A to d: at the larger size, noise at the smaller one."""
    gpu_parts.alignment(meter, shapes[0])
    gpu_parts.tower(meter, model, shapes[-1])
    gpu_steps.set_checkpointing(model, on=True)
    gpu_parts.row_attention(meter, model, shapes[-1])
    gpu_parts.noise(meter, model, shapes[0])


def _trl(meter: Meter, model: Any, shape: Shape, lines: list[Line]) -> list[str]:
    """TRL itself, last of all since it changes the model; a line that says so where it is not installed."""
    if importlib.util.find_spec("trl") is None:
        return ["trl is not installed: its route was measured by its algorithm alone, on the same tensors"]
    from tests.benchmarks import gpu_trl

    own = meter.attempt("e", "TRL's DPOTrainer, frames as images", lambda: gpu_trl.trl_pair(meter, model, shape))
    size = gpu_steps.size_of(shape)
    ours = next(line for line in lines if line["name"] == "vidpref: pair" and line.get("size", size) == size)
    own["size"] = size
    return [gpu_steps.verdict(f"{size}: TRL's DPOTrainer itself", gpu_steps.ratio(own, ours), gpu_steps.PICTURES_GOAL)]


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
    "tflop": ("TFLOP", "{:.0f}"),
    "share_of_peak": ("of peak", "{:.0%}"),
    "largest_relative_difference": ("off the first", "{:.1e}"),
    "aligned": ("aligned", "{}"),
}


def table(part: str, lines: list[Line]) -> Table:
    """The lines of one part; columns that none of them has are left out."""
    made = Table(title=f"{part}) {PART_TITLES[part]}")
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
