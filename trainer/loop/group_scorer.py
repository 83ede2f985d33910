"""A group becomes its part of the loss: scored by the policy, and compared with the reference."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

import torch
from torch import nn

from schemas.errors import OutputError
from stages.models.video_llm.score import Scores
from trainer.loop.metrics import PairSeen
from trainer.loop.objective import GroupOutcome, Objective
from trainer.loop.passes import Passes, joined
from trainer.loop.ranks import Rank
from trainer.policy.policy import TrainedPolicy
from trainer.recipe import LossConfig
from trainer.scoring.ready_group import ReadyGroup
from trainer.scoring.scorer import Scorer


@dataclass(frozen=True)
class Planned:
    """A group or a part of one, with the forward passes that all processes make for theirs."""

    ready: ReadyGroup
    passes: Passes
    held_out: bool = False
    """Whether to compute also what training does not need: the KL, and for SFT its pairs."""


@dataclass(frozen=True)
class GroupScorer:
    """Scores a group's visuals by policy and reference, and computes the loss of both."""

    objective: Objective
    scorer: Scorer
    rank: Rank

    @classmethod
    def of(cls, loss: LossConfig, scorer: Scorer, rank: Rank) -> "GroupScorer":
        """For a loss: the KL needs a head that the reference shares."""
        policy = scorer.policy
        return cls(Objective(loss, policy.head if policy.head_is_frozen else None), scorer, rank)

    @property
    def policy(self) -> TrainedPolicy:
        """The policy that is trained."""
        return self.scorer.policy

    def in_step(self, parts: Sequence[ReadyGroup], *, held_out: bool = False) -> list[Planned]:
        """This process's parts, and idle ones if another that shares the model with it has more.

        Processes that share the model must all call it, as often as each other: this is where they agree.
        """
        if not self.rank.sharded:
            return [Planned(part, Passes(len(part.visuals)), held_out) for part in parts]
        of_all = self.rank.gathered([self._wanted(part, held_out=held_out) for part in parts])
        pairs = zip_longest(parts, joined(of_all), fillvalue=parts[-1].idle)
        return [Planned(part, passes, held_out) for part, passes in pairs if isinstance(passes, Passes)]

    def outcome(self, model: nn.Module, planned: Planned) -> GroupOutcome:
        """The loss and the pairs of a group or a part of one; `model` may be under a distributed wrapper."""
        ready, visuals = planned.ready, planned.ready.visuals
        hidden_of = self.objective.hidden_of(ready, held_out=planned.held_out)
        own = [
            self.scorer.own(model, encoded, hidden=bool(wanted))
            for encoded, wanted in zip(visuals, hidden_of, strict=True)
        ]
        idle = [self.scorer.own(model, ready.answers, hidden=False) for _ in range(planned.passes.policy - len(own))]
        device = (own or idle)[0].logprobs_KT.device
        outcome = self.objective.outcome(ready, own, [scores.to(device) for scores in self.references(planned)])
        # an idle pass counts for nothing, but its backward pass has to be made in step too
        return replace(outcome, loss=outcome.loss + sum(0.0 * scores.logprobs_KT.sum() for scores in idle))

    @torch.no_grad()
    def held_out_pairs(self, model: nn.Module, ready: ReadyGroup) -> tuple[PairSeen, ...]:
        """The pairs of a held-out group, without dropout and without gradient."""
        model.eval()
        [planned] = self.in_step([ready], held_out=True)
        return self.outcome(model, planned).seen

    def references(self, planned: Planned, *, before_training: bool = False) -> list[Scores]:
        """The reference's scores of the group's visuals, in order; none if the loss does not need them.

        OutputError if the policy does not keep its reference and a score was not made before its first step.
        """
        may_make = before_training or self.policy.keeps_reference
        return list(self._references(planned, may_make=may_make))

    def _references(self, planned: Planned, *, may_make: bool) -> Iterator[Scores]:
        ready, remade = planned.ready, planned.passes.reference
        if not self.objective.compares(held_out=planned.held_out):
            return
        wanted = self.objective.hidden_of(ready, held_out=planned.held_out)
        for number, (encoded, hidden_of) in enumerate(zip(ready.visuals, wanted, strict=True)):
            found = self.scorer.cache.get(encoded, hidden_of)
            if found is None and not may_make:
                raise OutputError(
                    f"the reference's scores of group {ready.rows.group_id} are missing, and the model that could "
                    "make them is trained already; run again with another --out"
                )
            # a process that finds a score makes it too if another that shares the model with it does not find it
            if found is None or remade[number : number + 1] == (True,):
                made = self.scorer.of_reference(encoded, hidden=bool(hidden_of))
                found = self.scorer.cache.put(encoded, made, hidden_of) if found is None else found
            yield found
        for _ in filter(None, remade[len(ready.visuals) :]):
            self.scorer.of_reference(ready.answers, hidden=False)

    def _wanted(self, part: ReadyGroup, *, held_out: bool) -> Passes:
        """The passes that this process would make by itself."""
        if not self.objective.compares(held_out=held_out):
            return Passes(len(part.visuals))
        wanted = self.objective.hidden_of(part, held_out=held_out)
        missing = (self.scorer.cache.get(*one) is None for one in zip(part.visuals, wanted, strict=True))
        return Passes(len(part.visuals), tuple(missing))
