"""Measures a policy while it trains: its pairs by level and axis, held-out groups, its own answers, and alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import torch
from torch import nn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from trainer.data.records import GroupRows
from trainer.loop.alarms import AlarmLimits, HeldOutResult, alarms
from trainer.loop.group_scorer import GroupScorer
from trainer.loop.metrics import PairSeen, Summary, summarise, unnamed
from trainer.loop.metrics_log import MetricsLog, Value
from trainer.loop.prefetch import GroupFeed
from trainer.loop.probe import ProbeResult, probe
from trainer.loop.progress import Say
from trainer.loop.ranks import Rank

HELD_OUT = "held_out"
_WHOLE = f"{HELD_OUT}/generated/whole"


@dataclass
class RunMonitor:
    """Collects the numbers of one process, and adds them up over all processes when they are logged."""

    feed: GroupFeed
    held_out: Sequence[GroupRows]
    probed: Sequence[GroupRows]
    """Groups whose questions the policy answers in its own words at every evaluation."""
    log: MetricsLog
    say: Say
    rank: Rank = field(default_factory=Rank)
    limits: AlarmLimits = field(default_factory=AlarmLimits)
    _seen: list[PairSeen] = field(default_factory=list)
    _results: list[HeldOutResult] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._results = held_out_results(self.log.read())

    def trained(self, seen: Sequence[PairSeen]) -> None:
        """Note the pairs of a group of the running step."""
        self._seen += seen

    def numbers(self, step: int) -> dict[str, float]:
        """Summaries of all pairs since the last call, over all processes, by name; `step` is the last one done."""
        self.feed.unusables.settle(step)
        seen, self._seen = self._gathered(self._seen), []
        return _named(summarise(seen))

    def evaluate(self, scorer: GroupScorer, model: nn.Module, step: int) -> dict[str, float]:
        """Score the held-out groups and ask the probe's questions; alarms are printed and logged.

        Args:
            scorer: of the training.
            model: the policy's, possibly under a distributed wrapper.
            step: optimiser steps done.

        Returns:
            What is logged, by name.
        """
        units = self.feed.encoder.units(self.held_out)
        own = [
            pair
            for ready, counts in self.feed.ahead(self.rank.share(units) if units else ())
            for pair in scorer.held_out_pairs(model, ready)
            if counts
        ]
        summaries = summarise(self._gathered(own))
        with scorer.policy.computing():
            generated = self._probe(model)
        self.feed.unusables.settle(step)
        self._results.append(HeldOutResult(step, summaries, None if generated is None else generated.whole))
        self._raise_alarms()
        numbers = {f"{HELD_OUT}/{name}": value for name, value in _named(summaries).items()}
        if generated is not None:
            shares = {"whole": generated.whole, "chosen": generated.chosen, "rejected": generated.rejected}
            own_answers = {**shares, "tokens": generated.mean_tokens}
            numbers |= {f"{HELD_OUT}/generated/{name}": value for name, value in own_answers.items()}
        return numbers

    def _probe(self, model: nn.Module) -> ProbeResult | None:
        """Ask the same questions in every process: they may share one model."""
        groups = list(self.feed.loaded(self.probed))
        return probe(model, self.feed.encoder.family, groups) if groups else None

    def _raise_alarms(self) -> None:
        if not self.rank.leads:
            return
        for alarm in alarms(self._results, self.limits):
            self.say(f"alarm: {alarm.text}")
            self.log.append(alarm.step, {"alarm": alarm.kind.value, "level": alarm.level, "text": alarm.text})

    def _gathered(self, seen: list[PairSeen]) -> list[PairSeen]:
        return list(chain.from_iterable(self.rank.gathered(seen)))


class MetricsCallback(TrainerCallback):
    """Writes what transformers logs of steps and evaluations to the run's own log, without times."""

    def __init__(self, log: MetricsLog) -> None:
        self._log = log

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, float] | None = None,
        **more: Any,
    ) -> None:
        """Append the finite numbers: JSON has no NaN and no infinity."""
        del args, control, more
        numbers = {name: value for name, value in (logs or {}).items() if _is_finite(value)}
        if "loss" in numbers or any(name.startswith(HELD_OUT) for name in numbers):
            self._log.append(state.global_step, numbers)


def held_out_results(records: Sequence[Mapping[str, Value]]) -> list[HeldOutResult]:
    """The evaluations that a log holds: a resumed run compares with them too."""
    results = []
    for record in records:
        summaries = tuple(_summaries(record))
        if summaries:
            whole = record.get(_WHOLE)
            results.append(HeldOutResult(int(record["step"] or 0), summaries, None if whole is None else float(whole)))
    return results


def _summaries(record: Mapping[str, Value]) -> list[Summary]:
    """Per-level summaries over all axes; levels with missing or non-finite values are skipped."""
    prefix = f"{HELD_OUT}/"
    held_out = {name.removeprefix(prefix): value for name, value in record.items() if name.startswith(prefix)}
    return [summary for summary in unnamed(held_out) if summary.axis is None]


def _named(summaries: Sequence[Summary]) -> dict[str, float]:
    return {name: value for summary in summaries for name, value in summary.named().items()}


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and bool(torch.isfinite(torch.tensor(float(value))))
