"""A rehearsal of training: a tiny random policy, trained on the demo's pairs and evaluated before and after."""

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
from trainer.loop.metrics_log import MetricsLog
from trainer.loop.train import METRICS
from trainer.policy.tiny_model import TinyShape, write_tiny

MODEL, POLICY = "tiny-model", "tiny-policy"
_SPLITS = {EvaluatedSplit.TRAIN: "trained", EvaluatedSplit.VALIDATION: "held out"}
_ROWS = {
    "chosen over rejected": (Metric.PREFERENCE, ALL),
    **{f"  {axis.value.replace('_', ' ')}": (Metric.PREFERENCE, f"axis {axis.value}") for axis in Axis},
    "chosen over all others": (Metric.RANKED_FIRST, ALL),
    "twins won on both sides": (Metric.TWINS, ALL),
}
_SHAPE = TinyShape(hidden=64, vocabulary=600, frame_tokens=32)
_NO_EXTRAS = ("generate_groups=0", "choice_groups=0")
"""An answer in the words of a random model says nothing."""


@dataclass(frozen=True)
class Rehearsal:
    """How large it is."""

    shape: TinyShape = _SHAPE
    groups: int = 64
    """Questions that are trained on."""
    epochs: int = 8
    learning_rate: float = 5e-3
    """Of a random model, which has nothing to lose: far above that of a real one."""

    def overrides(self) -> tuple[str, ...]:
        """What of the recipe `dpo` is set for it."""
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
    """Make `folder`/tiny-model, train it to `folder`/tiny-policy, print what it prefers before and after.

    Both are made anew each time: a training goes on only with the very files that it began with.
    """
    rehearsal = rehearsal or Rehearsal()
    say = partial(console.print, soft_wrap=True, markup=False, highlight=False)
    model, policy = str(folder / MODEL), str(folder / POLICY)
    for made in (model, policy):
        shutil.rmtree(made, ignore_errors=True)
    weights = write_tiny(Path(model), _texts(dataset), rehearsal.shape)
    say(f"{model}: a Qwen2.5-VL of {weights:,} random weights; what follows rehearses every step and is no result")
    run_train(console, TrainOptions("dpo", dataset, model, policy, rehearsal.overrides()))
    first, last = _losses(Path(policy) / METRICS)
    say(f"loss {first:.3f} in the first tenth of the steps, {last:.3f} in the last")
    console.print(before_and_after(dict(_reports(policy, dataset))))
    say(
        "Before: the random model. A coin wins half of the pairs; who does not look at the video wins no twin on both "
        "sides.\nThe pairs trained on are learnt by heart, mostly by their words. It takes a model that sees to win "
        "twins and held-out pairs."
    )


def _reports(policy: str, dataset: str) -> Iterator[tuple[EvaluatedSplit, EvaluationReport]]:
    for split in _SPLITS:
        try:
            yield split, evaluate(EvaluateOptions(policy, dataset, split, device="cpu", overrides=_NO_EXTRAS))
        except DatasetError:
            if split is EvaluatedSplit.TRAIN:
                raise  # of a very few clips nothing is held out: then that half of the table is missing


def before_and_after(reports: dict[EvaluatedSplit, EvaluationReport]) -> Table:
    """Shares of the base model and of the policy, side by side for each split."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
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
    """Every text of the set: what the tokenizer is made for."""
    for table in FinishedSet.open(dataset).tables("pairs", ("question", "chosen", "rejected")):
        for row in table.to_pylist():
            yield from row.values()
