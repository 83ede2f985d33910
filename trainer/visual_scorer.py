"""How one visual is scored, by policy and reference alike."""

from dataclasses import dataclass

from torch import nn

from trainer.encoded import EncodedGroup
from trainer.families.family import Family
from trainer.features import FeatureCache
from trainer.score import ScorePath, Scores, score


@dataclass(frozen=True)
class VisualScorer:
    """Scores the answers on one visual."""

    family: Family
    path: ScorePath
    features: FeatureCache | None = None
    """What a frozen tower makes of each visual, where that is kept."""

    def __call__(self, model: nn.Module, encoded: EncodedGroup, *, hidden: bool) -> Scores:
        """As `trainer.score.score`, with adapters as the caller left them."""
        features = None if self.features is None else self.features.get(model, encoded)
        return score(model, self.family, encoded, path=self.path, features=features, hidden=hidden)
