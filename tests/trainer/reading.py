"""An epoch's reading, counted: a set of drawn clips whose files are opened through a meter."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.random import default_rng

from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.shard_writer import ShardSizes
from pipeline.storage.location import Location
from schemas.clip import Clip, Frame
from tests.finished import store, write_set
from trainer.data.clip_cache import ClipCache
from trainer.data.clips import GroupLoader
from trainer.data.groups import group_rows
from trainer.data.records import GroupRows
from trainer.data.shards import clip_places, pair_rows
from trainer.data.step_order import GroupSizes, steps_of_epoch
from trainer.data.windows import shows_segments, windows
from trainer.data_settings import RowSelection

CLIPS = 12
_QUESTIONS = 3
"""Each group of the set is asked so many times, as in a set with many questions about a clip."""
_PADDING = 12_000
"""Bytes that make a JPEG as large as a real one; readers ignore what comes after its end."""
_SIZES = GroupSizes(lambda twins: sum(len(group.rejected) for group in twins), lambda _: 1)


class MeteredFile:
    """A file that adds up what is read of it."""

    def __init__(self, file: pa.NativeFile, read: Callable[[int], None]) -> None:
        self._file, self._read = file, read

    def read(self, size: int = -1) -> bytes:
        """Read and count."""
        content: bytes = self._file.read(None if size < 0 else size)
        self._read(len(content))
        return content

    def seek(self, place: int, whence: int = 0) -> int:
        """Move."""
        return int(self._file.seek(place, whence))

    def tell(self) -> int:
        """Where it is."""
        return int(self._file.tell())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def closed(self) -> bool:
        """Whether it is closed."""
        return bool(self._file.closed)


@dataclass
class MeteredFilesystem:
    """A filesystem whose files add up what is read of them."""

    inner: Any
    read_bytes: int = 0

    def open_input_file(self, path: str) -> pa.PythonFile:
        """Open a file and count what is read."""
        return pa.PythonFile(MeteredFile(self.inner.open_input_file(path), self._count), mode="r")

    def _count(self, size: int) -> None:
        self.read_bytes += size

    def __getattr__(self, name: str) -> Any:
        """Everything else is the filesystem's own."""
        return getattr(self.inner, name)


def write_padded_set(folder: Path) -> Path:
    """A set of `CLIPS` clips with frames as large as real ones, each clip with a row group of its own."""
    whole, rng = write_set(folder / "small", CLIPS), np.random.default_rng(0)

    def padded(frames: tuple[Frame, ...]) -> tuple[Frame, ...]:
        return tuple(one.model_copy(update={"jpeg": one.jpeg + rng.bytes(_PADDING)}) for one in frames)

    def large(clip: Clip) -> Clip:
        segments = [one.model_copy(update={"frames": padded(one.frames)}) for one in clip.segments]
        return clip.model_copy(update={"frames": padded(clip.frames), "segments": tuple(segments)})

    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    path, sizes = folder / "ds", ShardSizes(row_group_bytes=1)
    store(path, pairs, [large(clip) for clip in whole.clips], [], sizes, questions=len({p.group_id for p in pairs}))
    return path


def amplification(address: str, window_bytes: int, *, in_windows: bool) -> float:
    """Bytes that one epoch fetches, in relation to those that its groups show, each counted once.

    Twice the window is held, as in a training. What is read once, however long the epoch, is not counted: the rows of
    the pairs, and where the clips are.
    """
    opened = FinishedSet.open(address)
    meter = MeteredFilesystem(opened.location.filesystem)
    metered = FinishedSet(Location(meter, opened.location.path), opened.manifest)  # type: ignore[arg-type]  # acts as one
    places = clip_places(metered)
    asked = group_rows(pair_rows(metered, places), places, 8, RowSelection.ALL).groups
    groups = [replace(one, group_id=f"{one.group_id}/{n}", twin_of=None) for one in asked for n in range(_QUESTIONS)]
    found = windows(groups, places, default_rng(0), contrasts=False, window_bytes=window_bytes) if in_windows else None
    meter.read_bytes = 0
    loader = GroupLoader(ClipCache(metered, places, held_bytes=2 * window_bytes), 8)
    for step in steps_of_epoch(groups, 16, 0, 0, _SIZES, found):
        for rows in step.groups:
            loader.load(rows, contrasts=False)
    return meter.read_bytes / _shown_bytes(opened, groups)


def _shown_bytes(opened: FinishedSet, groups: list[GroupRows]) -> int:
    clips = {clip.clip_id: clip for clip in opened.records(Clip, "clips")}
    alone = {rows.clip_id for rows in groups if shows_segments(rows, contrasts=False)}
    frames = [frame for clip_id in {rows.clip_id for rows in groups} for frame in clips[clip_id].frames]
    frames += [frame for clip_id in alone for segment in clips[clip_id].segments for frame in segment.frames]
    return sum(len(frame.jpeg) for frame in frames)
