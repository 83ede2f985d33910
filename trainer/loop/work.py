"""The remaining work of a training, in tokens: the base of the estimate of its time and memory."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from trainer.data.step_order import OptimiserStep
from trainer.data.training_data import TrainingData
from trainer.loop.prefetch import GroupEncoder
from trainer.loop.ranks import Rank
from trainer.recipe import Method, TrainRecipe
from trainer.scoring.ready_group import ReadyGroup


@dataclass(frozen=True)
class Work:
    """The remaining work of one process."""

    tokens_per_step: Sequence[int]
    """Tokens of each remaining optimiser step."""
    longest: Sequence[int]
    """Tokens of each visual of the longest part of a group: all are held until its backward pass."""
    reference_tokens: int = 0
    """Tokens that the reference scores once."""
    feed_seconds_per_token: float = 0.0
    """Time to decode and encode groups."""
    sharers: int = 1
    """Processes that share gradients and moments; each loads all weights first."""


def work_left(
    data: TrainingData,
    steps: Sequence[OptimiserStep],
    encoder: GroupEncoder,
    largest: ReadyGroup,
    rank: Rank,
    recipe: TrainRecipe,
) -> Work:
    """The remaining work of this process.

    Args:
        data: of the training.
        steps: the remaining optimiser steps.
        encoder: encodes groups; it is timed on the largest group, whose clip has been read before.
        largest: the largest group, encoded.
        rank: which process this is.
        recipe: of the training.
    """
    by_part = [[encoded.shared_tokens for encoded in part.visuals] for part in largest.parts()]
    of_largest = sum(map(sum, by_part))
    scale = of_largest / max(1, data.sizes.tokens(largest.rows))
    started = time.perf_counter()
    encoder.encode(largest.rows)
    seconds_per_token = (time.perf_counter() - started) / of_largest
    distinct = {group.group_id: group for step in steps for group in step.groups}.values()
    has_reference = recipe.loss.method is not Method.SFT
    return Work(
        tokens_per_step=[round(scale * sum(map(data.sizes.tokens, step.groups))) // rank.count for step in steps],
        longest=max(by_part, key=sum),
        reference_tokens=round(scale * sum(map(data.sizes.tokens, distinct))) // rank.count if has_reference else 0,
        feed_seconds_per_token=seconds_per_token,
        sharers=rank.count if rank.sharded else 1,
    )
