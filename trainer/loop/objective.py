"""The scores of a group become its part of the step's loss. Axes: K answer, T token, N pair."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import torch
from torch import Tensor

from schemas.pair import RejectedKind
from stages.models.video_llm.score import Scores
from trainer.loop.family_objective import ScoredMember, family_outcome
from trainer.loop.metrics import PairSeen
from trainer.loop.on_visual import OnVisual, pair_seen
from trainer.losses import (
    AnswerRatios,
    PairTerms,
    Term,
    VistaScores,
    VistaTerms,
    VisualDeltas,
    pair_terms,
    sequential_kl,
    sft_loss,
    vista_terms,
    weighted_sum,
)
from trainer.losses.sequential_kl import Head
from trainer.recipe import LossConfig, Method
from trainer.scoring.ready_group import EncodedContrast, ReadyGroup

Contrasts = Sequence[tuple[EncodedContrast, OnVisual, OnVisual]]
"""Each contrast with its preferred and its negative visual."""


@dataclass(frozen=True)
class GroupOutcome:
    """The loss of a group, or of a part of one, and its pairs."""

    ready: ReadyGroup
    loss: Tensor
    """() sum over its loss rows of weight times loss; with gradient."""
    seen: tuple[PairSeen, ...]
    """Its pairs at every level that was scored; none without a reference to compare with."""


@dataclass(frozen=True)
class Objective:
    """The loss of one group by one method."""

    config: LossConfig
    head: Head | None = None
    """lm_head, if it stays as the reference has it. Required if the loss needs hidden states; with it the KL is told of
    every group that has them."""

    def compares(self, *, held_out: bool) -> bool:
        """Whether a group's scores are compared with the reference's: SFT trains without one."""
        return held_out or self.config.method is not Method.SFT

    def hidden_of(self, ready: ReadyGroup, *, held_out: bool) -> list[tuple[int, ...]]:
        """For each of `ready.visuals` the answers whose KL, and so whose hidden states, are needed.

        L_t needs the chosen and the relevant answer, anchor_kl the chosen one on the group's own visual. A held-out
        group needs the chosen answer on every visual on which it is true.
        """
        chosen: tuple[int, ...] = (0,) if held_out and self.head is not None else ()
        answers = (0,) if self.config.anchor_kl > 0 else chosen
        if self.config.has_tokens_term:
            relevant = ready.rows.place_of(RejectedKind.RELEVANT)
            answers = answers if relevant is None else (0, relevant)
        own = [answers] if ready.with_answers else []
        contrasts = (chosen if must_win else () for must_win in ready.contrasts_must_win)
        return [*own, *contrasts, *(answers for _ in ready.twins)]

    def outcome(self, ready: ReadyGroup, policy: Sequence[Scores], reference: Sequence[Scores]) -> GroupOutcome:
        """Compute loss and pairs from the scores of `ready.visuals` by policy and reference, in order.

        SFT does not need the reference's. A part without visuals has a loss of 0 and no pairs.
        """
        if not policy:
            return GroupOutcome(ready, torch.zeros(()), ())
        on_visuals = [self._on_visual(*scores) for scores in zip(policy, reference, strict=bool(reference))]
        match self.config.method:
            case Method.SFT:
                loss = sft_loss(policy[0].logprobs_KT[0], policy[0].mask_KT[0])
                return GroupOutcome(ready, loss, self._answers_seen(ready, on_visuals))
            case Method.DPO:
                terms = self._pairs(ready, policy[0], reference[0], on_visuals[0])
                weights_N = terms.losses_N.new_tensor([answer.weight for answer in ready.rows.rejected])
                loss = weighted_sum(terms.losses_N, weights_N)
                return GroupOutcome(ready, loss, self._answers_seen(ready, on_visuals, terms.margins_N))
            case Method.TWINS:
                return self._family(ready, policy, reference, on_visuals)
            case Method.VISTADPO if ready.with_answers:
                return self._answers_and_contrasts(ready, policy[0], on_visuals)
            case Method.VISTADPO:
                return self._contrasts_alone(ready, _contrasts(ready, on_visuals))

    def _family(
        self, ready: ReadyGroup, policy: Sequence[Scores], reference: Sequence[Scores], on_visuals: Sequence[OnVisual]
    ) -> GroupOutcome:
        """A group and its twins, each on its own visual."""
        scored = zip(ready.members, policy, reference, on_visuals, strict=True)
        family = [
            ScoredMember(one, own, self._pairs(one, by_policy, by_reference, own))
            for one, by_policy, by_reference, own in scored
        ]
        loss, seen = family_outcome(family, self.config)
        answers = (self._answers_seen(one.ready, [one.own], one.pairs.margins_N) for one in family)
        return GroupOutcome(ready, loss, (*chain.from_iterable(answers), *seen))

    def _pairs(self, ready: ReadyGroup, policy: Scores, reference: Scores, own: OnVisual) -> PairTerms:
        """The pairs of a group on its own visual."""
        found = ready.differing
        differing = None if found is None else found.to(policy.logprobs_KT.device)
        tensors = policy.logprobs_KT, reference.logprobs_KT, policy.mask_KT
        return pair_terms(*tensors, self.config, differing, own.kl_K.get(0))

    def _answers_and_contrasts(self, ready: ReadyGroup, policy: Scores, on_visuals: Sequence[OnVisual]) -> GroupOutcome:
        """VistaDPO on a group, or on the part of it that holds its own visual."""
        own, contrasts = on_visuals[0], _contrasts(ready, on_visuals)
        answers = own.ratios.deltas_K
        relevant, irrelevant = map(ready.rows.place_of, (RejectedKind.RELEVANT, RejectedKind.IRRELEVANT))
        scores = VistaScores(
            chosen=answers[0],
            relevant=None if relevant is None else answers[relevant],
            irrelevant=None if irrelevant is None else answers[irrelevant],
            contrasts=_deltas(contrasts),
            kl=None if relevant is None or not self.config.has_tokens_term else (own.kl_K[0], own.kl_K[relevant]),
        )
        anchor = sft_loss(policy.logprobs_KT[0], policy.mask_KT[0]) if self.config.anchor > 0 else None
        terms = vista_terms(scores, self.config, anchor, own.kl_K.get(0))
        seen = [*self._answers_seen(ready, on_visuals), *_contrasts_seen(ready, terms, contrasts)]
        if Term.TOKENS in terms.terms and relevant is not None:
            [margin] = map(float, terms.terms[Term.TOKENS].margins)
            seen.append(pair_seen(Term.TOKENS, ready.rows, margin, (own, 0), (own, relevant)))
        return GroupOutcome(ready, terms.loss, tuple(seen))

    def _contrasts_alone(self, ready: ReadyGroup, contrasts: Contrasts) -> GroupOutcome:
        """VistaDPO on a part of a group without its own visual."""
        terms = vista_terms(VistaScores(contrasts=_deltas(contrasts)), self.config)
        return GroupOutcome(ready, terms.loss, tuple(_contrasts_seen(ready, terms, contrasts)))

    def _answers_seen(
        self, ready: ReadyGroup, on_visuals: Sequence[OnVisual], margins_N: Tensor | None = None
    ) -> tuple[PairSeen, ...]:
        """Each rejected answer with the chosen one; `margins_N` if the loss does not use the plain sums."""
        if not on_visuals:
            return ()
        own = on_visuals[0]
        deltas_K = own.ratios.deltas_K.detach()
        margins_N = deltas_K[0] - deltas_K[1:] if margins_N is None else margins_N
        seen = (
            pair_seen(Term.ANSWERS, ready.rows, self.config.beta * float(margin), (own, 0), (own, k))
            for k, margin in enumerate(margins_N, start=1)
        )
        return tuple(
            replace(pair, axis=answer.adversary_axis or ready.rows.axis)
            for pair, answer in zip(seen, ready.rows.rejected, strict=True)
        )

    def _on_visual(self, policy: Scores, reference: Scores) -> OnVisual:
        ratios = AnswerRatios.of(policy.logprobs_KT, reference.logprobs_KT, policy.mask_KT)
        return OnVisual(ratios, self._kl(policy, reference))

    def _kl(self, policy: Scores, reference: Scores) -> dict[int, Tensor]:
        """K(y) by answer, for those whose hidden states are known of both models."""
        own, other, head = policy.hidden_KTD, reference.hidden_KTD, self.head
        if own is None or other is None or head is None:
            return {}
        lengths = policy.lengths_K.tolist()
        known = [k for k, length in enumerate(lengths) if bool(torch.isfinite(other[k, :length]).all())]
        return {
            k: sequential_kl(own[k, : lengths[k]], other[k, : lengths[k]], head.weight_VD, head.bias_V).sum()
            for k in known
        }


def _contrasts(ready: ReadyGroup, on_visuals: Sequence[OnVisual]) -> Contrasts:
    """The contrasts with their visuals; `on_visuals` are in the order of `ready.visuals`."""
    rest = iter(on_visuals[1:] if ready.with_answers else on_visuals)
    return [
        (contrast, on_visuals[0] if contrast.preferred is None else next(rest), next(rest))
        for contrast in ready.contrasts
    ]


def _deltas(contrasts: Contrasts) -> list[VisualDeltas]:
    """Delta of the chosen answer on both visuals of each contrast."""
    return [
        VisualDeltas(contrast.level, won.ratios.deltas_K[0], lost.ratios.deltas_K[0], contrast.share)
        for contrast, won, lost in contrasts
    ]


def _contrasts_seen(ready: ReadyGroup, terms: VistaTerms, contrasts: Contrasts) -> Iterator[PairSeen]:
    margins = {term: iter(found.margins) for term, found in terms.terms.items()}
    for contrast, won, lost in contrasts:
        if (of_level := margins.get(Term(contrast.level.value))) is not None:
            yield pair_seen(contrast.level.value, ready.rows, float(next(of_level)), (won, 0), (lost, 0))
