"""How one visual is scored, by policy and reference alike."""

from dataclasses import dataclass

from torch import nn

from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.family import Family
from stages.models.video_llm.score import ScorePath, Scores, score
from trainer.scoring.vision_cache import FeatureCache


@dataclass(frozen=True)
class VisualScorer:
    """Scores the answers on one visual."""

    family: Family
    path: ScorePath
    features: FeatureCache | None = None
    """What a frozen tower makes of each visual, where that is kept."""

    def __call__(self, model: nn.Module, encoded: EncodedGroup, *, hidden: bool) -> Scores:
        """As `stages.models.video_llm.score.score`, with adapters as the caller left them."""
        features = None if self.features is None else self.features.get(model, encoded)
        return score(model, self.family, encoded, path=self.path, features=features, hidden=hidden)
