"""Scores of a visual by the policy and by its reference, along one path; the reference's come from its cache."""

from dataclasses import dataclass

from torch import nn

from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import ScorePath, Scores, score
from trainer.policy.policy import TrainedPolicy
from trainer.scoring.reference_cache import ReferenceCache
from trainer.scoring.vision_cache import FeatureCache


@dataclass(frozen=True)
class Scorer:
    """A policy with the cache of its reference, and the path along which both score."""

    policy: TrainedPolicy
    path: ScorePath
    cache: ReferenceCache
    features: FeatureCache | None = None
    """The features of a frozen tower; null if they are not kept."""

    def own(self, model: nn.Module, encoded: EncodedGroup, *, hidden: bool) -> Scores:
        """The policy's scores; `model` is the policy's, possibly under a distributed wrapper."""
        with self.policy.computing():
            features = None if self.features is None else self.features.get(model, encoded)
            return score(model, self.policy.family, encoded, path=self.path, features=features, hidden=hidden)

    def of_reference(self, encoded: EncodedGroup, *, hidden: bool) -> Scores:
        """The reference's scores, by the model that the policy started from."""
        with self.policy.as_reference() as model:
            return self.own(model, encoded, hidden=hidden)
