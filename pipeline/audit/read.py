"""Reads what blind readers see of a set: its questions with their answers."""

from collections.abc import Iterator
from typing import Any

from pipeline.blind_readers.groups import COLUMNS, BlindGroup, groups_from_rows
from schemas.hash_order import hash_order
from trainer.data.shards import OpenSet

MAX_VIDEOS = 5_000
"""At most this many videos are read, chosen by a hash of their ids: more would hardly narrow the intervals."""


def read_groups(opened: OpenSet, max_videos: int = MAX_VIDEOS) -> list[BlindGroup]:
    """What blind readers see of at most `max_videos` of a set's videos. Raises DatasetError if it is damaged."""
    videos = {video_id for rows in _columns(opened, ("video_id",)) for video_id in rows["video_id"]}
    taken = set(sorted(videos, key=hash_order)[:max_videos])
    rows = (
        dict(zip(COLUMNS, row, strict=True))
        for part in _columns(opened, COLUMNS)
        for row in zip(*(part[name] for name in COLUMNS), strict=True)
    )
    return groups_from_rows(row for row in rows if row["video_id"] in taken)


def _columns(opened: OpenSet, names: tuple[str, ...]) -> Iterator[dict[str, list[Any]]]:
    for group in opened.row_groups("pairs"):
        yield opened.read(group, names).to_pydict()
