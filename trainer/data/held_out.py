"""Which videos are trained on, and which are held out for evaluation: never both."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Self

from schemas.errors import DatasetError
from schemas.hash_order import hash_order
from schemas.video import Split
from trainer.data.shards import PairRow


@dataclass(frozen=True)
class SplitRows:
    """The rows of a set by use."""

    train: tuple[PairRow, ...]
    held_out: tuple[PairRow, ...]
    chosen_by_hash: bool
    """Whether the held-out videos were taken from the training split because the set has no validation split."""
    held_out_elsewhere: int = 0
    """Rows that are not trained on because another of several sets holds their video out."""

    def without(self, group_ids: Collection[str]) -> Self:
        """The same without the rows of some groups. DatasetError if nothing is left to train on."""
        train, held_out = (
            tuple(row for row in rows if row.group_id not in group_ids) for rows in (self.train, self.held_out)
        )
        if not train:
            raise DatasetError("--reviews: people object to every question to train on; there is nothing left")
        return replace(self, train=train, held_out=held_out)


def split_rows(rows: Iterable[PairRow], held_out_share: float) -> SplitRows:
    """Rows to train on, and rows of held-out videos: the validation split, else a share of the training videos.

    Rows of the test split are for `evaluate`. DatasetError if there is nothing to train on.
    """
    by_split: dict[Split, list[PairRow]] = {split: [] for split in Split}
    for row in rows:
        by_split[row.split].append(row)
    train, held_out = by_split[Split.TRAIN], by_split[Split.VALIDATION]
    if not train:
        counts = ", ".join(f"{len(found)} {split.value}" for split, found in by_split.items())
        raise DatasetError(f"--data has no row in the split train ({counts}); build a set with more videos")
    both = {row.video_id for row in train} & {row.video_id for row in held_out}
    if both:
        raise DatasetError(f"video {min(both)} has rows of the splits train and validation; build the set again")
    if held_out or not held_out_share:
        return SplitRows(tuple(train), tuple(held_out), chosen_by_hash=False)
    videos = sorted({row.video_id for row in train}, key=hash_order)
    taken = set(videos[: min(len(videos) - 1, max(1, round(len(videos) * held_out_share)))])
    return SplitRows(
        tuple(row for row in train if row.video_id not in taken),
        tuple(row for row in train if row.video_id in taken),
        chosen_by_hash=True,
    )
