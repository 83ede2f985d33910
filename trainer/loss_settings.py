"""What a training recipe says about the loss; the functions that read it are in `trainer/losses/`.

Free of torch, so that a recipe can be read and refused before anything heavy is imported.
"""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from schemas.record import Record


class PairForm(StrEnum):
    """The loss of one pair; `PAIR_LOSSES` maps each to its function."""

    SIGMOID = "sigmoid"
    """DPO; with label smoothing its conservative form."""
    ROBUST = "robust"
    """DPO made unbiased where a known share of the labels is flipped."""
    IPO = "ipo"
    """Squared distance of the margin a token from its target."""
    LENGTH_NORMALISED = "length_normalised"
    """DPO on log-ratios per token."""
    LENGTH_DESENSITISED = "length_desensitised"
    """DPO in which tokens beyond the shorter answer's length count less (LD-DPO)."""


class VistaWeights(Record):
    """The weights of VistaDPO's terms, as its code was released."""

    relevant: float = Field(default=0.7, ge=0)
    """b_re, of the relevant rejected answer inside L_r."""
    irrelevant: float = Field(default=0.3, ge=0)
    """b_ir, of the irrelevant one."""
    answers: float = Field(default=1.0, ge=0)
    """Of L_r."""
    instance: float = Field(default=0.8, ge=0)
    """w_v, of L_v."""
    temporal: float = Field(default=0.6, ge=0)
    """lambda, of L_c."""
    perceptive: float = Field(default=0.4, ge=0)
    """mu, of L_o."""
    tokens: float = Field(default=0.1, ge=0)
    """rho, of L_t; above 0 it needs the hidden states of y_w and y_re."""
    token_beta: float = Field(default=0.1, gt=0)
    """beta_t of TDPO2."""
    token_alpha: float = Field(default=0.5, ge=0)
    """alpha of TDPO2."""

    @property
    def counts(self) -> bool:
        """Whether any term does."""
        return any((self.answers, self.instance, self.temporal, self.perceptive, self.tokens))


class LossSettings(Record):
    """Of every method that prefers."""

    form: PairForm = PairForm.SIGMOID
    """Of the pair loss, of method dpo."""
    beta: float = Field(default=0.1, gt=0)
    """How strongly the policy is held to the reference; tau of IPO."""
    label_smoothing: float = Field(default=0.0, ge=0, lt=0.5)
    """Share of pairs whose labels are taken to be wrong; of method dpo, of every form but ipo."""
    length_alpha: float = Field(default=0.5, ge=0, le=1)
    """How much the tokens beyond the shorter answer count; of form length_desensitised."""
    anchor: float = Field(default=0.0, ge=0)
    """Weight of the negative log-likelihood of chosen, per token, beside a preference loss."""
    vista: VistaWeights = VistaWeights()
    """Of method vistadpo."""

    @model_validator(mode="after")
    def _smooths(self) -> Self:
        if self.label_smoothing and self.form is PairForm.IPO:
            raise ValueError(f"form ipo knows no label_smoothing, got {self.label_smoothing:g}; try form robust")
        return self
