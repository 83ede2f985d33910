"""What a group is trained towards: its scores become its part of the step's loss. Axes: K answer, T token, N pair."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from schemas.pair import RejectedKind, VisualLevel
from trainer.feed import ReadyGroup
from trainer.losses import (
    AnswerRatios,
    Term,
    TermRows,
    one_row,
    pair_terms,
    sequential_kl,
    sft_loss,
    vista_terms,
)
from trainer.recipe import LossConfig, Method
from trainer.score import Scores


@dataclass(frozen=True)
class Head:
    """The frozen weights that turn hidden states into logits."""

    weight_VD: Tensor
    bias_V: Tensor | None = None


@dataclass(frozen=True)
class GroupOutcome:
    """What a group comes to."""

    rows: ReadyGroup
    loss: Tensor
    """Sum over its loss rows of weight times loss, (); with gradient."""
    policy: Scores
    """Of its answers, detached."""
    reference_KT: Tensor | None
    """The reference's log-probabilities of them; null for SFT."""
    margins_N: Tensor
    """Of its pairs, unscaled, detached; empty for SFT."""
    terms: dict[Term, TermRows]
    """VistaDPO's, detached; else empty."""


@dataclass(frozen=True)
class Objective:
    """One method's loss of one group."""

    config: LossConfig
    head: Head | None = None
    """Wanted where the loss needs hidden states."""

    def __call__(self, ready: ReadyGroup, policy: Sequence[Scores], reference: Sequence[Scores]) -> GroupOutcome:
        """The outcome, from the scores of `ready.visuals` by policy and reference (none for SFT), in that order."""
        match self.config.method:
            case Method.SFT:
                return self._sft(ready, policy[0])
            case Method.DPO:
                return self._pairs(ready, policy[0], reference[0])
            case Method.VISTADPO:
                return self._vista(ready, policy, reference)

    def _sft(self, ready: ReadyGroup, policy: Scores) -> GroupOutcome:
        loss = sft_loss(policy.logprobs_KT[0], policy.mask_KT[0])
        return GroupOutcome(ready, loss, _detached(policy), None, loss.new_zeros(0), {})

    def _pairs(self, ready: ReadyGroup, policy: Scores, reference: Scores) -> GroupOutcome:
        terms = pair_terms(policy.logprobs_KT, reference.logprobs_KT, policy.mask_KT, self.config)
        weights_N = terms.losses_N.new_tensor([answer.weight for answer in ready.rows.rejected])
        loss = (weights_N * terms.losses_N).sum()
        return GroupOutcome(ready, loss, _detached(policy), reference.logprobs_KT, terms.margins_N, {})

    def _vista(self, ready: ReadyGroup, policy: Sequence[Scores], reference: Sequence[Scores]) -> GroupOutcome:
        ratios = [
            AnswerRatios.of(own.logprobs_KT, other.logprobs_KT, own.mask_KT)
            for own, other in zip(policy, reference, strict=True)
        ]
        answers = ratios[0].deltas_K
        place = {answer.kind: k for k, answer in enumerate(ready.rows.answers)}
        relevant, irrelevant = (place.get(kind) for kind in (RejectedKind.RELEVANT, RejectedKind.IRRELEVANT))
        rows = one_row(
            chosen=answers[0],
            relevant=None if relevant is None else answers[relevant],
            irrelevant=None if irrelevant is None else answers[irrelevant],
            contrasts=_contrasts(ready, [ratio.deltas_K[0] for ratio in ratios]),
            kl=self._kl(policy[0], reference[0], relevant),
        )
        anchor = sft_loss(policy[0].logprobs_KT[0], policy[0].mask_KT[0])[None] if self.config.anchor > 0 else None
        terms = vista_terms(rows, self.config, anchor)
        margins_N = (answers[0] - answers[1:]).detach()
        told = {term: _detached_term(found) for term, found in terms.terms.items()}
        own = _detached(policy[0])
        return GroupOutcome(ready, terms.losses_B.sum(), own, reference[0].logprobs_KT, margins_N, told)

    def _kl(self, policy: Scores, reference: Scores, relevant: int | None) -> tuple[Tensor, Tensor] | None:
        """K(y_w) and K(y_re), where the loss needs them and the group has both."""
        if not self.config.needs_hidden or relevant is None:
            return None
        if self.head is None or policy.hidden_KTD is None or reference.hidden_KTD is None:
            raise ValueError("L_t needs lm_head and the hidden states of policy and reference")
        own, other, head = policy.hidden_KTD, reference.hidden_KTD, self.head
        lengths = policy.lengths_K.tolist()
        sums = [
            sequential_kl(own[k, : lengths[k]], other[k, : lengths[k]], head.weight_VD, head.bias_V).sum()
            for k in (0, relevant)
        ]
        return sums[0], sums[1]


def _contrasts(ready: ReadyGroup, chosen: Sequence[Tensor]) -> dict[VisualLevel, tuple[Tensor, Tensor]]:
    """Delta(y_w) on preferred and negative visual by level; `chosen` goes as `ready.visuals` does."""
    own, *others = chosen
    deltas = iter(others)
    return {
        contrast.level: (own if contrast.preferred is None else next(deltas), next(deltas))
        for contrast in ready.contrasts
    }


def _detached(scores: Scores) -> Scores:
    return Scores(scores.logprobs_KT.detach(), scores.mask_KT)


def _detached_term(term: TermRows) -> TermRows:
    return TermRows(term.losses_B.detach(), term.margins_B, term.present_B)


def is_number(loss: Tensor) -> bool:
    """Whether a loss is finite."""
    return bool(torch.isfinite(loss))
