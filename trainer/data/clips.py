"""Clips of a finished set become the visuals of a group."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from schemas.clip import Clip, Frame
from schemas.errors import DamagedClipError
from schemas.visual_negative import VisualNegative
from stages.visuals.resolution import AS_LARGE_AS_STORED, Resolution
from stages.visuals.seen import evenly
from stages.visuals.source import VisualSource
from stages.visuals.visual import decoded_jpeg
from trainer.data.clip_cache import ClipCache
from trainer.data.group_visuals import contrasts_of
from trainer.data.records import GroupRows, TrainGroup
from trainer.data.windows import shows_segments

_PATCH_PIXELS = 28 * 28 * 2
"""Pixels of one visual token of Qwen2.5-VL, two frames deep: exact enough to sort groups by length."""
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class GroupLoader:
    """Adds pixels to the rows of a group."""

    clips: ClipCache
    num_frames: int
    """Frames that a policy is shown of a clip, and at most of a segment."""
    resolution: Resolution = AS_LARGE_AS_STORED
    """How large they are shown."""

    def load(self, rows: GroupRows, *, contrasts: bool, every: bool = False) -> TrainGroup:
        """The group with its visual, and with its visual negatives if `contrasts`: one of each level, or `every` one.

        DamagedClipError if a frame cannot be decoded, if frames differ in size or if the clip does not bear out what is
        shown of it: nothing is ever shown in its place. DatasetError if the set cannot be read.
        """
        clip = self.clips.clip(rows.clip_id, with_segments=shows_segments(rows, contrasts=contrasts))
        swapped = rows.shown.other_clip_id
        other = None if swapped is None else self.clips.clip(swapped, with_segments=False)
        owner = f"clip {rows.clip_id}, or one that it borrows from"
        source = VisualSource(clip, rows.shown, partial(self._decoded, owner), self.num_frames, other)
        try:
            preferred = source.full()
            made = contrasts_of(rows, preferred, source, self._lent, every=every) if contrasts else ()
        except (ValueError, KeyError) as error:
            raise DamagedClipError(f"group {rows.group_id}: {error.args[0]}") from error
        return TrainGroup(rows, preferred, made)

    def _decoded(self, owner: str, frames: Sequence[Frame]) -> list[NDArray[np.uint8]]:
        """The pixels of stored frames, HWC, as large as shown. ValueError, with `owner`, if one is unreadable."""
        return [self.resolution.fitted(decoded_jpeg(frame, owner)) for frame in frames]

    def _lent(self, negative: VisualNegative) -> Clip | None:
        """The clip that a negative borrows, if it does, with its segments if it shows one."""
        if negative.other_clip_id is None:
            return None
        return self.clips.clip(negative.other_clip_id, with_segments=negative.segment_id is not None)

    def tokens(self, rows: GroupRows) -> int:
        """About how many tokens the group has, estimated from its frames and texts."""
        place = self.clips.places[rows.clip_id]
        shown = min(self.num_frames, len(place.times_of(rows.shown)))
        texts = len(rows.question) + sum(len(answer.text) for answer in rows.answers)
        width, height = self.resolution.size(place.width, place.height)
        return width * height * shown // _PATCH_PIXELS + texts // _CHARACTERS_PER_TOKEN

    def spacing_seconds(self, rows: GroupRows) -> float:
        """Mean time between two shown frames of the group's clip; infinite for one frame."""
        times = self.clips.places[rows.clip_id].times_of(rows.shown)
        shown = [times[index] for index in evenly(len(times), self.num_frames)]
        return (shown[-1] - shown[0]) / (len(shown) - 1) if len(shown) > 1 else math.inf
