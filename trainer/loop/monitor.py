"""What is watched while a policy trains: its pairs by level and axis, held-out groups, its own words, and alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import torch
import torch.distributed as dist
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from trainer.data.records import GroupRows
from trainer.loop.alarms import AlarmLimits, Look, alarms
from trainer.loop.group_trainer import GroupTrainer, Watch
from trainer.loop.metrics import PairSeen, Summary, summarise, unnamed
from trainer.loop.metrics_log import MetricsLog, Value
from trainer.loop.prefetch import GroupEncoder
from trainer.loop.probe import ProbeResult, probe
from trainer.loop.progress import Say
from trainer.loop.ranks import Place

HELD_OUT = "held_out"
_WHOLE = f"{HELD_OUT}/generated/whole"
_PROBE_TOKENS = 48


@dataclass
class RunWatch(Watch):
    """The numbers of one process, added up over all of them where they are told."""

    encode: GroupEncoder
    held_out: Sequence[GroupRows]
    probed: Sequence[GroupRows]
    """Groups whose questions the policy answers in its own words at every look."""
    log: MetricsLog
    say: Say
    place: Place = field(default_factory=Place)
    limits: AlarmLimits = field(default_factory=AlarmLimits)
    _seen: list[PairSeen] = field(default_factory=list)
    _looks: list[Look] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._looks = looks_of(self.log.read())

    def trained(self, seen: Sequence[PairSeen]) -> None:
        """The pairs of a group of the running step."""
        self._seen += seen

    def numbers(self) -> dict[str, float]:
        """Of all pairs since the last time, over all processes."""
        seen, self._seen = self._gathered(self._seen), []
        return _named(summarise(seen))

    def look(self, trainer: GroupTrainer) -> dict[str, float]:
        """Score the held-out groups and ask the probe's questions; alarms are said and logged."""
        step = trainer.state.global_step
        own = [
            pair
            for rows, counts in self.place.share(self.held_out)
            for pair in trainer.looked_at(self.encode(rows))
            if counts
        ]
        summaries = summarise(self._gathered(own))
        said = self._probe(trainer)
        self._looks.append(Look(step, summaries, None if said is None else said.whole))
        self._raise_alarms()
        numbers = {f"{HELD_OUT}/{name}": value for name, value in _named(summaries).items()}
        if said is not None:
            generated = {"whole": said.whole, "chosen": said.chosen, "rejected": said.rejected}
            generated["tokens"] = said.mean_tokens
            numbers |= {f"{HELD_OUT}/generated/{name}": value for name, value in generated.items()}
        return numbers

    def _probe(self, trainer: GroupTrainer) -> ProbeResult | None:
        """Every process asks the same questions: they may share one model."""
        if not self.probed:
            return None
        groups = [self.encode.load(rows, contrasts=False) for rows in self.probed]
        return probe(trainer.model_wrapped, self.encode.family, groups, _PROBE_TOKENS)

    def _raise_alarms(self) -> None:
        if not self.place.leads:
            return
        for alarm in alarms(self._looks, self.limits):
            self.say(f"alarm: {alarm.text}")
            self.log.append(alarm.step, {"alarm": alarm.kind.value, "level": alarm.level, "text": alarm.text})

    def _gathered(self, seen: list[PairSeen]) -> list[PairSeen]:
        if self.place.ranks == 1:
            return list(seen)
        parts: list[Any] = [None] * self.place.ranks
        dist.all_gather_object(parts, seen)
        return list(chain.from_iterable(parts))


class Logging(TrainerCallback):
    """Every line that transformers logs of steps and looks goes to the run's own log, times left out."""

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
        """Append it; what JSON has no number for is left out."""
        del args, control, more
        numbers = {name: value for name, value in (logs or {}).items() if _is_finite(value)}
        if "loss" in numbers or any(name.startswith(HELD_OUT) for name in numbers):
            self._log.append(state.global_step, numbers)


def looks_of(records: Sequence[Mapping[str, Value]]) -> list[Look]:
    """The looks that a log tells of: a run that goes on judges by them too."""
    looks = []
    for record in records:
        summaries = tuple(_summaries(record))
        if summaries:
            whole = record.get(_WHOLE)
            looks.append(Look(int(record["step"] or 0), summaries, None if whole is None else float(whole)))
    return looks


def _summaries(record: Mapping[str, Value]) -> list[Summary]:
    """Of every level over all axes of which all is told: what was no number is not in the log."""
    prefix = f"{HELD_OUT}/"
    told = {name.removeprefix(prefix): value for name, value in record.items() if name.startswith(prefix)}
    return [summary for summary in unnamed(told) if summary.axis is None]


def _named(summaries: Sequence[Summary]) -> dict[str, float]:
    return {name: value for summary in summaries for name, value in summary.named().items()}


def _is_finite(value: object) -> bool:
    return isinstance(value, int | float) and bool(torch.isfinite(torch.tensor(float(value))))
