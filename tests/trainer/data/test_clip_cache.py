"""Clips are held by what was used last, and their columns are read when they are needed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import Any

import pyarrow as pa
import pytest

from pipeline.dataset.finished_set import FinishedSet
from schemas.errors import DamagedClipError
from tests.trainer.trainings import training_set
from trainer.data.clip_cache import ClipCache
from trainer.data.shards import clip_places


@dataclass
class CountingSet:
    """A set that notes which columns were read, and can damage one clip."""

    inner: FinishedSet
    damaged: str = ""
    reads: list[str] = field(default_factory=list)

    def read(self, group: Any, columns: Sequence[str] | None = None) -> pa.Table:
        """Read and note whether segments were read."""
        self.reads.append("segments" if "segments" in (columns or ()) else "frames")
        table = self.inner.read(group, columns)
        rows = [
            {**row, "width": 0} if row["clip_id"] == self.damaged and "width" in row else row
            for row in table.to_pylist()
        ]
        return pa.Table.from_pylist(rows, schema=table.schema)


def cache_of(held_bytes: int = 1 << 20, damaged: str = "") -> tuple[ClipCache, CountingSet]:
    opened = FinishedSet.open(str(training_set()))
    counting: Any = CountingSet(opened, damaged)
    return ClipCache(counting, clip_places(opened), held_bytes), counting


def test_neighbours_are_read_at_once_and_segments_when_they_are_shown() -> None:
    """The four clips of one row group are one read of frames, and one of segments once a clip needs them."""
    clips, counting = cache_of()
    plain = [clips.clip(clip_id, with_segments=False) for clip_id in clips.places]
    assert counting.reads == ["frames"]
    assert all(clip.frames and not clip.segments for clip in plain)
    assert all(clips.clip(clip_id).segments for clip_id in clips.places)
    assert counting.reads == ["frames", "segments"]


def test_without_room_for_two_the_last_one_is_held() -> None:
    """Whatever else its row group brought is let go."""
    clips, _ = cache_of(held_bytes=1)
    for clip_id in sorted(clips.places):
        assert clips.clip(clip_id, with_segments=False).clip_id == clip_id
        assert [held for held, _ in clips._held] == [clip_id]


def test_threads_that_need_one_row_group_read_it_once() -> None:
    """Eight threads ask for the same clip at once."""
    clips, counting = cache_of()
    wanted = min(clips.places)
    threads = [Thread(target=clips.clip, args=(wanted,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counting.reads) == ["frames", "segments"]


def test_a_damaged_clip_leaves_its_neighbours_usable() -> None:
    """It is named each time that it is asked for; the clip beside it can be read."""
    damaged, other = sorted(cache_of()[0].places)[:2]
    clips, counting = cache_of(damaged=damaged)
    for _ in range(2):
        with pytest.raises(DamagedClipError, match=f"clip {damaged}: .*width.*; see vidpref verify"):
            clips.clip(damaged)
    assert clips.clip(other).clip_id == other
    assert counting.reads == ["frames", "segments"]
