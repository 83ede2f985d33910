"""The answers on one visual, scored by policy and reference. Axes: K answer, T token."""

from collections.abc import Mapping
from dataclasses import dataclass

from torch import Tensor

from trainer.data.records import GroupRows
from trainer.loop.metrics import PairSeen
from trainer.losses import AnswerRatios


@dataclass(frozen=True)
class OnVisual:
    """The answers on one visual, scored by policy and reference."""

    ratios: AnswerRatios
    kl_K: Mapping[int, Tensor]
    """K(y) by answer, for those whose hidden states are known of both models."""

    def kl_per_token(self, k: int) -> float | None:
        """Mean KL per token of an answer, nats; None if it is not known."""
        return float(self.kl_K[k].detach()) / int(self.ratios.lengths_K[k]) if k in self.kl_K else None

    def ratios_of(self, k: int) -> Tensor:
        """Log-ratios of an answer's tokens, (T_k,)."""
        return self.ratios.ratios_KT[k, : int(self.ratios.lengths_K[k])]


Scored = tuple[OnVisual, int]
"""One answer on one visual, by its place among the answers there."""


def pair_seen(level: str, rows: GroupRows, margin: float, won: Scored, lost: Scored) -> PairSeen:
    """What is told of a pair at a level, from what must win and what must lose; `margin` with beta."""
    (winner, winning), (loser, losing) = won, lost
    return PairSeen(
        level=level,
        axis=rows.axis,
        margin=margin,
        chosen_drift=float(winner.ratios.deltas_K[winning].detach()),
        rejected_drift=float(loser.ratios.deltas_K[losing].detach()),
        chosen_tokens=int(winner.ratios.lengths_K[winning]),
        rejected_tokens=int(loser.ratios.lengths_K[losing]),
        kl=winner.kl_per_token(winning),
    )
