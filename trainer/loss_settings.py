"""The loss settings of a training recipe; the functions that read them are in `trainer/losses/`.

Free of torch, so that a recipe can be read and refused before anything heavy is imported.
"""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.record import Record


class PairForm(StrEnum):
    """The loss of one pair; `PAIR_LOSSES` maps each to its function."""

    SIGMOID = "sigmoid"
    """DPO; with label smoothing, conservative DPO."""
    ROBUST = "robust"
    """DPO that stays unbiased if a known share of the labels is flipped."""
    IPO = "ipo"
    """Squared distance of the margin per token from its target."""
    LENGTH_NORMALISED = "length_normalised"
    """DPO on log-ratios per token."""
    LENGTH_DESENSITISED = "length_desensitised"
    """DPO in which tokens beyond the shorter answer's length count less (LD-DPO)."""
    SPANS = "spans"
    """DPO on the tokens of the words in which the two answers differ, and on no others (RRPO)."""


class VistaWeights(Record):
    """The weights of VistaDPO's terms, as its code was released."""

    relevant: float = Field(default=0.7, ge=0)
    """b_re, weight of the relevant rejected answer inside L_r."""
    irrelevant: float = Field(default=0.3, ge=0)
    """b_ir, weight of the irrelevant rejected answer inside L_r."""
    answers: float = Field(default=1.0, ge=0)
    """Weight of L_r."""
    instance: float = Field(default=0.8, ge=0)
    """w_v, weight of L_v."""
    temporal: float = Field(default=0.6, ge=0)
    """lambda, weight of L_c."""
    perceptive: float = Field(default=0.4, ge=0)
    """mu, weight of L_o."""
    tokens: float = Field(default=0.1, ge=0)
    """rho, weight of L_t; above 0 it needs the hidden states of y_w and y_re."""
    token_beta: float = Field(default=0.1, gt=0)
    """beta_t of TDPO2."""
    token_alpha: float = Field(default=0.5, ge=0)
    """alpha of TDPO2."""

    @property
    def counts(self) -> bool:
        """Whether any term has a weight above 0."""
        return any((self.answers, self.instance, self.temporal, self.perceptive, self.tokens))


class LossSettings(Record):
    """Settings of the preference losses."""

    form: PairForm = PairForm.SIGMOID
    """Form of the pair loss; only for methods dpo and twins."""
    beta: float = Field(default=0.1, gt=0)
    """How strongly the policy is held to the reference; tau of IPO."""
    label_smoothing: float = Field(default=0.0, ge=0, lt=0.5)
    """Share of pairs whose labels are assumed wrong; only for methods dpo and twins, and not for form ipo."""
    length_alpha: float = Field(default=0.5, ge=0, le=1)
    """Weight of the tokens beyond the shorter answer's length; only for form length_desensitised."""
    anchor: float = Field(default=0.0, ge=0)
    """Weight of the negative log-likelihood per token of the chosen answer, added to a preference loss."""
    anchor_kl: float = Field(default=0.0, ge=0)
    """Weight of the KL divergence of the policy from the reference on the chosen answer, summed over its tokens, added
    to a preference loss: once a pair for methods dpo and twins, once a group for vistadpo. RRPO has 0.01."""
    visual_weight: float = Field(default=1.0, ge=0)
    """lambda: weight of a family's visual edges beside its text edges; only for method twins."""
    vista: VistaWeights = VistaWeights()
    """Only for method vistadpo."""

    @model_validator(mode="after")
    def _smooths(self) -> Self:
        if self.label_smoothing and self.form is PairForm.IPO:
            raise ValueError(f"form ipo has no label_smoothing, got {self.label_smoothing:g}; try form robust")
        return self
