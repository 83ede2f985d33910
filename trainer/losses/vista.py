"""VistaDPO's hierarchical loss, arXiv 2504.13122: five terms and their sum, of one group. Every tensor is a scalar.

A group has one chosen answer y_w, at most one relevant (y_re) and one irrelevant (y_ir) rejected answer, and visual
negatives at three levels, over which a level takes the mean. Delta(y|u) sums log pi_theta - log pi_ref over the
answer's tokens on the visual u. Levels are independent: a missing score leaves out the terms that read it, and changes
no other.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from torch import Tensor
from torch.nn.functional import logsigmoid

from schemas.visual_negative import VisualLevel
from trainer.loss_settings import LossSettings, VistaWeights
from trainer.losses.pairs import anchored


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
class VisualDeltas:
    """Delta(y_w|u_w) and Delta(y_w|u_l): u_w is the full video (instance), the event's clip (temporal) or the keyframe
    (perceptive), u_l a visual that does not show what y_w asserts.
    """

    level: VisualLevel
    preferred: Tensor
    negative: Tensor
    share: float = 1.0
    """Weight in the level's loss: 1 over the number of the level's contrasts."""


@dataclass(frozen=True)
class VistaScores:
    """The scores of one group, or of a part of one; gradients flow through the policy's part of them."""

    chosen: Tensor | None = None
    """Delta(y_w|v_w); null for a part that holds contrasts of other visuals alone."""
    relevant: Tensor | None = None
    """Delta(y_re|v_w)"""
    irrelevant: Tensor | None = None
    """Delta(y_ir|v_w)"""
    contrasts: Sequence[VisualDeltas] = ()
    kl: tuple[Tensor, Tensor] | None = None
    """K(y_w) and K(y_re), K(y) = sum_t KL(pi_ref || pi_theta) on v_w; see `sequential_kl`."""

    def __post_init__(self) -> None:
        if self.chosen is None and not self.contrasts:
            raise ValueError("a group or a part of one needs the chosen answer's score or a contrast")

    @property
    def any_score(self) -> Tensor:
        """One of the scores."""
        return self.contrasts[0].preferred if self.chosen is None else self.chosen


@dataclass(frozen=True)
class TermLoss:
    """One term of a group."""

    loss: Tensor
    """Unweighted."""
    margins: tuple[Tensor, ...]
    """The arguments of the sigmoid, with beta, without gradient: one for each contrast of a visual level, else one; won
    if above 0."""


@dataclass(frozen=True)
class VistaTerms:
    """The loss of a group, and its terms."""

    loss: Tensor
    """L, with the anchor."""
    terms: Mapping[Term, TermLoss]
    """The terms whose weight is above 0 and whose scores the group has."""


def answers_term(scores: VistaScores, settings: LossSettings) -> TermLoss | None:
    """L_r = -log sigma(beta [Delta(y_w|v_w) - b_re Delta(y_re|v_w) - b_ir Delta(y_ir|v_w)]).

    Policy and reference have the same weights, so that a policy equal to its reference has ln 2. If a group has only
    one kind of rejected answer, that one counts b_re + b_ir, so that the margin keeps its scale.
    """
    rejected = _rejected(scores, settings.vista)
    if scores.chosen is None or rejected is None:
        return None
    return _term(settings.beta * (scores.chosen - rejected))


def instance_term(scores: VistaScores, settings: LossSettings) -> TermLoss | None:
    """L_v = -log sigma(beta [Delta(y_w|v_w) - Delta(y_w|v_l)]): the video against one that was corrupted."""
    return _visual_term(scores, VisualLevel.INSTANCE, settings.beta)


def temporal_term(scores: VistaScores, settings: LossSettings) -> TermLoss | None:
    """L_c = -log sigma(beta [Delta(y_w|c_w) - Delta(y_w|c_l)]): the event's clip against one without the event."""
    return _visual_term(scores, VisualLevel.TEMPORAL, settings.beta)


