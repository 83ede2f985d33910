"""A group and a model become what the model makes of it: scores, an answer in its own words, and choices.

Nothing is averaged here: what the numbers of many groups come to is statistics, and belongs to the pipeline.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from torch import nn

from schemas.errors import EncodingError
from schemas.pair import VisualLevel
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import Family, VisionFeatures
from stages.models.video_llm.generate import Generated, generate
from stages.models.video_llm.score import ScorePath, Scores, compare_paths, score
from stages.visuals import Visual
from trainer.answering.choices import Choice, ChoiceForm
from trainer.data.records import Contrast, GroupRows, TrainGroup
from trainer.policy.side_by_side import Contestant


@dataclass(frozen=True)
class ContrastScore:
    """Log-probability of the chosen answer on the two visuals of one level."""

    level: VisualLevel
    kind: str
    """The corruption at that level."""
    preferred: float
    negative: float


@dataclass(frozen=True)
class ChoiceResult:
    """How a multiple-choice question was answered."""

    form: ChoiceForm
    credit: float
    """1 right, 0 wrong, a share where letters tie."""


@dataclass(frozen=True)
class GroupResult:
    """What one contestant makes of one group."""

    rows: GroupRows
    logprobs: tuple[float, ...]
    """log pi(y | visual, question) of each answer, EOS included, in the order of `rows.answers`."""
    contrasts: tuple[ContrastScore, ...] = ()
    generated: Generated | None = None
    """Null where it was not asked to write."""
    choices: tuple[ChoiceResult, ...] = ()
    """Empty where it was not asked to choose."""


@dataclass(frozen=True)
class Task:
    """What is asked about a group beyond the scores of its answers."""

    max_new_tokens: int = 0
    """Limit of an answer in its own words; 0 for none."""
    choices: tuple[Choice, ...] = ()
    """Multiple-choice questions about the group's visual."""


def choose_path(contestant: Contestant, group: TrainGroup, warn: Callable[[str], None]) -> ScorePath:
    """How answers share their prompt: `split` where it is exact on this group; `warn` hears of a fallback."""
    rows, family = group.rows, contestant.family
    encoded = family.encode(group.preferred, rows.question, [answer.text for answer in rows.answers])
    with contestant.seated() as model:
        try:
            return compare_paths(model, family, encoded, warn=warn).path
        except torch.OutOfMemoryError:
            warn("the GPU's memory does not hold the model in float32 to compare paths: answers are scored unshared")
            return ScorePath.UNSHARED


@torch.no_grad()
def evaluate_group(
    contestants: Sequence[Contestant], group: TrainGroup, task: Task, path: ScorePath = ScorePath.SPLIT
) -> tuple[GroupResult, ...]:
    """What each contestant makes of the group, in their order.

    Each visual is encoded once for all prompts about it, and once for all contestants that share a vision tower.

    Raises: EncodingError where the group does not fit a model, or the memory of its device.
    """
    try:
        return _results(contestants, group, task, path)
    except torch.OutOfMemoryError as error:
        raise EncodingError(
            f"group {group.rows.group_id}: {group.preferred.count} frames do not fit the GPU's memory; "
            "try --set num_frames=N with fewer"
        ) from error


def _results(
    contestants: Sequence[Contestant], group: TrainGroup, task: Task, path: ScorePath
) -> tuple[GroupResult, ...]:
    shared = _Seen()
    results = []
    for contestant in contestants:
        seen = shared if contestant.shares_tower else _Seen()
        own_path = ScorePath.UNSHARED if contestant.family.unshared_because else path
        with contestant.seated() as model:
            results.append(_Examiner(contestant.family, model, own_path, seen).examine(group, task))
    return tuple(results)


@dataclass(frozen=True)
class _Seen:
    """What was made of a group's visuals already; they are named by the identity of their frames."""

    encoded: dict[tuple[int, str], EncodedGroup] = field(default_factory=dict)
    """By visual and question."""
    features: dict[int, VisionFeatures] = field(default_factory=dict)


@dataclass(frozen=True)
class _Examiner:
    """One model on one group."""

    family: Family
    model: nn.Module
    path: ScorePath
    seen: _Seen

    def examine(self, group: TrainGroup, task: Task) -> GroupResult:
        """What the model makes of the group."""
        rows = group.rows
        encoded = self._encode(group.preferred, rows.question, [answer.text for answer in rows.answers])
        sums = self._score(group.preferred, encoded).sums_K
        said = None
        if task.max_new_tokens:
            known = self._features(group.preferred, encoded)
            said = generate(self.model, self.family, encoded, task.max_new_tokens, known)
        return GroupResult(
            rows=rows,
            logprobs=tuple(sums.tolist()),
            contrasts=tuple(self._contrast(group, contrast, float(sums[0])) for contrast in group.contrasts),
            generated=said,
            choices=tuple(self._choice(group.preferred, choice) for choice in task.choices),
        )

    def _contrast(self, group: TrainGroup, contrast: Contrast, chosen: float) -> ContrastScore:
        def on(frames: Visual) -> float:
            encoded = self._encode(frames, group.rows.question, [group.rows.chosen.text])
            return float(self._score(frames, encoded).sums_K[0])

        preferred = chosen if contrast.preferred is None else on(contrast.preferred)
        return ContrastScore(contrast.level, contrast.kind, preferred, on(contrast.negative))

    def _choice(self, frames: Visual, choice: Choice) -> ChoiceResult:
        encoded = self._encode(frames, choice.prompt, choice.letters)
        scores = self._score(frames, encoded)
        return ChoiceResult(choice.form, choice.credit(_without_eos(scores).tolist()))

    def _encode(self, frames: Visual, question: str, answers: Sequence[str]) -> EncodedGroup:
        key = (id(frames), question)
        if key not in self.seen.encoded:
            encoded = self.family.encode(frames, question, answers)
            self.seen.encoded[key] = encoded.to(next(self.model.parameters()).device)
        return self.seen.encoded[key]

    def _features(self, frames: Visual, encoded: EncodedGroup) -> VisionFeatures:
        if id(frames) not in self.seen.features:
            self.seen.features[id(frames)] = self.family.features(self.model, encoded)
        return self.seen.features[id(frames)]

    def _score(self, frames: Visual, encoded: EncodedGroup) -> Scores:
        known = self._features(frames, encoded)
        return score(self.model, self.family, encoded, path=self.path, features=known)


def _without_eos(scores: Scores) -> torch.Tensor:
    """Log-probability of each answer up to its EOS, (K,): of a letter, whether or not the model would go on."""
    last_K1 = (scores.lengths_K - 1)[:, None]
    return scores.sums_K - scores.logprobs_KT.gather(1, last_K1)[:, 0]
