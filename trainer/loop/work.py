"""The remaining work of a training, in tokens: the base of the estimate of its time and memory."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from schemas.visual_negative import VisualLevel
from stages.models.video_llm.encoded import EncodedGroup
from stages.models.video_llm.score import ScorePath
from trainer.data.records import GroupRows
from trainer.data.step_order import OptimiserStep, groups_of
from trainer.data.training_data import TrainingData
from trainer.loop.activations import rows_of
from trainer.loop.prefetch import GroupFeed
from trainer.loop.probe import PROBE_TOKENS, probe_rows
from trainer.loop.ranks import Rank
from trainer.recipe import Method, TrainRecipe
from trainer.scoring.ready_group import ReadyGroup


@dataclass(frozen=True)
class Looks:
    """The evaluations of held-out groups that are still to come."""

    count: int = 0
    tokens: int = 0
    """Tokens that each of them scores or reads."""
    new_tokens: int = 0
    """Tokens that the policy writes at each of them, at most."""


@dataclass(frozen=True)
class Work:
    """The remaining work of one process."""

    tokens_per_step: Sequence[int]
    """Tokens of each remaining optimiser step."""
    longest: Sequence[EncodedGroup]
    """The visuals of the longest part of a group: all are held until its backward pass."""
    reference_tokens: int = 0
    """Tokens that the reference scores once."""
    feed_seconds_per_token: float = 0.0
    """Time to decode and encode groups, by all feeders together."""
    looks: Looks = Looks()
    """At held-out groups."""
    sharers: int = 1
    """Processes that share gradients and moments; each loads all weights first."""
    sends_gradients: bool = False
    """Whether processes send each other gradients, which DDP copies for it."""


def work_left(
    data: TrainingData,
    steps: Sequence[OptimiserStep],
    feed: GroupFeed,
    largest: ReadyGroup,
    rank: Rank,
    recipe: TrainRecipe,
    path: ScorePath,
) -> Work:
    """The remaining work of this process.

    Args:
        data: of the training.
        steps: the remaining optimiser steps.
        feed: its encoder is timed on the largest group, whose clip has been read before.
        largest: the largest group, encoded.
        rank: which process this is.
        recipe: of the training.
        path: how answers share a prompt.
    """

    def tokens(part: ReadyGroup) -> int:
        return sum(row.tokens for encoded in part.visuals for row in rows_of(encoded, path))

    of_largest = tokens(largest)
    rows = [member.rows for member in largest.members]
    scale = of_largest / max(1, sum(map(data.sizes.tokens, rows)))
    started = time.perf_counter()
    feed.encoder.encode(*rows)
    seconds_per_token = (time.perf_counter() - started) / of_largest / feed.feeders.count

    def tokens_of(groups: Iterable[GroupRows]) -> int:
        return round(scale * sum(map(data.sizes.tokens, groups)))

    distinct = groups_of(steps)
    trained = 0 if recipe.loss.method is Method.SFT else round(tokens_of(distinct) * _more_visuals(distinct, recipe))
    return Work(
        tokens_per_step=[tokens_of(step.groups) // rank.count for step in steps],
        longest=max(largest.parts(), key=tokens).visuals,
        reference_tokens=(tokens_of(data.held_out) + trained) // rank.count,
        feed_seconds_per_token=seconds_per_token,
        looks=_looks(data, len(steps), rank, recipe, tokens_of),
        sharers=rank.count if rank.sharded else 1,
        sends_gradients=rank.count > 1 and not rank.sharded,
    )


def _looks(
    data: TrainingData,
    steps: int,
    rank: Rank,
    recipe: TrainRecipe,
    tokens_of: Callable[[Iterable[GroupRows]], int],
) -> Looks:
    """One before a fresh training, one every few steps, and one at the end."""
    if not data.held_out:
        return Looks()
    probed = probe_rows(data.held_out, recipe.data.probe_questions)
    return Looks(
        count=1 + -(-steps // recipe.engine.evaluate_every_steps),
        tokens=tokens_of(data.held_out) // rank.count + tokens_of(probed),
        new_tokens=PROBE_TOKENS * len(probed),
    )


def _more_visuals(groups: Sequence[GroupRows], recipe: TrainRecipe) -> float:
    """How many times as many visuals the reference scores as are trained on, if it is asked to choose among them."""
    levels = recipe.loss.visual_levels
    if not recipe.data.visual.asks_reference:
        return 1.0

    def visuals(negatives: Iterable[VisualLevel]) -> int:
        """Its own, and for each negative one, or two with what is preferred."""
        return 1 + sum(1 if level is VisualLevel.INSTANCE else 2 for level in negatives if level in levels)

    every = sum(visuals(negative.level for negative in group.negatives) for group in groups)
    return every / max(1, sum(visuals({negative.level for negative in group.negatives}) for group in groups))
