"""Log-probabilities of made-up groups, for tests of losses. Axes: K answer, T answer token."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Scored:
    """A group as the losses see it, float64."""

    policy_KT: Tensor
    """With gradient."""
    reference_KT: Tensor
    mask_KT: Tensor


def scored(lengths: Sequence[int], seed: int = 0) -> Scored:
    """Answers of these lengths, each token between -6 and 0 nats; 0 at padding."""
    rng = torch.Generator().manual_seed(seed)
    mask_KT = torch.arange(max(lengths))[None] < torch.tensor(lengths)[:, None]

    def drawn() -> Tensor:
        return torch.where(mask_KT, -6 * torch.rand(mask_KT.shape, generator=rng, dtype=torch.float64), 0.0)

    return Scored(drawn().requires_grad_(), drawn(), mask_KT)
