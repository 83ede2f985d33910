"""Both edges of a family of twins: answers compared on one visual, and one answer compared on two visuals.

Two twins (v, v') ask the same; a is true of v, b of v'. With these four scores there are four comparisons: a over b on
v and b over a on v' (text edges), v over v' for a and v' over v for b (visual edges). A text edge does not see a level
that one visual gives to every answer; a visual edge does not see a liking for one answer.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from trainer.loss_settings import LossSettings
from trainer.losses.margins import AnswerRatios, DifferingTokens
from trainer.losses.pairs import PAIR_LOSSES, PairTerms


def visual_edge(won_T: Tensor, lost_T: Tensor, settings: LossSettings) -> PairTerms:
    """The loss and the margin of one answer on two visuals, (1,) each: those of a pair, by the same form.

    The answer is the same on both, so all of its tokens differ.

    Args:
        won_T: log-ratios of the answer's tokens on the visual of which it is true.
        lost_T: on the other visual.
        settings: form and beta.
    """
    if won_T.shape != lost_T.shape:
        raise ValueError(f"one answer has {len(won_T)} tokens on one visual and {len(lost_T)} on the other")
    ratios_2T = torch.stack((won_T, lost_T))
    all_2T = torch.ones_like(ratios_2T, dtype=torch.bool)
    form = PAIR_LOSSES[settings.form]
    margins_1 = form.margins(AnswerRatios(ratios_2T, all_2T, DifferingTokens(all_2T[:1], all_2T[1:])), settings)
    return PairTerms(form.losses(margins_1, settings), margins_1.detach())


def family_loss(text: Sequence[Tensor], visual: Sequence[Tensor], visual_weight: float) -> Tensor:
    """Mean of the text edges + lambda * mean of the visual edges, (); a family without visual edges has the first part.

    Source: MixDPO of CounterVid, arXiv 2601.04778, on two visuals that are both real.

    Args:
        text: weighted losses of text edges, one tensor (N,) for each group of the family.
        visual: losses of visual edges, (1,) each.
        visual_weight: lambda.
    """
    loss = torch.cat(list(text)).mean()
    return loss + visual_weight * torch.cat(list(visual)).mean() if visual else loss
