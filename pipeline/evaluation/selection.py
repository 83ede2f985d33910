"""Which groups of a finished set are evaluated, and in which order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.dataset.finished_set import FinishedSet
from pipeline.evaluation.split import EvaluatedSplit
from schemas.errors import DatasetError
from schemas.video import Split
from trainer.data.clips import ClipShelf, GroupLoader
from trainer.data.groups import group_rows
from trainer.data.held_out import split_rows
from trainer.data.records import GroupRows
from trainer.data.shards import PairRow, clip_places, pair_rows
from trainer.data.twins import first_groups
from trainer.recipe import DataConfig, RowSelection


@dataclass(frozen=True)
class Selected:
    """What is evaluated."""

    groups: tuple[GroupRows, ...]
    """Twins side by side."""
    dropped_pairs: int
    """Pairs whose evidence lies between the frames that are shown."""
    load: GroupLoader


def select(
    opened: FinishedSet,
    split: EvaluatedSplit,
    *,
    num_frames: int | None,
    trained: DataConfig,
    seed: int,
    limit: int | None = None,
) -> Selected:
    """The groups of a split in an order of the seed, about `limit` of them: a group and its twin stay together.

    `trained` is what the policy's training was told of its data: which videos it holds out, which groups it saw.
    DatasetError where there is none.
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
            f"{len(grouped.drops)} of them without their evidence in {shown} frames; try --split all"
        )
    return Selected(groups, len(grouped.drops), GroupLoader(ClipShelf(opened, places), shown))


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
    """By hash, so that the first few are of many videos, and the same few with any limit."""
    ordered = sorted(groups, key=lambda group: (_hash(seed, group.family_id), group.group_id))
    if limit is None or limit >= len(ordered):
        return tuple(ordered)
    last = ordered[limit - 1].family_id
    return tuple(group for place, group in enumerate(ordered) if place < limit or group.family_id == last)


def _hash(seed: int, text: str) -> str:
    return hashlib.sha256(f"{seed}\0{text}".encode()).hexdigest()
