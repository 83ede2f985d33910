"""Margins become losses: SFT, DPO, IPO, the anchor, and how pairs combine. Axes: K answer, T answer token, N pair.

One optimiser step minimises the mean over its pairs of weight times loss, whatever groups they come in, however the
groups are spread over ranks and accumulation: a group of 1 + 3 is three pairs. Each pair holds its own anchor, so a
group trains exactly as its pairs would apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from trainer.losses.margins import MARGINS, AnswerRatios
from trainer.losses.settings import PairLoss, PairSettings


@dataclass(frozen=True)
class PairTerms:
    """What a group's pairs come to."""

    losses_N: Tensor
    """Anchor included, weights not."""
    margins_N: Tensor
    """Without gradient, in nats (a token, where the reduction is per token): above 0 the pair is won."""


def sigmoid_losses(margins_N: Tensor, settings: PairSettings) -> Tensor:
    """-(1 - e) log sigma(beta m) - e log sigma(-beta m), e = `label_smoothing`.

    Source: DPO, arXiv 2305.18290, equation 7; smoothing: Mitchell, "A note on DPO with noisy preferences", equation 3.
    """
    smoothing, scaled_N = settings.label_smoothing, settings.beta * margins_N
    return -(1 - smoothing) * logsigmoid(scaled_N) - smoothing * logsigmoid(-scaled_N)


def robust_losses(margins_N: Tensor, settings: PairSettings) -> Tensor:
    """(-(1 - e) log sigma(beta m) + e log sigma(-beta m)) / (1 - 2 e), e = `label_smoothing`.

    Its mean over labels that are flipped with probability e is the loss on the true ones.
    Source: robust DPO, arXiv 2403.00409.
    """
    flipped, scaled_N = settings.label_smoothing, settings.beta * margins_N
    return (-(1 - flipped) * logsigmoid(scaled_N) + flipped * logsigmoid(-scaled_N)) / (1 - 2 * flipped)


def ipo_losses(margins_N: Tensor, settings: PairSettings) -> Tensor:
    """(m - 1 / (2 tau))^2, tau = `beta`. Source: IPO, arXiv 2310.12036, equation 17.

    The paper's m sums over tokens (`Reduction.SUM`); TRL takes each answer's mean (`Reduction.PER_TOKEN`), which its
    authors confirm.
    """
    return (margins_N - 1 / (2 * settings.beta)).square()


PAIR_LOSSES: Mapping[PairLoss, Callable[[Tensor, PairSettings], Tensor]] = {
    PairLoss.SIGMOID: sigmoid_losses,
    PairLoss.ROBUST: robust_losses,
    PairLoss.IPO: ipo_losses,
}


def sft_loss(chosen_T: Tensor, mask_T: Tensor) -> Tensor:
    """-1 / |y_w| sum_t log pi_theta(y_w,t | v, q, y_w,<t), (): the policy's log-probabilities of the chosen answer.

    The mean over the answer's own tokens, so that a long answer counts no more than a short one.
    Also the anchor of the preference losses: iterative RPO, arXiv 2404.19733.
    """
    length = mask_T.sum()
    if not bool(length > 0):
        raise ValueError("the chosen answer has no scored token")
    return -torch.where(mask_T, chosen_T, chosen_T.new_zeros(())).sum() / length


def pair_terms(policy_KT: Tensor, reference_KT: Tensor, mask_KT: Tensor, settings: PairSettings) -> PairTerms:
    """The losses of a group's N = K - 1 >= 1 pairs: f(m_n) + anchor * NLL(y_w).

    Args:
        policy_KT: log pi_theta of each answer's tokens, the chosen answer first; with gradient.
        reference_KT: log pi_ref of the same tokens.
        mask_KT: bool, True at the answers' tokens.
        settings: which loss, which reduction.
    """
    if policy_KT.shape[0] < 2:
        raise ValueError(f"a pair needs a chosen and a rejected answer, got {policy_KT.shape[0]} answer(s)")
    margins_N = MARGINS[settings.reduction](AnswerRatios.of(policy_KT, reference_KT, mask_KT), settings)
    losses_N = PAIR_LOSSES[settings.loss](margins_N, settings)
    if settings.anchor > 0:
        losses_N = losses_N + settings.anchor * sft_loss(policy_KT[0], mask_KT[0])
    return PairTerms(losses_N, margins_N.detach())


def step_share(losses_N: Tensor, weights_N: Tensor, pairs: int) -> Tensor:
    """sum_n w_n l_n / `pairs`, (): what these pairs add to the loss of their optimiser step.

    Args:
        losses_N: losses of some pairs of the step: of a group, or of all.
        weights_N: their weights. VideoPASTA's L = sum_k lambda_k L_k / sum_k lambda_k (arXiv 2504.14096), L_k the
            mean over axis k, is this mean with w_n = lambda_k N / N_k / sum(lambda): `groups.weighted_by_axis`.
        pairs: pairs of the whole step, over all ranks. Summed over the step's groups this is the weighted mean; a
            backend that averages gradients over ranks needs it times the number of ranks.
    """
    if losses_N.shape != weights_N.shape or losses_N.numel() > pairs:
        raise ValueError(f"{losses_N.numel()} losses, {weights_N.numel()} weights in a step of {pairs} pairs")
    return (weights_N * losses_N).sum() / pairs