def perceptive_term(scores: VistaScores, settings: LossSettings) -> TermLoss | None:
    """L_o = -log sigma(beta [Delta(y_w|f_w) - Delta(y_w|f_l)]): the keyframe against one with its object changed."""
    return _visual_term(scores, VisualLevel.PERCEPTIVE, settings.beta)


def tokens_term(scores: VistaScores, settings: LossSettings) -> TermLoss | None:
    """L_t = -log sigma(beta_t [Delta(y_w) - Delta(y_re) - alpha (K(y_re) - sg K(y_w))]).

    Source: TDPO2, arXiv 2404.11999; sg: K(y_w) gets no gradient.
    """
    if scores.chosen is None or scores.relevant is None or scores.kl is None:
        return None
    kl_chosen, kl_relevant = scores.kl
    penalty = settings.vista.token_alpha * (kl_relevant - kl_chosen.detach())
    return _term(settings.vista.token_beta * (scores.chosen - scores.relevant - penalty))


TERMS: Mapping[Term, Callable[[VistaScores, LossSettings], TermLoss | None]] = {
    Term.ANSWERS: answers_term,
    Term.INSTANCE: instance_term,
    Term.TEMPORAL: temporal_term,
    Term.PERCEPTIVE: perceptive_term,
    Term.TOKENS: tokens_term,
}
"""Each gives null if the group lacks a score that it reads."""


def term_weights(weights: VistaWeights) -> dict[Term, float]:
    """The weights of L_r, L_v, L_c, L_o and L_t."""
    return {
        Term.ANSWERS: weights.answers,
        Term.INSTANCE: weights.instance,
        Term.TEMPORAL: weights.temporal,
        Term.PERCEPTIVE: weights.perceptive,
        Term.TOKENS: weights.tokens,
    }


def vista_terms(
    scores: VistaScores, settings: LossSettings, anchor: Tensor | None = None, kl: Tensor | None = None
) -> VistaTerms:
    """L = L_r + w_v L_v + lambda L_c + mu L_o + rho L_t, and the anchors; of the terms that the group has.

    A term of weight 0 is not computed, so scores that only it reads get no gradient.

    Args:
        scores: of one group, or of a part of one; the losses of its parts add up to the group's.
        settings: weights.
        anchor: `sft_loss` of the chosen answer; required with `scores.chosen` if `settings.anchor` is above 0.
        kl: K(y_w) on v_w; required with `scores.chosen` if `settings.anchor_kl` is above 0.
    """
    weights = term_weights(settings.vista)
    made = {term: function(scores, settings) for term, function in TERMS.items() if weights[term] > 0}
    terms = {term: found for term, found in made.items() if found is not None}
    # 0, but with a backward pass: processes that add up gradients make one for a group without terms, too
    nothing = 0.0 * scores.any_score
    loss = sum((weights[term] * found.loss for term, found in terms.items()), nothing)
    return VistaTerms(loss if scores.chosen is None else anchored(loss, settings, anchor, kl), terms)


def _rejected(scores: VistaScores, weights: VistaWeights) -> Tensor | None:
    """b_re Delta(y_re|v_w) + b_ir Delta(y_ir|v_w), one alone with b_re + b_ir; null without either."""
    kinds = ((scores.relevant, weights.relevant), (scores.irrelevant, weights.irrelevant))
    held = [(delta, delta.new_tensor(weight)) for delta, weight in kinds if delta is not None and weight > 0]
    if not held:
        return None
    scale = (weights.relevant + weights.irrelevant) / sum(weight for _, weight in held)
    return scale * sum((weight * delta for delta, weight in held[1:]), held[0][1] * held[0][0])


def _visual_term(scores: VistaScores, level: VisualLevel, beta: float) -> TermLoss | None:
    found = [contrast for contrast in scores.contrasts if contrast.level is level]
    if not found:
        return None
    terms = [_term(beta * (contrast.preferred - contrast.negative)) for contrast in found]
    first, *more = (contrast.share * term.loss for contrast, term in zip(found, terms, strict=True))
    return TermLoss(sum(more, first), tuple(margin for term in terms for margin in term.margins))


def _term(margin: Tensor) -> TermLoss:
    return TermLoss(-logsigmoid(margin), (margin.detach(),))
