"""A group's log-probabilities become the losses of its pairs. Axes: K answer, T answer token, N pair.

One optimiser step minimises the mean over its pairs of weight times loss, however the pairs are divided into groups and
the groups are distributed over ranks: a group of 1 + 3 answers is three pairs. Each pair has its own anchor, so that a
group trains exactly as its pairs would one by one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from trainer.loss_settings import LossSettings, PairForm
from trainer.losses.margins import (
    AnswerRatios,
    DifferingTokens,
    desensitised_margins,
    per_token_margins,
    span_margins,
    summed_margins,
)


@dataclass(frozen=True)
class PairTerms:
    """Losses and margins of a group's pairs."""

    losses_N: Tensor
    """With the anchor, without row weights."""
    margins_N: Tensor
    """In nats, or nats per token if the form is; without beta, without gradient. Above 0 the pair is won."""


@dataclass(frozen=True)
class PairLoss:
    """One form: its margin, and the loss of that margin."""

    margins: Callable[[AnswerRatios, LossSettings], Tensor]
    """To (N,)."""
    losses: Callable[[Tensor, LossSettings], Tensor]
    """(N,) margins to (N,) losses."""


def sigmoid_losses(margins_N: Tensor, settings: LossSettings) -> Tensor:
    """-(1 - e) log sigma(beta m) - e log sigma(-beta m), e = `label_smoothing`.

    Source: DPO, arXiv 2305.18290, equation 7; smoothing: Mitchell, "A note on DPO with noisy preferences", equation 3.
    """
    smoothing, scaled_N = settings.label_smoothing, settings.beta * margins_N
    return -(1 - smoothing) * logsigmoid(scaled_N) - smoothing * logsigmoid(-scaled_N)


def robust_losses(margins_N: Tensor, settings: LossSettings) -> Tensor:
    """(-(1 - e) log sigma(beta m) + e log sigma(-beta m)) / (1 - 2 e), e = `label_smoothing`.

    Averaged over labels that are flipped with probability e, it is the plain loss of the true labels.
    Source: robust DPO, arXiv 2403.00409.
    """
    flipped, scaled_N = settings.label_smoothing, settings.beta * margins_N
    return (-(1 - flipped) * logsigmoid(scaled_N) + flipped * logsigmoid(-scaled_N)) / (1 - 2 * flipped)


def ipo_losses(margins_N: Tensor, settings: LossSettings) -> Tensor:
    """(m - 1 / (2 tau))^2, tau = `beta`, m per token.

    Source: IPO, arXiv 2310.12036, equation 17, where m is a sum over tokens: its loss then grows with the answers'
    length. The mean per token is what its authors confirmed to TRL.
    """
    return (margins_N - 1 / (2 * settings.beta)).square()


PAIR_LOSSES: Mapping[PairForm, PairLoss] = {
    PairForm.SIGMOID: PairLoss(summed_margins, sigmoid_losses),
    PairForm.ROBUST: PairLoss(summed_margins, robust_losses),
    PairForm.IPO: PairLoss(per_token_margins, ipo_losses),
    PairForm.LENGTH_NORMALISED: PairLoss(per_token_margins, sigmoid_losses),
    PairForm.LENGTH_DESENSITISED: PairLoss(desensitised_margins, sigmoid_losses),
    PairForm.SPANS: PairLoss(span_margins, sigmoid_losses),
}


def sft_loss(chosen_T: Tensor, mask_T: Tensor) -> Tensor:
    """-1 / |y_w| sum_t log pi_theta(y_w,t | v, q, y_w,<t), (): of the policy's log-probabilities of the chosen answer.

    The mean over the answer's own tokens, so that a long answer counts no more than a short one.
    Also the anchor of the preference losses: iterative RPO, arXiv 2404.19733.
    """
    length = mask_T.sum()
    if not bool(length > 0):
        raise ValueError("the chosen answer has no scored token")
    return -torch.where(mask_T, chosen_T, chosen_T.new_zeros(())).sum() / length


def anchored(losses: Tensor, settings: LossSettings, nll: Tensor | None, kl: Tensor | None) -> Tensor:
    """Losses + anchor * NLL(y_w) + anchor_kl * K(y_w): both hold the chosen answer, whatever the margin does.

    Args:
        losses: of pairs that share the chosen answer; it is added to each.
        settings: the two weights.
        nll: `sft_loss` of the chosen answer.
        kl: K(y_w), summed over its tokens: see `sequential_kl`.

    Raises:
        ValueError: a weight is above 0, and its number is missing.
    """
    if settings.anchor > 0:
        if nll is None:
            raise ValueError(f"an anchor of {settings.anchor:g} needs the chosen answers' negative log-likelihood")
        losses = losses + settings.anchor * nll
    if settings.anchor_kl > 0:
        if kl is None:
            raise ValueError(f"an anchor_kl of {settings.anchor_kl:g} needs the chosen answer's KL to the reference")
        losses = losses + settings.anchor_kl * kl
    return losses


def pair_terms(
    policy_KT: Tensor,
    reference_KT: Tensor,
    mask_KT: Tensor,
    settings: LossSettings,
    differing: DifferingTokens | None = None,
    kl: Tensor | None = None,
) -> PairTerms:
    """The losses of a group's N = K - 1 >= 1 pairs: f(m_n) + anchor * NLL(y_w) + anchor_kl * K(y_w).

    Args:
        policy_KT: log pi_theta of each answer's tokens, the chosen answer first; with gradient.
        reference_KT: log pi_ref of the same tokens.
        mask_KT: bool, True at the answers' tokens.
        settings: form, beta, anchors.
        differing: the tokens in which the answers of each pair differ; required by form spans.
        kl: K(y_w), (); required if `anchor_kl` is above 0.
    """
    if policy_KT.shape[0] < 2:
        raise ValueError(f"a pair needs a chosen and a rejected answer, got {policy_KT.shape[0]} answer(s)")
    form = PAIR_LOSSES[settings.form]
    margins_N = form.margins(AnswerRatios.of(policy_KT, reference_KT, mask_KT, differing), settings)
    nll = sft_loss(policy_KT[0], mask_KT[0]) if settings.anchor > 0 else None
    return PairTerms(anchored(form.losses(margins_N, settings), settings, nll, kl), margins_N.detach())


def weighted_sum(losses_N: Tensor, weights_N: Tensor) -> Tensor:
    """sum_n w_n l_n, (): divided by the pairs of the optimiser step over all ranks, it is the group's part of the loss.

    VideoPASTA's L = sum_k lambda_k L_k / sum_k lambda_k (arXiv 2504.14096), L_k plain DPO's mean over axis k, is the
    step's mean with w_n = lambda_k N / N_k / sum_k lambda_k, which `groups.weighted_by_axis` gives the rows.

    Args:
        losses_N: losses of some pairs.
        weights_N: weights of their rows, as many.
    """
    if losses_N.shape != weights_N.shape:
        raise ValueError(f"{losses_N.numel()} losses need as many weights, got {weights_N.numel()}")
    return (weights_N * losses_N).sum()
