"""Clips of a finished set become the visuals of a group. A few clips are held as JPEG, pixels only while in use."""

import math
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from schemas.arrow import from_table
from schemas.clip import Clip, Frame
from schemas.errors import DatasetError
from stages.visuals.seen import evenly
from stages.visuals.source import VisualSource
from stages.visuals.visual import decoded_jpeg
from trainer.data.group_visuals import contrasts_of
from trainer.data.records import GroupRows, TrainGroup
from trainer.data.shards import ClipPlace, OpenSet

_HELD_BYTES = 512 << 20
_PATCH_PIXELS = 28 * 28 * 2
"""Pixels of one visual token of Qwen2.5-VL, two frames deep: exact enough to sort groups by length."""
_CHARACTERS_PER_TOKEN = 4


@dataclass
class ClipCache:
    """Clips by id, read on demand; the most recently used ones are held as JPEG, up to `held_bytes`.

    Threads may share it: the feed reads ahead while held-out groups are scored.
    """

    opened: OpenSet
    places: Mapping[str, ClipPlace]
    held_bytes: int = _HELD_BYTES
    _held: OrderedDict[str, Clip] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def clip(self, clip_id: str) -> Clip:
        """The clip. KeyError if the set has none with that id, DatasetError if it cannot be read."""
        with self._lock:
            if clip_id not in self._held:
                place = self.places[clip_id]
                [self._held[clip_id]] = from_table(Clip, self.opened.read(place.row_group).slice(place.row, 1))
                while len(self._held) > 1 and sum(map(_jpeg_bytes, self._held.values())) > self.held_bytes:
                    self._held.popitem(last=False)
            self._held.move_to_end(clip_id)
            return self._held[clip_id]


@dataclass(frozen=True)
class GroupLoader:
    """Adds pixels to the rows of a group."""

    clips: ClipCache
    num_frames: int
    """Frames that a policy is shown of a clip, and at most of a segment."""

    def load(self, rows: GroupRows, *, contrasts: bool) -> TrainGroup:
        """The group with its visual, and with its visual negatives if `contrasts`.

        DatasetError if a frame cannot be decoded, or if frames differ in size: nothing is ever shown in its place.
        """
        clip = self.clips.clip(rows.clip_id)
        swapped = rows.shown.other_clip_id
        other = None if swapped is None else self.clips.clip(swapped)
        owner = f"group {rows.group_id} on clip {rows.clip_id}, or a clip that it borrows from"
        source = VisualSource(clip, rows.shown, partial(_decoded, owner), self.num_frames, other)
        try:
            preferred = source.full()
            made = contrasts_of(rows, preferred, source, self.clips.clip) if contrasts else ()
        except ValueError as error:
            raise DatasetError(str(error)) from error
        return TrainGroup(rows, preferred, made)

    def tokens(self, rows: GroupRows) -> int:
        """About how many tokens the group has, estimated from its frames and texts."""
        place = self.clips.places[rows.clip_id]
        shown = min(self.num_frames, len(place.times_of(rows.shown)))
        texts = len(rows.question) + sum(len(answer.text) for answer in rows.answers)
        return place.width * place.height * shown // _PATCH_PIXELS + texts // _CHARACTERS_PER_TOKEN

    def spacing_seconds(self, rows: GroupRows) -> float:
        """Mean time between two shown frames of the group's clip; infinite for one frame."""
        times = self.clips.places[rows.clip_id].times_of(rows.shown)
        shown = [times[index] for index in evenly(len(times), self.num_frames)]
        return (shown[-1] - shown[0]) / (len(shown) - 1) if len(shown) > 1 else math.inf


def _decoded(owner: str, frames: Sequence[Frame]) -> list[NDArray[np.uint8]]:
    """The pixels of stored frames, HWC. ValueError, with `owner`, if one cannot be read."""
    return [decoded_jpeg(frame, owner) for frame in frames]


def _jpeg_bytes(clip: Clip) -> int:
    segments = [frame for segment in clip.segments for frame in segment.frames]
    return sum(len(frame.jpeg) for frame in (*clip.frames, *segments))
