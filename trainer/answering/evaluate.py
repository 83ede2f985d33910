"""Models answer a group: scores of its answers, an answer in their own words, and choices.

Nothing is averaged here: the statistics over many groups belong to the pipeline.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import nn

from schemas.errors import EncodingError
from schemas.visual_negative import VisualKind, VisualLevel
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import ModelFamily, VisionFeatures
from stages.models.video_llm.generate import Generated, generate
from stages.models.video_llm.score import ScorePath, Scores, compare_paths, score
from stages.visuals.visual import Visual
from trainer.answering.choices import Choice, ChoiceForm
from trainer.data.records import Contrast, GroupRows, TrainGroup
from trainer.policy.side_by_side import ComparedModel

DISORDERED = frozenset({VisualKind.REVERSED.value, VisualKind.SHUFFLED.value})
"""The corruptions that show a clip's own frames in another order."""


@dataclass(frozen=True)
class ContrastScore:
    """Log-probability of the chosen answer on the two visuals of one level."""

    level: VisualLevel
    kind: str
    """The corruption at that level."""
    preferred: float
    negative: float
    answers_on_negative: tuple[float, ...] = ()
    """Those of all answers on the negative, in the order of `rows.answers`, if it shows the frames in another order."""


@dataclass(frozen=True)
class ChoiceResult:
    """How a multiple-choice question was answered."""

    form: ChoiceForm
    credit: float
    """1 right, 0 wrong, a share of 1 if letters tie."""


@dataclass(frozen=True)
class GroupResult:
    """The results of one model on one group."""

    rows: GroupRows
    logprobs: tuple[float, ...]
    """log pi(y | visual, question) of each answer, EOS included, in the order of `rows.answers`."""
    contrasts: tuple[ContrastScore, ...] = ()
    generated: Generated | None = None
    """Null if no answer was asked for."""
    choices: tuple[ChoiceResult, ...] = ()
    """Empty if no choices were asked for."""


@dataclass(frozen=True)
class Task:
    """Questions to a model about a group, besides the scores of its answers."""

    max_new_tokens: int = 0
    """Limit of an answer in the model's own words; 0 for no answer."""
    choices: tuple[Choice, ...] = ()
    """Multiple-choice questions about the group's visual."""


def choose_path(compared: ComparedModel, group: TrainGroup, warn: Callable[[str], None]) -> ScorePath:
    """How answers share their prompt: `split` if it is exact on this group; `warn` gets a line about a fallback."""
    rows, family = group.rows, compared.family
    encoded = family.encode(group.preferred, rows.question, [answer.text for answer in rows.answers])
    with compared.activated() as model:
        try:
            return compare_paths(model, family, encoded, warn=warn).path
        except torch.OutOfMemoryError:
            warn("no GPU memory for the model in float32, so paths cannot be compared: answers are scored unshared")
            return ScorePath.UNSHARED


@torch.no_grad()
def evaluate_group(
    models: Sequence[ComparedModel], group: TrainGroup, task: Task, path: ScorePath = ScorePath.SPLIT
) -> tuple[GroupResult, ...]:
    """The results of each model on the group, in their order.

    Each visual is encoded once for all prompts about it, and once for all models that share a vision tower.

    Raises: EncodingError if the group does not fit a model, or the memory of its device.
    """
    try:
        return _results(models, group, task, path)
    except torch.OutOfMemoryError as error:
        raise EncodingError(
            f"group {group.rows.group_id}: {group.preferred.count} frames do not fit into the GPU's memory; "
            "try --set num_frames=N with fewer"
        ) from error


def _results(
    models: Sequence[ComparedModel], group: TrainGroup, task: Task, path: ScorePath
) -> tuple[GroupResult, ...]:
    shared = _Encodings()
    results = []
    for compared in models:
        known = shared if compared.shares_tower else _Encodings()
        own_path = ScorePath.UNSHARED if compared.family.unshared_because else path
        with compared.activated() as model:
            results.append(_Examiner(compared.family, model, own_path, known).examine(group, task))
    return tuple(results)


@dataclass(frozen=True)
class _Encodings:
    """Encodings and features of a group's visuals, by identity of the visual."""

    encoded: dict[tuple[int, str], EncodedGroup] = field(default_factory=dict)
    """By visual and question."""
    features: dict[int, VisionFeatures] = field(default_factory=dict)


@dataclass(frozen=True)
class _Examiner:
    """One model on one group."""

    family: ModelFamily
    model: nn.Module
    path: ScorePath
    known: _Encodings

    def examine(self, group: TrainGroup, task: Task) -> GroupResult:
        """The results of the model on the group."""
        rows = group.rows
        encoded = self._encode(group.preferred, rows.question, [answer.text for answer in rows.answers])
        sums = self._score(group.preferred, encoded).sums_K
        written = None
        if task.max_new_tokens:
            features = self._features(group.preferred, encoded)
            written = generate(self.model, self.family, encoded, task.max_new_tokens, features)
        return GroupResult(
            rows=rows,
            logprobs=tuple(sums.tolist()),
            contrasts=tuple(self._contrast(group, contrast, float(sums[0])) for contrast in group.contrasts),
            generated=written,
            choices=tuple(self._choice(group.preferred, choice) for choice in task.choices),
        )

    def _contrast(self, group: TrainGroup, contrast: Contrast, chosen: float) -> ContrastScore:
        def on(visual: Visual, answers: Sequence[str]) -> tuple[float, ...]:
            return tuple(self._score(visual, self._encode(visual, group.rows.question, answers)).sums_K.tolist())

        answers = [answer.text for answer in group.rows.answers]
        preferred = chosen if contrast.preferred is None else on(contrast.preferred, answers[:1])[0]
        if contrast.kind not in DISORDERED:
            return ContrastScore(contrast.level, contrast.kind, preferred, on(contrast.negative, answers[:1])[0])
        disordered = on(contrast.negative, answers)
        return ContrastScore(contrast.level, contrast.kind, preferred, disordered[0], disordered)

    def _choice(self, visual: Visual, choice: Choice) -> ChoiceResult:
        encoded = self._encode(visual, choice.prompt, choice.letters)
        scores = self._score(visual, encoded)
        return ChoiceResult(choice.form, choice.credit(_without_eos(scores).tolist()))

    def _encode(self, visual: Visual, question: str, answers: Sequence[str]) -> EncodedGroup:
        key = (id(visual), question)
        if key not in self.known.encoded:
            encoded = self.family.encode(visual, question, answers)
            self.known.encoded[key] = encoded.to(next(self.model.parameters()).device)
        return self.known.encoded[key]

    def _features(self, visual: Visual, encoded: EncodedGroup) -> VisionFeatures:
        if id(visual) not in self.known.features:
            self.known.features[id(visual)] = self.family.features(self.model, encoded)
        return self.known.features[id(visual)]

    def _score(self, visual: Visual, encoded: EncodedGroup) -> Scores:
        features = self._features(visual, encoded)
        return score(self.model, self.family, encoded, path=self.path, features=features)


def _without_eos(scores: Scores) -> torch.Tensor:
    """(K,) log-probability of each answer without its EOS: of a letter, whether or not the model would continue."""
    last_K1 = (scores.lengths_K - 1)[:, None]
    return scores.sums_K - scores.logprobs_KT.gather(1, last_K1)[:, 0]
