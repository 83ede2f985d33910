"""The trainer's own step on a group: its scorer, its objective, its cached reference."""

from dataclasses import dataclass, field
from typing import Any

import torch

from schemas.claim import Axis, QuestionType
from schemas.pair import RejectedKind, VisualLevel
from tests.benchmarks.train_model import Shape, family_of, make_group
from trainer.encoded import EncodedGroup
from trainer.feed import EncodedContrast, ReadyGroup
from trainer.objective import Objective
from trainer.policy import TrainedPolicy
from trainer.recipe import AdapterConfig, LossConfig, Method
from trainer.sample import AnswerText, GroupRows
from trainer.score import ScorePath, Scores, score
from trainer.step import GroupScorer


def pair_group(shape: Shape, answers: int, *, dtype: torch.dtype = torch.float32) -> ReadyGroup:
    """One visual, one chosen and `answers` - 1 rejected answers."""
    return ReadyGroup(_rows(answers), make_group(shape, answers, dtype=dtype))


def vista_group(shape: Shape, *, dtype: torch.dtype = torch.float32) -> ReadyGroup:
    """A full VistaDPO row: three answers on the video, the chosen one on five more visuals of equal size."""
    visuals = [make_group(shape, 1, seed, dtype=dtype) for seed in range(1, 6)]
    own, clip, keyframe = (None, visuals[0]), (visuals[1], visuals[2]), (visuals[3], visuals[4])
    levels = zip(VisualLevel, (own, clip, keyframe), strict=True)
    contrasts = tuple(EncodedContrast(level, "benchmark", *pair) for level, pair in levels)
    return ReadyGroup(_rows(3), make_group(shape, 3, dtype=dtype), contrasts)


def _rows(answers: int) -> GroupRows:
    kinds = [None, RejectedKind.RELEVANT, RejectedKind.IRRELEVANT, RejectedKind.SELF_SAMPLED]
    texts = tuple(AnswerText(f"answer {number}", kind=kinds[number]) for number in range(answers))
    return GroupRows("group", "clip", "video", Axis.TEMPORAL, next(iter(QuestionType)), "question", texts)


@dataclass
class Ours:
    """One model, one objective; the reference's scores are made once and then held."""

    shape: Shape
    model: Any
    method: Method
    dtype: torch.dtype = torch.float32
    _held: list[Scores] = field(default_factory=list)

    def __post_init__(self) -> None:
        loss = LossConfig(method=self.method, anchor=0.0)
        self.policy = TrainedPolicy(family_of(self.shape), self.model, AdapterConfig(), self.dtype)
        self._hidden = loss.needs_hidden
        objective = Objective(loss, self.policy.head)
        self._scorer = GroupScorer(self.policy, objective, ScorePath.SPLIT, lambda _: self._held)

    def fill(self, ready: ReadyGroup) -> None:
        """The pass that fills the reference cache."""
        with self.policy.as_reference() as reference:
            self._held = [self._score(reference, visual, first=n == 0) for n, visual in enumerate(ready.visuals)]

    def _score(self, model: Any, visual: EncodedGroup, *, first: bool) -> Scores:
        return score(model, self.policy.family, visual, path=ScorePath.SPLIT, hidden=self._hidden and first)

    def step(self, ready: ReadyGroup) -> float:
        """Forward and backward of one group; gives the mean loss of its loss rows."""
        outcome = self._scorer(self.model, ready)
        rows = len(ready.rows.rejected) if self.method is Method.DPO else 1
        loss = outcome.loss / rows
        loss.backward()
        return float(loss)
