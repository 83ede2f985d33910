"""A group becomes per-token log-probabilities. Axes: K answer, T answer token, D hidden size."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from torch import Tensor, nn

from trainer.encoded import EncodedGroup
from trainer.families.family import Family, VisionFeatures


class ScorePath(StrEnum):
    """How the answers meet the prompt; one contract, one result."""

    UNSHARED = "unshared"
    """One row per answer: the oracle."""
    MASK = "mask"
    """One row for all, a dense boolean mask."""
    SPLIT = "split"
    """One row for all, attention split into prompt and answers: fast kernels, no dense mask."""


@dataclass(frozen=True)
class Scores:
    """log pi(y_t | visual, question, y_<t) of K answers, padded to the longest."""

    logprobs_KT: Tensor
    """float32, or float64 where the model is; 0 at padding."""
    mask_KT: Tensor
    """bool: True at the answers' tokens, EOS included."""
    hidden_KTD: Tensor | None = None
    """Hidden states that went into the head at those positions, on request; 0 at padding."""

    @property
    def sums_K(self) -> Tensor:
        """log pi(y | visual, question), (K,)."""
        return self.logprobs_KT.sum(-1)

    @property
    def lengths_K(self) -> Tensor:
        """Tokens of each answer, (K,)."""
        return self.mask_KT.sum(-1)


@dataclass(frozen=True)
class PathCheck:
    """What the comparison at the start of a run found."""

    path: ScorePath
    """What the run should use."""
    largest_difference: float
    """Largest |delta logprob| of `split` against `unshared`, in nats."""
    limit: float
    warning: str | None
    """Null where `split` was exact; else one line that says what happened and what is used instead."""


def score(
    model: nn.Module,
    family: Family,
    encoded: EncodedGroup,
    *,
    path: ScorePath = ScorePath.SPLIT,
    features: VisionFeatures | None = None,
    hidden: bool = False,
) -> Scores:
    """Score the K answers of one group. Gradients flow; adapters are as the caller left them (off = reference).

    Args:
        model: what `family.load` gave, bare, under peft or under a distributed wrapper.
        family: its family.
        encoded: the group, on any device.
        path: `family.unshared_because` must be null for MASK and SPLIT.
        features: the visual's features where they are known; else the tower runs, once.
        hidden: return the hidden states at the answers' positions too.
    """
    raise NotImplementedError


def compare_paths(
    model: nn.Module,
    family: Family,
    encoded: EncodedGroup,
    *,
    limit: float = 1e-4,
    warn: Callable[[str], None] | None = None,
) -> PathCheck:
    """Hold SPLIT against UNSHARED in float32 on one group; where it is off, try MASK, then settle for UNSHARED.

    `warn` hears the reason of a fallback.
    """
    raise NotImplementedError
