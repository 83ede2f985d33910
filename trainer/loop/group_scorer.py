"""A group becomes its part of the loss: scored by the policy, and compared with the reference."""

from dataclasses import dataclass, replace

import torch
from torch import nn

from trainer.loop.metrics import PairSeen
from trainer.loop.objective import GroupOutcome, Objective
from trainer.loop.ranks import Rank
from trainer.loop.reference_scores import References
from trainer.policy.policy import TrainedPolicy
from trainer.scoring.ready_group import ReadyGroup


@dataclass(frozen=True)
class GroupScorer:
    """Scores a group's visuals by policy and reference, and computes the loss of both."""

    objective: Objective
    references: References

    @property
    def policy(self) -> TrainedPolicy:
        """The policy that is trained."""
        return self.references.policy

    @property
    def rank(self) -> Rank:
        """Which of the processes this is."""
        return self.references.rank

    def outcome(self, model: nn.Module, ready: ReadyGroup, *, held_out: bool = False) -> GroupOutcome:
        """The loss and the pairs of a group or a part of one.

        Args:
            model: the policy's, possibly under a distributed wrapper.
            ready: the group.
            held_out: also compute what training does not need: the KL, and for SFT its pairs.
        """
        score, hidden_of = self.references.scorer.score, self.references.hidden_of(ready, held_out=held_out)
        passes = self.rank.most(len(ready.visuals))
        with self.policy.computing():
            own = [
                score(model, encoded, hidden=bool(wanted))
                for encoded, wanted in zip(ready.visuals, hidden_of, strict=True)
            ]
            idle = [score(model, ready.answers, hidden=False) for _ in range(passes - len(own))]
        device = (own or idle)[0].logprobs_KT.device
        reference = self.references.scores_of(ready, held_out=held_out)
        outcome = self.objective.outcome(ready, own, [scores.to(device) for scores in reference])
        # an idle pass counts for nothing, but its backward pass has to be made in step too
        return replace(outcome, loss=outcome.loss + sum(0.0 * scores.logprobs_KT.sum() for scores in idle))

    @torch.no_grad()
    def held_out_pairs(self, model: nn.Module, ready: ReadyGroup) -> tuple[PairSeen, ...]:
        """The pairs of a held-out group, without dropout and without gradient."""
        model.eval()
        return self.outcome(model, ready, held_out=True).seen
