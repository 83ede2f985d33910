"""Exact sequential KL from hidden states. Axes: T token, D hidden size, V vocabulary, C token of a chunk."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn.functional import linear

_CHUNK_TOKENS = 64
"""Tokens that go through the head at a time: 39 MB of float32 per distribution at a vocabulary of 152,064."""


def sequential_kl(
    policy_TD: Tensor,
    reference_TD: Tensor,
    head_VD: Tensor,
    bias_V: Tensor | None = None,
    *,
    chunk_tokens: int = _CHUNK_TOKENS,
) -> Tensor:
    """KL(pi_ref(. | s_t) || pi_theta(. | s_t)) of each token, (T,), in nats; their sum is K(y).

    It is exact over the whole vocabulary, in at least float32, a few tokens at a time: neither pass holds more than
    `chunk_tokens` x V numbers of a kind. Source: TDPO, arXiv 2404.11999 (sequential KL divergence).

    Args:
        policy_TD: the policy's hidden states that predict the answer's tokens; gradient flows to them alone.
        reference_TD: the reference's at the same tokens.
        head_VD: the frozen weight of lm_head, which both share.
        bias_V: its bias, if it has one.
        chunk_tokens: tokens at a time.

    Raises:
        ValueError: the head is trained, so it no longer equals the reference's; or shapes do not fit.
    """
    if head_VD.requires_grad or (bias_V is not None and bias_V.requires_grad):
        raise ValueError("lm_head is trained: the reference's hidden states no longer give its distribution")
    if policy_TD.shape != reference_TD.shape or policy_TD.shape[-1] != head_VD.shape[-1]:
        shapes = (tuple(policy_TD.shape), tuple(reference_TD.shape), tuple(head_VD.shape))
        raise ValueError(f"expected (T, D), (T, D) and (V, D), got {shapes}")
    kl_T: Tensor = _SequentialKl.apply(policy_TD, reference_TD.detach(), head_VD, bias_V, chunk_tokens)
    return kl_T


class _SequentialKl(torch.autograd.Function):
    """Computes the gradient in the forward pass: it is known in closed form, d KL / d logits = pi_theta - pi_ref.

    So a (T, D) tensor is kept for the backward pass, and not (T, V).
    """

    @staticmethod
    def forward(
        ctx: Any, policy_TD: Tensor, reference_TD: Tensor, head_VD: Tensor, bias_V: Tensor | None, chunk_tokens: int
    ) -> Tensor:
        kls, gradients = [], []
        for start in range(0, len(policy_TD), chunk_tokens):
            chunk = slice(start, start + chunk_tokens)
            policy_CV, reference_CV = (_log_softmax(h[chunk], head_VD, bias_V) for h in (policy_TD, reference_TD))
            probabilities_CV = reference_CV.exp()
            kls.append((probabilities_CV * (reference_CV - policy_CV)).sum(-1))
            if ctx.needs_input_grad[0]:
                gradients.append((policy_CV.exp_().sub_(probabilities_CV)).to(head_VD.dtype) @ head_VD)
        if gradients:
            ctx.save_for_backward(torch.cat(gradients))
        return torch.cat(kls)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient_T: Tensor) -> tuple[Tensor | None, None, None, None, None]:
        if not ctx.needs_input_grad[0]:
            return None, None, None, None, None
        [per_token_TD] = ctx.saved_tensors
        return (gradient_T[:, None] * per_token_TD).to(per_token_TD.dtype), None, None, None, None


def _log_softmax(hidden_CD: Tensor, head_VD: Tensor, bias_V: Tensor | None) -> Tensor:
    logits_CV = linear(hidden_CD.to(head_VD.dtype), head_VD, bias_V)
    return logits_CV.to(torch.promote_types(logits_CV.dtype, torch.float32)).log_softmax(-1)


@dataclass(frozen=True)
class Head:
    """The frozen weights that turn hidden states into logits."""

    weight_VD: Tensor
    bias_V: Tensor | None = None
