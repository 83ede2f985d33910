"""What one training reads of a set: its groups, those that are held out, and its steps in order."""

from collections.abc import Iterator
from dataclasses import dataclass

from schemas.counted import counted
from schemas.drop import Drop
from trainer.data.clips import ClipShelf, GroupLoader
from trainer.data.groups import group_rows, weighted_by_axis
from trainer.data.held_out import split_rows
from trainer.data.records import GroupRows
from trainer.data.shards import OpenSet, clip_places, pair_rows
from trainer.data.step_order import Measure, OptimiserStep, steps_of_epoch
from trainer.data.twins import first_groups, kins_of, spread_groups
from trainer.recipe import Method, RowSelection, TrainRecipe


@dataclass(frozen=True)
class TrainingData:
    """Groups without their pixels, and what loads those."""

    groups: tuple[GroupRows, ...]
    """To train on."""
    held_out: tuple[GroupRows, ...]
    """Of other videos, to look at: every rejected answer, whatever the method trains on."""
    held_out_by_hash: bool
    """Whether their videos were taken from the training split."""
    drops: tuple[Drop, ...]
    """Rows whose evidence the shown frames leave out."""
    load: GroupLoader
    measure: Measure

    def steps(self, recipe: TrainRecipe) -> list[OptimiserStep]:
        """Every optimiser step of a run, over all its epochs: the same for the same seed."""
        run = recipe.run
        steps = [
            step
            for epoch in range(run.epochs)
            for step in steps_of_epoch(self.groups, run.pairs_per_step, recipe.seed, epoch, self.measure)
        ]
        return steps[: run.max_steps]

    def lines(self) -> Iterator[str]:
        """What is told of it before the first step."""
        pairs, videos = sum(len(group.rejected) for group in self.groups), {group.video_id for group in self.groups}
        twins = sum(group.twin_of is not None for group in self.groups)
        groups = counted(len(self.groups), "group")
        yield f"{groups} of {counted(len(videos), 'video')}, {counted(pairs, 'pair')}; twins: {twins}"
        if self.drops:
            yield f"{len(self.drops)} pairs left out: their evidence is not on the {self.load.num_frames} frames shown"
        how = "taken from the training videos by hash" if self.held_out_by_hash else "the set's validation split"
        yield f"{len(self.held_out)} groups held out: {how}" if self.held_out else "nothing is held out"


def read_training_data(opened: OpenSet, recipe: TrainRecipe, default_frames: int | None) -> TrainingData:
    """Read the rows of a set. DatasetError where they cannot be used."""
    config, clips = recipe.data, clip_places(opened)
    stored = max((len(place.pts_seconds) for place in clips.values()), default=1)
    shown = config.num_frames or min(default_frames or stored, stored)
    rows = split_rows(pair_rows(opened, clips), config.held_out_share)
    trained = group_rows(rows.train, clips, shown, config.rows)
    groups = first_groups(trained.groups, config.max_groups)
    if recipe.loss.axis_weights is not None:
        groups = weighted_by_axis(groups, recipe.loss.axis_weights.by_axis())
    looked_at = RowSelection.ALL if config.rows is RowSelection.CHOSEN else config.rows
    held_out = group_rows(rows.held_out, clips, shown, looked_at)
    load = GroupLoader(ClipShelf(opened, clips), shown)
    return TrainingData(
        groups=tuple(groups),
        held_out=tuple(spread_groups(kins_of(held_out.groups), config.held_out_groups)),
        held_out_by_hash=rows.chosen_by_hash,
        drops=(*trained.drops, *held_out.drops),
        load=load,
        measure=Measure(LossRows(recipe.loss.method), load.tokens),
    )


@dataclass(frozen=True)
class LossRows:
    """How many loss rows a method makes of a group: a pair each for DPO, else one."""

    method: Method

    def __call__(self, group: GroupRows) -> int:
        """Loss rows."""
        return len(group.rejected) if self.method is Method.DPO else 1
