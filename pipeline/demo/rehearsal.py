"""Rehearses a training: a tiny random policy is trained on the demo's pairs, and evaluated before and after."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import fmean

from rich import box
from rich.console import Console
from rich.table import Table

from pipeline.dataset.finished_set import FinishedSet
from pipeline.evaluation.observations import ALL, Metric
from pipeline.evaluation.report import EvaluationReport, MetricLine
from pipeline.evaluation.run import EvaluateOptions, evaluate
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.training.options import TrainOptions
from pipeline.training.run import run_train
from schemas.claim import Axis
from schemas.errors import DatasetError
from trainer.loop.metrics_log import METRICS, MetricsLog
from trainer.policy.tiny_model import TinyShape, write_tiny

MODEL, POLICY = "tiny-model", "tiny-policy"
_SPLITS = {EvaluatedSplit.TRAIN: "trained", EvaluatedSplit.VALIDATION: "held out"}
_ROWS = {
    "chosen over rejected": (Metric.PREFERENCE, ALL),
    **{f"  {axis.value.replace('_', ' ')}": (Metric.PREFERENCE, f"axis {axis.value}") for axis in Axis},
    "chosen over all others": (Metric.RANKED_FIRST, ALL),
    "both twins right": (Metric.TWINS, ALL),
}
_SHAPE = TinyShape(hidden=64, vocabulary=600, frame_tokens=32)
_NO_EXTRAS = ("generate_groups=0", "choice_groups=0")  # the words of a random model mean nothing


@dataclass(frozen=True)
class Rehearsal:
    """The size of the rehearsal."""

    shape: TinyShape = _SHAPE
    groups: int = 64
    """Number of questions to train on."""
    epochs: int = 8
    learning_rate: float = 5e-3
    """Far above that of a real model: a random one has nothing to unlearn."""

    def overrides(self) -> tuple[str, ...]:
        """The keys of the recipe `dpo` that the rehearsal changes."""
        return (
            f"data.max_groups={self.groups}",
            "data.num_frames=8",
            "data.probe_questions=0",
            f"optimiser.learning_rate={self.learning_rate}",
            f"run.epochs={self.epochs}",
            "run.precision=float32",
            "engine.device=cpu",
            "engine.checkpointing=false",
        )


def rehearse(console: Console, *, dataset: str, folder: Path, rehearsal: Rehearsal | None = None) -> None:
    """Make `folder`/tiny-model, train it to `folder`/tiny-policy, and print what both prefer.

    Both are made anew each time, because a training continues only with the files that it began with.
    """
    rehearsal = rehearsal or Rehearsal()
    say = partial(console.print, soft_wrap=True, markup=False, highlight=False)
    model, policy = str(folder / MODEL), str(folder / POLICY)
    for made in (model, policy):
        shutil.rmtree(made, ignore_errors=True)
    weights = write_tiny(Path(model), _texts(dataset), rehearsal.shape)
    say(f"{model}: a Qwen2.5-VL of {weights:,} random weights; this rehearses every step and is not a result")
    run_train(console, TrainOptions("dpo", (dataset,), model, policy, rehearsal.overrides()))
    first, last = _losses(Path(policy) / METRICS)
    say(f"loss {first:.3f} in the first tenth of the steps, {last:.3f} in the last")
    console.print(before_and_after(dict(_reports(policy, dataset))))
    say(
        "before: the random model wins half of the pairs by chance. A model that ignores the video never gets both "
        "twins right.\nafter: the policy has memorised the pairs trained on, mostly by their words. Only a model that "
        "sees the video can win twins and held-out pairs."
    )


def _reports(policy: str, dataset: str) -> Iterator[tuple[EvaluatedSplit, EvaluationReport]]:
    for split in _SPLITS:
        try:
            yield split, evaluate(EvaluateOptions(policy, dataset, split, device="cpu", overrides=_NO_EXTRAS))
        except DatasetError:
            if split is EvaluatedSplit.TRAIN:
                raise  # a set of very few clips holds nothing out: that half of the table is left away


def before_and_after(reports: dict[EvaluatedSplit, EvaluationReport]) -> Table:
    """The shares of the base model and of the policy, side by side for each split."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    for split in reports:
        for name in (f"{_SPLITS[split]}\nn", "\nbefore", "\nafter"):
            table.add_column(name, justify="right", no_wrap=True)
    for title, key in _ROWS.items():
        lines = [_line(report, *key) for report in reports.values()]
        if any(lines):
            table.add_row(title, *(cell for line in lines for cell in _cells(line)))
    return table


def _line(report: EvaluationReport, metric: Metric, part: str) -> MetricLine | None:
    return next((line for line in report.lines if (line.metric, line.part) == (metric, part)), None)


def _cells(line: MetricLine | None) -> tuple[str, str, str]:
    if line is None or line.base is None:
        return "0", "", ""
    return str(line.count), f"{line.base.value:.3f}", f"{line.policy.value:.3f}"


def _losses(log: Path) -> tuple[float, float]:
    """Mean loss of the first and of the last tenth of the steps."""
    losses = [float(record["loss"] or 0) for record in MetricsLog(log).read() if "loss" in record]
    tenth = max(1, len(losses) // 10)
    return fmean(losses[:tenth]), fmean(losses[-tenth:])


def _texts(dataset: str) -> Iterator[str]:
    """Every text of the set, for the tokenizer."""
    for table in FinishedSet.open(dataset).tables("pairs", ("question", "chosen", "rejected")):
        for row in table.to_pylist():
            yield from row.values()
