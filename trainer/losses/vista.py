"""VistaDPO's hierarchical loss, arXiv 2504.13122: five terms and their sum. Axis: B row.

A row is one group: one chosen answer y_w, at most one relevant (y_re) and one irrelevant (y_ir) rejected answer, and at
most one visual negative a level. Delta(y|u) sums log pi_theta - log pi_ref over the answer's tokens on the visual u.
Levels are independent: a missing score changes no other level of its row, and no other row.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from schemas.pair import VisualLevel
from trainer.loss_settings import LossSettings, VistaWeights


class Term(StrEnum):
    """The terms of the sum; `TERMS` maps each to its function."""

    ANSWERS = "answers"
    """L_r"""
    INSTANCE = "instance"
    """L_v"""
    TEMPORAL = "temporal"
    """L_c"""
    PERCEPTIVE = "perceptive"
    """L_o"""
    TOKENS = "tokens"
    """L_t"""


@dataclass(frozen=True)
class Known:
    """One score per row, for the rows that have it."""

    values_B: Tensor
    """Any value where the score is absent: it is not read."""
    present_B: Tensor
    """bool"""

    def __post_init__(self) -> None:
        if self.values_B.ndim != 1 or self.values_B.shape != self.present_B.shape:
            shapes = f"{tuple(self.values_B.shape)} and {tuple(self.present_B.shape)}"
            raise ValueError(f"values and presence must both be (B,), got {shapes}")

    @classmethod
    def of_one(cls, value: Tensor | None, like: Tensor) -> "Known":
        """One row: a scalar tensor, or None if there is none."""
        present_B = torch.tensor([value is not None], device=like.device)
        return cls(like.new_zeros(1) if value is None else value.reshape(1), present_B)

    @property
    def filled_B(self) -> Tensor:
        """The values, 0 if absent, so that a NaN there cannot reach a sum or a gradient."""
        return torch.where(self.present_B, self.values_B, self.values_B.new_zeros(()))


@dataclass(frozen=True)
class VisualContrast:
    """Delta(y_w | u) on the two visuals of one level; the level is present if both are."""

    preferred: Known
    """u_w: the full video (instance), the event's clip (temporal), the keyframe (perceptive)."""
    negative: Known
    """u_l: the visual that does not show what y_w asserts."""


@dataclass(frozen=True)
class VistaRows:
    """The scores of B rows; gradients flow through the policy's part of them."""

    chosen_B: Tensor
    """Delta(y_w|v_w)"""
    relevant: Known
    """Delta(y_re|v_w)"""
    irrelevant: Known
    """Delta(y_ir|v_w)"""
    contrasts: Mapping[VisualLevel, VisualContrast]
    """By level; a level that no row has may be left out."""
    kl_chosen: Known
    """K(y_w) = sum_t KL(pi_ref || pi_theta) on v_w; see `sequential_kl`."""
    kl_relevant: Known
    """K(y_re)"""


@dataclass(frozen=True)
class TermRows:
    """One term of B rows."""

    losses_B: Tensor
    """Unweighted; 0 and without gradient if absent."""
    margins_B: Tensor
    """The argument of the sigmoid, with beta; above 0 the row is won at this level."""
    present_B: Tensor
    """bool"""


@dataclass(frozen=True)
class VistaTerms:
    """The loss of B rows, and its terms."""

    losses_B: Tensor
    """L of each row, with the anchor."""
    terms: Mapping[Term, TermRows]
    """The terms whose weight is above 0."""


def one_row(
    chosen: Tensor,
    relevant: Tensor | None = None,
    irrelevant: Tensor | None = None,
    contrasts: Mapping[VisualLevel, tuple[Tensor, Tensor]] | None = None,
    kl: tuple[Tensor, Tensor] | None = None,
) -> VistaRows:
    """A batch of one: Delta of y_w, y_re and y_ir, (preferred, negative) by level, and (K(y_w), K(y_re)); scalars."""
    given = {} if contrasts is None else contrasts
    kl_chosen, kl_relevant = (None, None) if kl is None else kl
    return VistaRows(
        chosen_B=chosen.reshape(1),
        relevant=Known.of_one(relevant, chosen),
        irrelevant=Known.of_one(irrelevant, chosen),
        contrasts={
            level: VisualContrast(Known.of_one(preferred, chosen), Known.of_one(negative, chosen))
            for level, (preferred, negative) in given.items()
        },
        kl_chosen=Known.of_one(kl_chosen, chosen),
        kl_relevant=Known.of_one(kl_relevant, chosen),
    )


def answers_term(rows: VistaRows, settings: LossSettings) -> TermRows:
    """L_r = -log sigma(beta [Delta(y_w|v_w) - b_re Delta(y_re|v_w) - b_ir Delta(y_ir|v_w)]).

    Policy and reference have the same weights, so that a policy equal to its reference has ln 2. If a row has only one
    kind of rejected answer, that one counts b_re + b_ir, so that the margin keeps its scale.
    """
    rejected_B, present_B = _rejected(rows, settings.vista)
    return _term(settings.beta * (rows.chosen_B - rejected_B), present_B)


