"""What a training recipe says about the loss. The docstring of each value is its meaning and its source."""

from enum import StrEnum

from pydantic import Field

from schemas.record import Record


class PairLoss(StrEnum):
    """How the margin of a pair becomes its loss; `PAIR_LOSSES` maps each to its function."""

    SIGMOID = "sigmoid"
    """DPO; with label smoothing the conservative form."""
    ROBUST = "robust"
    """DPO, unbiased where a known share of the labels is flipped."""
    IPO = "ipo"
    """Squared distance of the margin to its target."""


class Reduction(StrEnum):
    """How the tokens of two answers become the margin of their pair; `MARGINS` maps each to its function."""

    SUM = "sum"
    """Every token counts once: the papers' form."""
    PER_TOKEN = "per_token"  # noqa: S105 - a word, not a secret
    """Each answer's mean over its own tokens."""
    DESENSITISED = "desensitised"
    """What the longer answer has beyond the shorter one's length counts `tail_weight` (LD-DPO)."""


class PairSettings(Record):
    """The loss of sft, dpo and videopasta."""

    loss: PairLoss = PairLoss.SIGMOID
    """How a margin becomes a loss."""
    reduction: Reduction = Reduction.SUM
    """How tokens become a margin."""
    beta: float = Field(0.1, gt=0)
    """Scale of a margin; for IPO the tau of its target 1 / (2 tau)."""
    label_smoothing: float = Field(0.0, ge=0, lt=0.5)
    """Share of labels taken to be flipped; sigmoid and robust read it."""
    tail_weight: float = Field(0.5, ge=0, le=1)
    """LD-DPO's alpha: 1 is the plain sum, 0 cuts both answers to the shorter one's length."""
    anchor: float = Field(1.0, ge=0)
    """Weight of the chosen answer's negative log-likelihood a token, added to each pair; 0 is the papers' form."""


class VistaSettings(Record):
    """The loss of vistadpo: arXiv 2504.13122; its paper's letters stand in the docstrings."""

    beta: float = Field(0.1, gt=0)
    """beta of L_r, L_v, L_c and L_o."""
    relevant_share: float = Field(0.7, ge=0)
    """b_re: what the relevant rejected answer counts in L_r."""
    irrelevant_share: float = Field(0.3, ge=0)
    """b_ir: what the irrelevant one counts."""
    instance_weight: float = Field(0.8, ge=0)
    """w_v: weight of L_v."""
    temporal_weight: float = Field(0.6, ge=0)
    """lambda: weight of L_c."""
    perceptive_weight: float = Field(0.4, ge=0)
    """mu: weight of L_o."""
    token_weight: float = Field(0.1, ge=0)
    """rho: weight of L_t; above 0 it needs the hidden states of y_w and y_re."""
    token_beta: float = Field(0.1, gt=0)
    """beta_t of L_t."""
    token_alpha: float = Field(0.5, ge=0)
    """alpha of L_t: what the difference of sequential KL counts."""
    anchor: float = Field(1.0, ge=0)
    """Weight of the chosen answer's negative log-likelihood a token, added to each row; 0 is the paper's form."""
