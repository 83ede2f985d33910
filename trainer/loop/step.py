"""The backward passes of one optimiser step: a run makes them, and the benchmarks measure them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from trainer.loop.group_scorer import GroupScorer
from trainer.loop.objective import GroupOutcome
from trainer.scoring.ready_group import ReadyStep


@dataclass(frozen=True)
class BackwardPass:
    """A part of a group whose backward pass has been made."""

    outcome: GroupOutcome
    share: Tensor
    """() its part of the step's loss, without gradient."""
    counts: bool
    """Whether it counts: processes that have less to do repeat a group, or make idle passes."""


def backward_passes(
    scorer: GroupScorer,
    model: nn.Module,
    step: ReadyStep,
    backward: Callable[[GroupOutcome, Tensor], None],
    *,
    processes: int = 1,
    synced: Callable[[bool], AbstractContextManager[Any]] = lambda _is_last: nullcontext(),
) -> Iterator[BackwardPass]:
    """Go through the groups part by part, so that only the visuals of one part are held until its backward pass.

    Args:
        scorer: of the training.
        model: the policy's, possibly under a distributed wrapper.
        step: the groups of this process.
        backward: gets the outcome of a part and its share of the step's loss, and makes the backward pass.
        processes: of the training; they average their gradients.
        synced: a context for each pass, given whether it is the last, after which gradients are added up.
    """
    parts = [(part, counts) for ready, counts in step.groups for part in ready.parts()]
    planned = scorer.in_step([part for part, _ in parts])
    for number, each in enumerate(planned):
        counts = number < len(parts) and parts[number][1]
        with synced(number == len(planned) - 1):
            outcome = scorer.outcome(model, each)
            # gradients are averaged over processes, so each one's share counts as often as there are processes
            share = outcome.loss * (int(counts) * processes / step.pairs)
            backward(outcome, share)
        yield BackwardPass(outcome, share.detach(), counts)
