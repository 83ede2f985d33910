"""Chooses the groups of a finished set to evaluate, and their order."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.dataset.finished_set import FinishedSet
from pipeline.evaluation.split import EvaluatedSplit
from schemas.errors import DatasetError
from schemas.hash_order import hash_order
from schemas.video import Split
from trainer.data.clip_cache import ClipCache
from trainer.data.clips import GroupLoader
from trainer.data.groups import group_rows
from trainer.data.held_out import split_rows
from trainer.data.records import GroupRows
from trainer.data.shards import PairRow, clip_places, pair_rows
from trainer.data.twins import first_groups
from trainer.data_settings import DataConfig, RowSelection


@dataclass(frozen=True)
class SelectedGroups:
    """The groups to evaluate."""

    groups: tuple[GroupRows, ...]
    """A group and its twin lie side by side."""
    dropped_pairs: int
    """Pairs left out because none of the shown frames holds their evidence."""
    loader: GroupLoader


def select(
    opened: FinishedSet,
    split: EvaluatedSplit,
    *,
    num_frames: int | None,
    trained: DataConfig,
    seed: int,
    limit: int | None = None,
) -> SelectedGroups:
    """Choose about `limit` groups of a split; a group and its twin stay together. DatasetError if there are none.

    Args:
        opened: the set.
        split: which videos.
        num_frames: frames per clip that the models are shown; None for all stored ones.
        trained: the data settings of the policy's training: which videos it held out, which groups it saw, how large
            frames were.
        seed: decides the order of the groups, and so which ones a limit takes.
        limit: None for all groups.
    """
    places = clip_places(opened)
    rows = _of_split(list(pair_rows(opened, places)), split, trained.held_out_share)
    shown = num_frames or max((len(place.pts_seconds) for place in places.values()), default=1)
    grouped = group_rows(rows, places, shown, RowSelection.ALL)
    found = grouped.groups
    if split is EvaluatedSplit.TRAIN:
        seen = first_groups(group_rows(rows, places, shown, trained.rows).groups, trained.max_groups)
        ids = {group.group_id for group in seen}
        found = tuple(group for group in found if group.group_id in ids)
    groups = _ordered(found, seed, limit)
    if not groups:
        raise DatasetError(
            f"{opened.location} has nothing to evaluate in --split {split.value}: {len(rows)} pairs, "
            f"{len(grouped.drops)} of them without evidence on the {shown} frames shown; try --split all"
        )
    return SelectedGroups(groups, len(grouped.drops), GroupLoader(ClipCache(opened, places), shown, trained.resolution))


def _of_split(rows: list[PairRow], split: EvaluatedSplit, held_out_share: float) -> Sequence[PairRow]:
    if split is EvaluatedSplit.ALL:
        return rows
    if split is EvaluatedSplit.TRAIN:
        return split_rows(rows, held_out_share).train
    own = [row for row in rows if row.split is Split(split.value)]
    if own or split is EvaluatedSplit.TEST or not rows:
        return own
    return split_rows(rows, held_out_share).held_out


def _ordered(groups: Sequence[GroupRows], seed: int, limit: int | None) -> tuple[GroupRows, ...]:
    """Order by hash: the first few come from many videos, and a larger limit only adds to them."""
    ordered = sorted(groups, key=lambda group: (hash_order(str(seed), group.twins_id), group.group_id))
    if limit is None or limit >= len(ordered):
        return tuple(ordered)
    last = ordered[limit - 1].twins_id
    return tuple(group for place, group in enumerate(ordered) if place < limit or group.twins_id == last)
