"""What the visuals of one pair are made from: its clip as it is stored, and what is shown of it.

Axes: N frames, H rows, W columns, C = red green blue.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from schemas.clip import Frame, UnitClip
from schemas.scene import Scene
from schemas.shown import EditKind, Shown
from schemas.visual_negative import VisualNegative
from stages.drawing.painting import Pixels
from stages.drawing.rectangles import Rect
from stages.visuals.pictures import with_looks
from stages.visuals.plan import PlannedFrame, planned
from stages.visuals.seen import evenly
from stages.visuals.visual import Visual


@dataclass(frozen=True)
class VisualSource:
    """What the visuals of one pair are made from. Edits come first, then frames are chosen, then they are decoded."""

    clip: UnitClip
    """The pair's clip, as it is stored."""
    show: Shown
    """What the pair shows of it."""
    decode: Callable[[Sequence[Frame]], Sequence[Pixels]]
    """The RGB pixels of stored frames, each HWC."""
    num_frames: int | None = None
    """So many frames are shown at most, evenly chosen; None: all."""
    other: UnitClip | None = None
    """The clip that a stretch is swapped with, if one is."""

    def full(self) -> Visual:
        """All that is shown: the clip, or the segment that is shown alone, after the edits."""
        return self.shown_as(self.show)

    def shown_as(self, show: Shown) -> Visual:
        """The clip as something else shows it. ValueError if the stored frames do not bear its edits out."""
        return self._made(planned(self.clip, show, self.other))

    def segment(self, segment_id: str | None) -> Visual:
        """A stored segment of the clip, after the edits. KeyError if the clip has no segment of that id."""
        if segment_id is None:
            raise KeyError(f"clip {self.clip.clip_id} has no segment {segment_id}")
        return self.shown_as(Shown(segment_id=segment_id, edits=self.show.edits))

    def keyframe(self, frame_index: int) -> Visual:
        """One stored frame of the clip, after the edits."""
        frame = self.clip.frames[frame_index]
        return self._made([one for one in planned(self.clip, self.show, self.other) if one.frame is frame][:1])

    def as_stored(self, frames: Sequence[Frame]) -> Visual:
        """Frames of any clip as they are stored."""
        return self._made([PlannedFrame(frame, frame.pts_seconds) for frame in frames])

    def box(self, track_id: str, frame_index: int) -> Rect | None:
        """Where the edited frame shows a track; None if it does not."""
        return edited_rect(stored_rect(self.clip.scene, track_id, frame_index), self.clip, self.show)

    def key_area(self, negative: VisualNegative) -> Rect | None:
        """Where the edited keyframe shows the key object of a visual negative; None if it does not."""
        if negative.area is not None:
            return edited_rect(negative.area.corners, self.clip, self.show)
        return self.box(negative.track_id or "", negative.preferred_frame_index or 0)

    def plan(self) -> tuple[PlannedFrame, ...]:
        """What `full` shows, frame by frame, before any of them is decoded."""
        return self._chosen(planned(self.clip, self.show, self.other))

    def pictures(self, wanted: Sequence[PlannedFrame], plan: Sequence[PlannedFrame]) -> list[Pixels]:
        """The pixels of some frames of a plan, HWC, all of one size. ValueError if they differ in size."""
        own = next((one for one in plan if not _is_borrowed(one)), plan[0])
        stored = self.decode([one.frame for one in wanted])
        place = next((i for i, one in enumerate(wanted) if one is own), None)
        height, width = (stored[place] if place is not None else self.decode([own.frame])[0]).shape[:2]
        looks = (one.looks for one in wanted)
        made = [with_looks(frame_HWC, some, (width, height)) for frame_HWC, some in zip(stored, looks, strict=True)]
        sizes = sorted({frame_HWC.shape[:2] for frame_HWC in made})
        if len(sizes) > 1:
            raise ValueError(f"clip {self.clip.clip_id}: the frames differ in size: {sizes[0]} and {sizes[1]}")
        return made

    def _chosen(self, plan: Sequence[PlannedFrame]) -> tuple[PlannedFrame, ...]:
        return tuple(plan[place] for place in evenly(len(plan), self.num_frames or len(plan)))

    def _made(self, plan: Sequence[PlannedFrame]) -> Visual:
        chosen = self._chosen(plan)
        return Visual(np.stack(self.pictures(chosen, chosen)), np.array([one.at_seconds for one in chosen]))


def _is_borrowed(one: PlannedFrame) -> bool:
    return any(edit.kind is EditKind.SWAPPED for edit in one.looks)


def edited_rect(rect: Rect | None, clip: UnitClip, shown: Shown) -> Rect | None:
    """Where the edited frame shows what a stored frame shows in a box."""
    if rect is None or not shown.is_whole(EditKind.MIRRORED, clip):
        return rect
    x0, y0, x1, y1 = rect
    return 1.0 - x1, y0, 1.0 - x0, y1


def stored_rect(scene: Scene, track_id: str, frame_index: int) -> Rect | None:
    """The box of a track on a stored frame; None if the track is not visible there."""
    boxes = (box for track in scene.tracks if track.track_id == track_id for box in track.boxes)
    return next(((b.x0, b.y0, b.x1, b.y1) for b in boxes if b.frame_index == frame_index), None)
