"""The data of one training: the groups to train on, the held-out groups, and the steps in order."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from numpy.random import SeedSequence, default_rng

from schemas.counted import counted
from schemas.drop import Drop
from trainer.data.clip_cache import ClipCache
from trainer.data.clips import GroupLoader
from trainer.data.easy_first import lots, row_difficulty
from trainer.data.groups import group_rows, refuse_without_spans, weighted_by_axis
from trainer.data.held_out import split_rows
from trainer.data.joined_sets import JoinedSets
from trainer.data.records import GroupRows
from trainer.data.shards import OpenSet, clip_places, pair_rows
from trainer.data.step_order import GroupSizes, OptimiserStep, steps_of_epoch
from trainer.data.twin_edges import edges_line
from trainer.data.twins import TwinGroups, first_groups, grouped_with_twins, spread_groups
from trainer.data.windows import windows
from trainer.data_settings import DifficultyMeasure, RowSelection, TrainingOrder
from trainer.loss_settings import PairForm
from trainer.recipe import Method, TrainRecipe

_WINDOWS = 1
"""Makes the seed of the windows another one than that of the order within them."""


@dataclass(frozen=True)
class TrainingData:
    """Groups without their pixels, and the loader of the pixels."""

    groups: tuple[GroupRows, ...]
    """To train on."""
    held_out: tuple[GroupRows, ...]
    """Groups of other videos, to evaluate on: with every rejected answer, whatever the method trains on."""
    held_out_by_hash: bool
    """Whether their videos were taken from the training split."""
    held_out_elsewhere: int
    """Rows that are not trained on because another of several sets holds their video out."""
    drops: tuple[Drop, ...]
    """Rows whose evidence the shown frames miss."""
    loader: GroupLoader
    sizes: GroupSizes
    families: str | None = None
    """For method twins, a line about the families to train on."""

    def steps(self, recipe: TrainRecipe, difficulty: Mapping[str, float] | None = None) -> list[OptimiserStep]:
        """Every optimiser step of a run, over all its epochs; the same for the same seed and difficulties.

        Difficulties are by group id, on any scale. Without them the rows' own count, or, for a recipe that asks the
        reference for them, all groups are equally hard: so the number of steps is known before.
        """
        if recipe.data.order is TrainingOrder.SHUFFLED:
            steps = self._epochs(self.groups, recipe)
        else:
            if difficulty is None and recipe.data.difficulty is DifficultyMeasure.REFERENCE:
                difficulty = {group.group_id: 0.0 for group in self.groups}
            of_group = row_difficulty if difficulty is None else lambda group: difficulty.get(group.group_id)
            stages = enumerate(lots(self.groups, recipe.data.stages, of_group), start=1)
            steps = [replace(step, stage=stage) for stage, lot in stages for step in self._epochs(lot, recipe, stage)]
        return steps[: recipe.run.max_steps]

    def _epochs(self, groups: Sequence[GroupRows], recipe: TrainRecipe, stage: int = 1) -> list[OptimiserStep]:
        """Steps of some groups over all epochs; the same groups in another stage have another order."""
        first = (stage - 1) * recipe.run.epochs
        return [
            step
            for epoch in range(first, first + recipe.run.epochs)
            for step in steps_of_epoch(
                groups,
                recipe.run.pairs_per_step,
                recipe.seed,
                epoch,
                self.sizes,
                self._windows(groups, recipe, epoch),
            )
        ]

    def _windows(self, groups: Sequence[GroupRows], recipe: TrainRecipe, epoch: int) -> dict[str, int]:
        rng, contrasts = default_rng(SeedSequence([recipe.seed, epoch, _WINDOWS])), bool(recipe.loss.visual_levels)
        return windows(groups, self.loader.clips.places, rng, contrasts=contrasts)

    def lines(self) -> Iterator[str]:
        """The lines to print before the first step."""
        pairs, videos = sum(len(group.rejected) for group in self.groups), {group.video_id for group in self.groups}
        twins = sum(group.twin_of is not None for group in self.groups)
        groups = counted(len(self.groups), "group")
        yield f"{groups} of {counted(len(videos), 'video')}, {counted(pairs, 'pair')}; twins: {twins}"
        if self.drops:
            left_out = counted(len(self.drops), "pair")
            yield f"{left_out} left out: none of the {self.loader.num_frames} shown frames shows the evidence"
        if self.families is not None:
            yield self.families
        if self.held_out_elsewhere:
            yield f"{counted(self.held_out_elsewhere, 'pair')} left out: another set holds their videos out"
        how = "from training videos, chosen by hash" if self.held_out_by_hash else "the set's validation split"
        yield f"{counted(len(self.held_out), 'group')} held out: {how}" if self.held_out else "nothing is held out"

    def densest(self) -> GroupRows:
        """The group whose shown frames are closest to each other in time; the first of equals."""
        return min(self.groups, key=self.loader.spacing_seconds)


def read_training_data(
    opened: OpenSet, recipe: TrainRecipe, default_frames: int | None, left_out: Collection[str] = ()
) -> TrainingData:
    """Read the rows of a set. DatasetError if they cannot be used.

    Args:
        opened: the set.
        recipe: of the training.
        default_frames: frames of a clip that the model was made for; null if it is not fixed.
        left_out: ids of groups that are neither trained nor evaluated on. Which videos are held out does not depend on
            them, so that `evaluate` never asks about a video that was trained on.
    """
    config, clips = recipe.data, clip_places(opened)
    stored = max((len(place.pts_seconds) for place in clips.values()), default=1)
    shown = config.num_frames or min(default_frames or stored, stored)
    joined = opened if isinstance(opened, JoinedSets) else None
    rows = (joined.split if joined else split_rows)(pair_rows(opened, clips), config.held_out_share)
    rows = rows.without(left_out)
    trained = group_rows(rows.train, clips, shown, config.rows)
    pairs = partial(loss_rows, recipe.loss.method)
    groups = first_groups(joined.in_shares(trained.groups, pairs) if joined else trained.groups, config.max_groups)
    if recipe.loss.axis_weights is not None:
        groups = weighted_by_axis(groups, recipe.loss.axis_weights.by_axis())
    evaluated = RowSelection.ALL if config.rows is RowSelection.CHOSEN else config.rows
    held_out = group_rows(rows.held_out, clips, shown, evaluated)
    if recipe.loss.form is PairForm.SPANS:
        refuse_without_spans((*groups, *held_out.groups))
    loader = GroupLoader(ClipCache(opened, clips), shown, config.resolution)
    families = edges_line(grouped_with_twins(groups)) if recipe.loss.method is Method.TWINS else None
    return TrainingData(
        groups=tuple(groups),
        held_out=tuple(spread_groups(grouped_with_twins(held_out.groups), config.held_out_groups)),
        held_out_by_hash=rows.chosen_by_hash,
        held_out_elsewhere=rows.held_out_elsewhere,
        drops=(*trained.drops, *held_out.drops),
        loader=loader,
        sizes=GroupSizes(pairs, loader.tokens),
        families=families,
    )


def loss_rows(method: Method, twins: TwinGroups) -> int:
    """Loss rows of a group and its twins: one per pair for DPO, one for all of them for twins, else one per group."""
    if method is Method.DPO:
        return sum(len(group.rejected) for group in twins)
    return 1 if method is Method.TWINS else len(twins)
