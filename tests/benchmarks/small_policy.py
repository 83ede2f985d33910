"""Does training on planted edits help? A small policy learns from rendered clips and is asked about other clips.

A base model with a habit is made from scratch; each way to train starts from it, once per seed, by `vidpref train`.
Everything is measured on held-out videos, with bootstrap intervals over videos. Chance is what a policy reaches that
does not look: 0.5 for a pair, since the twins of a question swap its labels.
"""

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from pipeline.dataset.finished_set import FinishedSet
from pipeline.evaluation.selection import select
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.training.options import TrainOptions
from pipeline.training.run import run_train
from stages.models.video_llm import open_family
from tests.benchmarks.small_policy_base import BaseSettings, write_base
from tests.benchmarks.small_policy_scores import Line, lines, only_seams, results_of
from tests.benchmarks.small_policy_set import build_small_set
from trainer.data_settings import DataConfig
from trainer.policy.side_by_side import BASE, ComparedModel

FRAMES = 8
WRITTEN = 150
"""Held-out groups about which the models write an answer."""
SEAM_HALF_WIDTH = 0.05
_ROUNDING = 1e-9
"""A mean of shares that are all 0.5 may be off by this."""
KEYS = (
    "adapter.kind=full",
    "adapter.train_vision=true",
    "data.held_out_groups=1",
    "data.probe_questions=0",
    f"data.num_frames={FRAMES}",
    "optimiser.learning_rate=3e-3",
    "run.precision=float32",
    "run.pairs_per_step=32",
    "engine.device=cpu",
    "engine.checkpointing=false",
    "engine.evaluate_every_steps=100000",
    "engine.save_every_steps=100000",
)


@dataclass(frozen=True)
class Arm:
    """One way to train: a recipe, and the keys in which it differs from those that all share."""

    title: str
    recipe: str
    keys: tuple[str, ...] = ()


_PAIRS = "run.pairs_per_step=96"  # a question has two or three wrong answers
ARMS = {
    "sft": Arm("SFT", "sft"),
    "dpo": Arm("DPO with anchor", "dpo", (_PAIRS,)),
    "twins": Arm("twins: both edges", "twins", ("run.pairs_per_step=20",)),
    "text-edges": Arm("twins: text edges alone", "twins", ("run.pairs_per_step=20", "loss.visual_weight=0")),
    "spans": Arm("rewarded spans", "dpo", (_PAIRS, "loss.form=spans")),
    "kl": Arm("KL anchor", "dpo", (_PAIRS, "adapter.train_head=false", "loss.anchor_kl=0.01")),
    "rrpo": Arm(
        "rewarded spans and KL anchor",
        "dpo",
        (_PAIRS, "adapter.train_head=false", "loss.form=spans", "loss.anchor_kl=0.01"),
    ),
    "easy-first": Arm("DPO, easy first", "dpo", (_PAIRS, "data.order=easy_first", "run.epochs=2")),
}
"""By name. In one step all but SFT take about 50 questions: of 2,614 families with 6,386 questions and 12,097 pairs, 20
families have 49 and 93 pairs. By difficulty, two epochs of each lot are as many steps as the others make."""


@dataclass(frozen=True)
class Finding:
    """What one way to train reached."""

    arm: str
    lines: tuple[Line, ...]
    seams: Line
    """Chosen over rejected where a harmless seam stands in place of each edit."""

    def unmet(self) -> Iterator[str]:
        """What does not hold that must hold of planted edits."""
        pairs, _, twins, *_ = self.lines
        if pairs.share.low <= 0.5:
            yield f"{self.arm}: pairs are not above chance"
        if twins.share.low <= 0.25:
            yield f"{self.arm}: twins are not above chance"
        if self.seams.share.half_width > SEAM_HALF_WIDTH:
            yield f"{self.arm}: too few controls"
        if not self.seams.share.low - _ROUNDING <= 0.5 <= self.seams.share.high + _ROUNDING:
            yield f"{self.arm}: seams alone move it away from chance"