def instance_term(rows: VistaRows, settings: LossSettings) -> TermRows:
    """L_v = -log sigma(beta [Delta(y_w|v_w) - Delta(y_w|v_l)]): the video against one that was corrupted."""
    return _visual_term(rows, VisualLevel.INSTANCE, settings.beta)


def temporal_term(rows: VistaRows, settings: LossSettings) -> TermRows:
    """L_c = -log sigma(beta [Delta(y_w|c_w) - Delta(y_w|c_l)]): the event's clip against one without the event."""
    return _visual_term(rows, VisualLevel.TEMPORAL, settings.beta)


def perceptive_term(rows: VistaRows, settings: LossSettings) -> TermRows:
    """L_o = -log sigma(beta [Delta(y_w|f_w) - Delta(y_w|f_l)]): the keyframe against one with its object changed."""
    return _visual_term(rows, VisualLevel.PERCEPTIVE, settings.beta)


def tokens_term(rows: VistaRows, settings: LossSettings) -> TermRows:
    """L_t = -log sigma(beta_t [Delta(y_w) - Delta(y_re) - alpha (K(y_re) - sg K(y_w))]).

    Source: TDPO2, arXiv 2404.11999; sg: K(y_w) gets no gradient.
    """
    difference_B = rows.kl_relevant.filled_B - rows.kl_chosen.filled_B.detach()
    margins_B = rows.chosen_B - rows.relevant.filled_B - settings.vista.token_alpha * difference_B
    present_B = rows.relevant.present_B & rows.kl_chosen.present_B & rows.kl_relevant.present_B
    return _term(settings.vista.token_beta * margins_B, present_B)


TERMS: Mapping[Term, Callable[[VistaRows, LossSettings], TermRows]] = {
    Term.ANSWERS: answers_term,
    Term.INSTANCE: instance_term,
    Term.TEMPORAL: temporal_term,
    Term.PERCEPTIVE: perceptive_term,
    Term.TOKENS: tokens_term,
}


def term_weights(weights: VistaWeights) -> dict[Term, float]:
    """The weights of L_r, L_v, L_c, L_o and L_t."""
    return {
        Term.ANSWERS: weights.answers,
        Term.INSTANCE: weights.instance,
        Term.TEMPORAL: weights.temporal,
        Term.PERCEPTIVE: weights.perceptive,
        Term.TOKENS: weights.tokens,
    }


def vista_terms(rows: VistaRows, settings: LossSettings, anchor_B: Tensor | None = None) -> VistaTerms:
    """L = L_r + w_v L_v + lambda L_c + mu L_o + rho L_t, and the anchor; each over the rows that have it.

    A term of weight 0 is not computed, so scores that only it reads get no gradient. The loss of a batch is the
    mean over its rows, whatever terms each has.

    Args:
        rows: scores of B rows.
        settings: weights.
        anchor_B: `sft_loss` of each row's chosen answer; required if `settings.anchor` is above 0.
    """
    weights = term_weights(settings.vista)
    terms = {term: function(rows, settings) for term, function in TERMS.items() if weights[term] > 0}
    losses_B = sum((weights[term] * found.losses_B for term, found in terms.items()), torch.zeros_like(rows.chosen_B))
    if settings.anchor > 0:
        if anchor_B is None:
            raise ValueError(f"an anchor of {settings.anchor:g} needs the chosen answers' negative log-likelihood")
        losses_B = losses_B + settings.anchor * anchor_B
    return VistaTerms(losses_B, terms)


def _rejected(rows: VistaRows, weights: VistaWeights) -> tuple[Tensor, Tensor]:
    """b_re Delta(y_re|v_w) + b_ir Delta(y_ir|v_w), and which rows have either; one alone counts b_re + b_ir."""
    kinds = ((rows.relevant, weights.relevant), (rows.irrelevant, weights.irrelevant))
    shares = [share * answer.present_B.to(rows.chosen_B.dtype) for answer, share in kinds]
    held_B = shares[0] + shares[1]
    present_B = held_B > 0
    scale_B = (weights.relevant + weights.irrelevant) / torch.where(present_B, held_B, 1.0)
    return scale_B * (shares[0] * rows.relevant.filled_B + shares[1] * rows.irrelevant.filled_B), present_B


def _visual_term(rows: VistaRows, level: VisualLevel, beta: float) -> TermRows:
    contrast = rows.contrasts.get(level)
    if contrast is None:
        return _term(rows.chosen_B * 0, torch.zeros_like(rows.chosen_B, dtype=torch.bool))
    present_B = contrast.preferred.present_B & contrast.negative.present_B
    return _term(beta * (contrast.preferred.filled_B - contrast.negative.filled_B), present_B)


def _term(margins_B: Tensor, present_B: Tensor) -> TermRows:
    """-log sigma of the margins that are present."""
    safe_B = torch.where(present_B, margins_B, margins_B.new_zeros(()))
    losses_B = torch.where(present_B, -logsigmoid(safe_B), safe_B.new_zeros(()))
    return TermRows(losses_B, safe_B.detach(), present_B)
