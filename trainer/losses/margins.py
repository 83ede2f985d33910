"""Log-probabilities of a group's answers become the margins of its pairs. Axes: K answer, T answer token, N pair.

A group has K answers on one visual, the chosen one first, and so N = K - 1 pairs that share the chosen answer.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.loss_settings import LossSettings


@dataclass(frozen=True)
class DifferingTokens:
    """The tokens of each pair that touch the words in which its two answers differ."""

    chosen_NT: Tensor
    """bool: of the chosen answer; each rejected answer has its own."""
    rejected_NT: Tensor
    """bool"""

    def __post_init__(self) -> None:
        if not bool(self.chosen_NT.any(-1).all() and self.rejected_NT.any(-1).all()):
            counts = [each_NT.sum(-1).tolist() for each_NT in (self.chosen_NT, self.rejected_NT)]
            raise ValueError(f"the answers of a pair differ in a token each, got {counts[0]} and {counts[1]} tokens")

    def to(self, device: torch.device) -> "DifferingTokens":
        """The same on another device."""
        return DifferingTokens(self.chosen_NT.to(device), self.rejected_NT.to(device))


@dataclass(frozen=True)
class AnswerRatios:
    """log pi_theta(y_t | v, q, y_<t) - log pi_ref(y_t | v, q, y_<t) of the K answers on one visual."""

    ratios_KT: Tensor
    """0 at padding."""
    mask_KT: Tensor
    """bool: True at the answers' tokens, EOS included."""
    differing: DifferingTokens | None = None
    """Null if it is not known; only form spans reads it."""

    def __post_init__(self) -> None:
        if self.ratios_KT.ndim != 2 or self.ratios_KT.shape != self.mask_KT.shape:
            shapes = f"{tuple(self.ratios_KT.shape)} and {tuple(self.mask_KT.shape)}"
            raise ValueError(f"ratios and mask must both be (K, T), got {shapes}")
        if not bool(self.mask_KT.any(-1).all()):
            raise ValueError(f"every answer needs a scored token, got lengths {self.lengths_K.tolist()}")

    @classmethod
    def of(
        cls, policy_KT: Tensor, reference_KT: Tensor, mask_KT: Tensor, differing: DifferingTokens | None = None
    ) -> "AnswerRatios":
        """From log-probabilities; the reference gets no gradient, and values at padding are not read."""
        zero = policy_KT.new_zeros(())
        policy, reference = torch.where(mask_KT, policy_KT, zero), torch.where(mask_KT, reference_KT.detach(), zero)
        return cls(policy - reference, mask_KT, differing)

    @property
    def deltas_K(self) -> Tensor:
        """Delta(y | v): the sum over the answer's tokens."""
        return self.ratios_KT.sum(-1)

    @property
    def lengths_K(self) -> Tensor:
        """Tokens of each answer, EOS included."""
        return self.mask_KT.sum(-1)


def summed_margins(ratios: AnswerRatios, _settings: LossSettings) -> Tensor:
    """Delta(y_w) - Delta(y_l), (N,). Source: DPO, arXiv 2305.18290, equation 7."""
    return ratios.deltas_K[0] - ratios.deltas_K[1:]


def per_token_margins(ratios: AnswerRatios, _settings: LossSettings) -> Tensor:
    """Delta(y_w) / |y_w| - Delta(y_l) / |y_l|, (N,). Source: length-normalised DPO, Tulu 3, arXiv 2411.15124."""
    means_K = ratios.deltas_K / ratios.lengths_K
    return means_K[0] - means_K[1:]


def desensitised_margins(ratios: AnswerRatios, settings: LossSettings) -> Tensor:
    """Delta'(y_w) - Delta'(y_l), (N,), where Delta' = sum of the first m tokens + alpha times the sum of the others.

    m is the length of the pair's shorter answer, so the chosen answer has a different Delta' in each pair.
    Source: LD-DPO, arXiv 2409.06411; alpha = `length_alpha`: 1 is the plain sum,
    0 cuts both answers to the shorter one's length.
    """
    lengths_K, places_KT = ratios.lengths_K, ratios.mask_KT.cumsum(-1)
    shared_N1 = torch.minimum(lengths_K[0], lengths_K[1:])[:, None]

    def desensitised(ratios_NT: Tensor, places_NT: Tensor) -> Tensor:
        return torch.where(places_NT <= shared_N1, ratios_NT, settings.length_alpha * ratios_NT).sum(-1)

    chosen_N = desensitised(ratios.ratios_KT[:1], places_KT[:1])
    return chosen_N - desensitised(ratios.ratios_KT[1:], places_KT[1:])


def span_margins(ratios: AnswerRatios, _settings: LossSettings) -> Tensor:
    """The sum over the chosen answer's differing tokens minus that over the rejected answer's, (N,).

    Source: RRPO, arXiv 2504.12083. ValueError if it is not known which tokens differ: a pair without them would lose
    its loss, or be pushed on one side alone.
    """
    found, ratios_KT = ratios.differing, ratios.ratios_KT
    if found is None:
        raise ValueError("form spans needs to know the tokens in which the answers of each pair differ")
    zero = ratios_KT.new_zeros(())
    chosen_N = torch.where(found.chosen_NT & ratios.mask_KT[:1], ratios_KT[:1], zero).sum(-1)
    return chosen_N - torch.where(found.rejected_NT & ratios.mask_KT[1:], ratios_KT[1:], zero).sum(-1)
