"""Measures a round's policy on held-out questions: what it prefers, what it writes, how far it is from round 0."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from pydantic import TypeAdapter

from pipeline.dataset.finished_set import FinishedSet
from pipeline.evaluation.observations import ALL, Metric, Observation, observations
from pipeline.evaluation.selection import SelectedGroups, select
from pipeline.evaluation.split import EvaluatedSplit
from pipeline.rounds.settings import ProbeSettings
from pipeline.rounds.state import RoundMeasures
from schemas.errors import DatasetError
from schemas.samples import count_words
from schemas.video import Split
from stages.models.video_llm import open_family
from stages.models.video_llm.generate import Match
from stages.models.video_llm.score import release_memory
from trainer.answering.drift import kl_along
from trainer.answering.evaluate import GroupResult, Task, choose_path, evaluate_group
from trainer.atomic_file import write_whole
from trainer.policy.side_by_side import BASE, POLICY, START, ComparedModel, Placement, Policy, open_side_by_side
from trainer.policy.start import StartingPoint
from trainer.recipe import AdapterKind, TrainRecipe

_TEXTS = TypeAdapter(dict[str, str])


@dataclass(frozen=True)
class Measurer:
    """What all rounds are measured with."""

    questions: str
    """The set of questions; its validation split is held out."""
    model: str
    """Round 0, as it was given: a model, or an adapter."""
    recipe: TrainRecipe
    """Of the rounds' trainings: frames, their size, device."""
    probe: ProbeSettings
    answers: Path
    """File of round 0's own answers, which it writes and later rounds are compared along."""

    def measure(self, policy: str | None) -> RoundMeasures:
        """Measure a policy; None is round 0. Raises UserErrors of set and model."""
        selected = self._selected()
        models = open_side_by_side(self._compared(policy), Placement.of(self.recipe.engine.device))
        try:
            return self._measured(models, selected, policy is None)
        finally:
            del models
            release_memory()  # a GPU is needed for the next round's writer

    def _measured(self, models: Sequence[ComparedModel], selected: SelectedGroups, is_start: bool) -> RoundMeasures:
        own = next(one for one in reversed(models) if one.name == POLICY)
        results = list(self._results(own, selected))
        written = [(one.rows, one.generated) for one in results if one.generated is not None]
        if is_start:
            write_whole(self.answers, _TEXTS.dump_json({rows.group_id: answer.text for rows, answer in written}))
        matches = [answer.match(rows.chosen.text, [one.text for one in rows.rejected]) for rows, answer in written]
        wins = [one for one in observations(results) if (one.metric, one.part) == (Metric.PREFERENCE, ALL)]
        return RoundMeasures(
            wins=tuple(one.value for one in wins),
            videos=_numbered(wins),
            answers=len(written),
            whole=fmean(answer.is_whole for _, answer in written),
            right=fmean(match is Match.CHOSEN for match in matches),
            answer_words=fmean(count_words(answer.text) for _, answer in written),
            kl_per_token=0.0 if is_start else self._kl(models, selected),
        )

    def _selected(self) -> SelectedGroups:
        """The held-out questions, the same in every round. DatasetError if there are none."""
        opened = FinishedSet.open(self.questions)
        refuse_nothing_held_out(opened)
        data = self.recipe.data
        shown = data.num_frames or open_family(StartingPoint.of(self.model).model).default_frames
        held_out, seed = EvaluatedSplit.VALIDATION, self.probe.seed
        return select(opened, held_out, num_frames=shown, trained=data, seed=seed, limit=self.probe.groups)

    def _compared(self, policy: str | None) -> Policy:
        """The policy beside round 0."""
        start = StartingPoint.of(self.model)
        found = Policy.at(policy or self.model, start.model)
        if policy is None:
            found = replace(found, base=found.base if found.is_adapter else None, start=None, note=None)
        else:
            found = replace(found, start=None if start.adapter is None else self.model, note=None)
        in_four_bit = found.is_adapter and self.recipe.adapter.kind is AdapterKind.QLORA
        return replace(found, in_four_bit=in_four_bit)

    def _results(self, own: ComparedModel, selected: SelectedGroups) -> Iterator[GroupResult]:
        path = choose_path(own, selected.loader.load(selected.groups[0], contrasts=False), lambda _line: None)
        for place, rows in enumerate(selected.groups):
            group = selected.loader.load(rows, contrasts=False)
            task = Task(self.probe.max_new_tokens if place < self.probe.questions else 0)
            yield from evaluate_group([own], group, task, path)

    def _kl(self, models: Sequence[ComparedModel], selected: SelectedGroups) -> float | None:
        """Nats per token along what round 0 has written; None if it has written nothing."""
        named, texts = {one.name: one for one in models}, _TEXTS.validate_json(self.answers.read_bytes())
        reference, policy = named.get(START, named[BASE]), named[POLICY]
        values: list[float] = []
        for rows in selected.groups:
            if text := texts.get(rows.group_id):
                visual = selected.loader.load(rows, contrasts=False).preferred
                values += kl_along(reference, policy, visual, rows.question, text).tolist()
        return max(0.0, fmean(values)) if values else None  # rounding may leave less than nothing


def refuse_nothing_held_out(opened: FinishedSet) -> None:
    """Raise DatasetError if a set of questions has no pair of the split validation, on which rounds are measured."""
    for part in opened.tables("pairs", ("split",)):
        if Split.VALIDATION.value in part.column("split").to_pylist():
            return
    raise DatasetError(
        f"{opened.location} holds no question out (split validation), and rounds are compared on held-out ones: use "
        "more videos, or a larger share of them (--questions-set finalise.validation_share=0.3)"
    )


def _numbered(found: Sequence[Observation]) -> tuple[int, ...]:
    """The video of each, as a number in order of appearance."""
    numbers = {name: place for place, name in enumerate(dict.fromkeys(one.video_id for one in found))}
    return tuple(numbers[one.video_id] for one in found)