def run(options: argparse.Namespace) -> None:
    """Make the set, the base and the policies; print and write what they reach. Exit 1 if a demand is not met."""
    torch.set_num_threads(1)
    started, console = time.process_time(), Console()
    data = build_small_set(options.keep, seed=1, count=options.clips)
    console.print(f"set: {time.process_time() - started:.0f} CPU s, {data}")
    findings = list(_findings(options, data, console))
    unmet = [line for finding in findings for line in finding.unmet()]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps([asdict(finding) for finding in findings], indent=1))
    console.print(f"not met: {', '.join(unmet)}" if unmet else "all demands are met", highlight=False)
    sys.exit(1 if unmet else 0)


def _findings(options: argparse.Namespace, data: str, console: Console) -> Iterator[Finding]:
    trained = select(FinishedSet.open(data), EvaluatedSplit.TRAIN, num_frames=FRAMES, trained=DataConfig(), seed=0)
    held_out = select(
        FinishedSet.open(data),
        EvaluatedSplit.VALIDATION,
        num_frames=FRAMES,
        trained=DataConfig(),
        seed=0,
        limit=options.groups,
    )
    started, base = time.process_time(), options.keep / "base"
    if not (options.go_on and (base / "model.safetensors").is_file()):
        shutil.rmtree(base, ignore_errors=True)
        weights = write_base(base, trained.groups, trained.loader, BaseSettings(steps=options.base_steps))
        console.print(f"base: {weights} weights, {time.process_time() - started:.0f} CPU s")
    policies = {
        ARMS[name]: [_policy(name, seed, data, base, options) for seed in range(options.seeds)] for name in options.arms
    }
    console.print(f"trained: {time.process_time() - started:.0f} CPU s")
    models = [_opened(BASE, base), *(_opened(path.name, path) for paths in policies.values() for path in paths)]
    found = results_of(models, held_out.groups, held_out.loader, WRITTEN)
    controls = results_of(models, only_seams(held_out.groups), held_out.loader)
    console.print(f"evaluated: {time.process_time() - started:.0f} CPU s")
    for arm, paths in policies.items():
        own, seams = ([results[path.name] for path in paths] for results in (found, controls))
        [first, *_] = lines(seams, controls[BASE])
        finding = Finding(arm.title, tuple(lines(own, found[BASE])), first)
        console.print(_table(finding))
        yield finding


def _policy(name: str, seed: int, data: str, base: Path, options: argparse.Namespace) -> Path:
    """Train from the base, or find what an earlier run trained; returns the policy's folder."""
    arm, out = ARMS[name], options.keep / f"{name}-{seed}"
    if options.go_on and (out / "policy.json").is_file():
        return Path(out)
    shutil.rmtree(out, ignore_errors=True)
    keys = (*KEYS, f"seed={seed}", f"run.max_steps={options.steps}", f"run.epochs={options.steps}", *arm.keys)
    run_train(Console(quiet=True), TrainOptions(arm.recipe, (data,), str(base), str(out), keys))
    return Path(out)


def _opened(name: str, folder: Path) -> ComparedModel:
    family = open_family(str(folder))
    return ComparedModel(name, family, family.load(dtype=torch.float32).eval(), shares_tower=False)


def _table(finding: Finding) -> Table:
    table = Table("held-out videos", "n", "videos", "policy", "gain over base", title=finding.arm)
    for line in (*finding.lines, finding.seams):
        share, (gain, low, high) = line.share, line.gain
        table.add_row(
            line.name if line is not finding.seams else f"seams alone: {line.name}",
            str(share.pairs),
            str(share.videos),
            f"{share.point:.3f} ({share.low:.3f} to {share.high:.3f})",
            f"{gain:+.3f} ({low:+.3f} to {high:+.3f})",
        )
    return table
