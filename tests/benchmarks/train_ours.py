"""The trainer's own step on a group: its scorer, its objective, its reference cache on disk."""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import transformers
from torch import Tensor

from schemas.claim import Axis, QuestionType
from schemas.pair import RejectedKind
from schemas.visual_negative import VisualLevel
from stages.models.video_llm.score import ScorePath
from tests.benchmarks.train_model import Shape, family_of, make_group
from trainer.data.records import AnswerText, GroupRows
from trainer.loop.activations import measured_activations, rows_of
from trainer.loop.group_scorer import GroupScorer
from trainer.loop.objective import GroupOutcome
from trainer.loop.ranks import Rank
from trainer.loop.step import backward_passes
from trainer.policy.policy import TrainedPolicy
from trainer.recipe import AdapterConfig, LossConfig, Method
from trainer.scoring.ready_group import EncodedContrast, ReadyGroup, ReadyStep
from trainer.scoring.reference_cache import ReferenceCache, ReferenceIdentity
from trainer.scoring.scorer import Scorer


def pair_group(shape: Shape, answers: int) -> ReadyGroup:
    """One visual, one chosen and `answers` - 1 rejected answers."""
    return ReadyGroup(_rows(answers), make_group(shape, answers))


def vista_group(shape: Shape) -> ReadyGroup:
    """A full VistaDPO row: three answers on the video, the chosen one on five more visuals of equal size."""
    visuals = [make_group(shape, 1, seed) for seed in range(1, 6)]
    own, clip, keyframe = (None, visuals[0]), (visuals[1], visuals[2]), (visuals[3], visuals[4])
    levels = zip(VisualLevel, (own, clip, keyframe), strict=True)
    contrasts = tuple(EncodedContrast(level, *pair) for level, pair in levels)
    return ReadyGroup(_rows(3), make_group(shape, 3), contrasts)


def _rows(answers: int) -> GroupRows:
    kinds = [None, RejectedKind.RELEVANT, RejectedKind.IRRELEVANT, RejectedKind.SELF_SAMPLED]
    texts = tuple(AnswerText(f"answer {number}", kind=kinds[number]) for number in range(answers))
    return GroupRows("group", "clip", "video", Axis.TEMPORAL, QuestionType.SEQUENCE, "question", texts)


def _as_encoded_anew(ready: ReadyGroup) -> ReadyGroup:
    """The same tensors without what was computed from them: a step hashes its pixels to find the reference's scores."""
    contrasts = (
        replace(one, preferred=one.preferred and replace(one.preferred), negative=replace(one.negative))
        for one in ready.contrasts
    )
    return ReadyGroup(ready.rows, replace(ready.answers), tuple(contrasts))


@dataclass
class Ours:
    """One model, one group, one method; the reference's scores are made once and then read from disk."""

    shape: Shape
    model: Any
    method: Method
    ready: ReadyGroup
    folder: Path
    """Where its cache goes."""

    def __post_init__(self) -> None:
        loss = LossConfig(method=self.method, anchor=0.0)
        policy = TrainedPolicy(family_of(self.shape), self.model, AdapterConfig(), self.model.dtype)
        identity = ReferenceIdentity(
            family="benchmark",
            checkpoint=self.shape.name,
            transformers=transformers.__version__,
            dtype=str(self.model.dtype),
        )
        cache = ReferenceCache.open(Path(tempfile.mkdtemp(dir=self.folder)), identity)
        self._scorer = GroupScorer.of(loss, Scorer(policy, ScorePath.SPLIT, cache), Rank())

    def fill(self) -> None:
        """The pass that fills the reference cache."""
        [planned] = self._scorer.in_step([_as_encoded_anew(self.ready)])
        self._scorer.references(planned)

    def estimated_bytes(self) -> int:
        """The trainer's estimate of what a step needs: gradients, and activations of the longest part of the group."""
        policy = self._scorer.policy
        longest = max(self.ready.parts(), key=lambda part: sum(encoded.shared_tokens for encoded in part.visuals))
        rows = [row for encoded in longest.visuals for row in rows_of(encoded, ScorePath.SPLIT)]
        trained = [weight for weight in policy.model.parameters() if weight.requires_grad]
        gradients = sum(weight.numel() * weight.element_size() for weight in trained)
        return gradients + measured_activations(policy, ScorePath.SPLIT).peak(rows)

    def step(self) -> float:
        """Forward and backward of one group; gives the mean loss of its loss rows."""
        rows = len(self.ready.rows.rejected) if self.method is Method.DPO else 1
        step = ReadyStep(((_as_encoded_anew(self.ready), True),), pairs=rows)
        made = backward_passes(self._scorer, self.model, step, _backward)
        return sum(one.share.item() for one in made)


def _backward(_outcome: GroupOutcome, share: Tensor) -> None:
    share.backward()
