"""What is shown of clips becomes files, each frame stored once and named by its content."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.export.question import Medium, StoredNegative, StoredVisual
from pipeline.export.video_file import write_video
from schemas.clip import Clip, Frame
from schemas.shown import Shown, ShownEdit
from schemas.visual_negative import VisualNegative
from stages.drawing.jpeg import jpeg_of
from stages.visuals.negatives import negative_visual, preferred_visual
from stages.visuals.plan import PlannedFrame
from stages.visuals.resolution import AS_LARGE_AS_STORED, Resolution
from stages.visuals.source import VisualSource
from stages.visuals.visual import Visual, decoded_jpeg

_QUALITY = 95
"""Of frames that are encoded again."""


@dataclass(frozen=True)
class MediaSettings:
    """How visuals are written."""

    folder: Path
    """The export, while it is written."""
    medium: Medium
    num_frames: int | None = None
    """At most so many frames of a visual, evenly chosen; None: all."""
    resolution: Resolution = AS_LARGE_AS_STORED
    folder_per_visual: bool = False


@dataclass
class ClipMedia:
    """Writes what is shown of the clips of one video, one after the other: no frame of the clip at hand is decoded or
    encoded twice.

    ValueError or KeyError if a clip does not bear out what is shown of it, OSError if a file cannot be written.
    """

    settings: MediaSettings
    prefix: str = ""
    """Of all paths: a folder below that of the export, with a slash at its end."""
    _pixels: dict[int, tuple[Frame, NDArray[np.uint8]]] = field(default_factory=dict)
    """By the identity of a frame, which is held so that no other may get it."""
    _jpegs: dict[tuple[int, tuple[ShownEdit, ...]], bytes] = field(default_factory=dict)
    _clip_id: str = ""
    """The clip at hand; of others no pixels are held."""
    _stored: dict[str, StoredVisual] = field(default_factory=dict)
    _written: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        """How many visuals were written."""
        return len(self._stored)

    def seconds(self, clip: Clip, shown: Shown, other: Clip | None) -> list[float]:
        """When each frame of what is shown is shown, before any of it is written."""
        start, _ = _shown_ends(clip, shown)
        return [one.at_seconds - start for one in self._source(clip, shown, other).plan()]

    def visual(self, clip: Clip, shown: Shown, other: Clip | None) -> StoredVisual:
        """What is shown of a clip; `other` is the clip that a stretch is swapped with."""
        visual_id = _visual_id(clip, shown)
        if visual_id not in self._stored:
            source = self._source(clip, shown, other)
            plan = source.plan()
            start, end = _shown_ends(clip, shown)
            times = [one.at_seconds - start for one in plan]
            if self.settings.medium is Medium.VIDEO:
                made = self._video(clip, visual_id, source.pictures(plan, plan), times, end - start)
            else:
                made = self._frames(clip, visual_id, self._encoded(source, plan), times, end - start)
            self._stored[visual_id] = made
        return self._stored[visual_id]

    def negative(
        self, clip: Clip, shown: Shown, spec: VisualNegative, other: Clip | None, lent: Clip | None
    ) -> StoredNegative:
        """A visual negative and what is preferred to it; `lent` is the clip that it borrows."""
        source = self._source(clip, shown, other)
        full = source.full()
        preferred, corrupted = preferred_visual(spec, full, source), negative_visual(spec, full, source, lent)
        start, end = _shown_ends(clip, shown)
        key = hashlib.sha256(f"{shown.model_dump_json()}{spec.model_dump_json()}".encode()).hexdigest()[:12]
        name = f"{clip.clip_id}-{spec.kind.value}-{key}"
        return StoredNegative(
            spec,
            self._pixel_visual(clip, f"{name}-preferred", preferred, start, end),
            self._pixel_visual(clip, f"{name}-corrupted", corrupted, start, end),
        )

    def _source(self, clip: Clip, shown: Shown, other: Clip | None) -> VisualSource:
        if clip.clip_id != self._clip_id:
            self._clip_id = clip.clip_id
            self._pixels.clear()
            self._jpegs.clear()
        return VisualSource(clip, shown, self._decoded, self.settings.num_frames, other)

    def _decoded(self, frames: Sequence[Frame]) -> list[NDArray[np.uint8]]:
        for frame in frames:
            if id(frame) not in self._pixels:
                pixels_HWC = self.settings.resolution.fitted(decoded_jpeg(frame, "a clip"))
                self._pixels[id(frame)] = frame, pixels_HWC
        return [self._pixels[id(frame)][1] for frame in frames]

    def _encoded(self, source: VisualSource, plan: Sequence[PlannedFrame]) -> list[bytes]:
        """The JPEG of each frame: as it is stored, if all are shown as they are stored, else all encoded again.

        Within a visual no frame may differ from the others in how often it was encoded: it would tell where edits are.
        """
        if self._as_stored(source, plan):
            return [one.frame.jpeg for one in plan]
        new = {(id(one.frame), one.looks): one for one in plan if (id(one.frame), one.looks) not in self._jpegs}
        pictures = source.pictures(list(new.values()), plan) if new else []
        for key, picture_HWC in zip(new, pictures, strict=True):
            self._jpegs[key] = jpeg_of(picture_HWC, _QUALITY)
        return [self._jpegs[id(one.frame), one.looks] for one in plan]

    def _as_stored(self, source: VisualSource, plan: Sequence[PlannedFrame]) -> bool:
        if any(one.looks for one in plan):
            return False
        if self.settings.resolution == AS_LARGE_AS_STORED:
            return True
        height, width = decoded_jpeg(plan[0].frame, source.clip.clip_id).shape[:2]
        return self.settings.resolution.size(width, height) == (width, height)

    def _pixel_visual(self, clip: Clip, visual_id: str, visual: Visual, start: float, end: float) -> StoredVisual:
        if visual_id not in self._stored:
            times = (visual.pts_seconds - start).tolist()
            if self.settings.medium is Medium.VIDEO:
                made = self._video(clip, visual_id, list(visual.frames_NHWC), times, end - start)
            else:
                jpegs = [jpeg_of(frame_HWC, _QUALITY) for frame_HWC in visual.frames_NHWC]
                made = self._frames(clip, visual_id, jpegs, times, end - start)
            self._stored[visual_id] = made
        return self._stored[visual_id]

    def _frames(
        self, clip: Clip, visual_id: str, jpegs: Sequence[bytes], times: Sequence[float], duration: float
    ) -> StoredVisual:
        alone = self.settings.folder_per_visual
        names = [
            f"{self.prefix}frames/{visual_id}/{number:04d}.jpg"
            if alone
            else f"{self.prefix}frames/{clip.clip_id}/{hashlib.sha256(jpeg).hexdigest()[:16]}.jpg"
            for number, jpeg in enumerate(jpegs)
        ]
        for name, jpeg in zip(names, jpegs, strict=True):
            self._write(name, jpeg)
        height, width = decoded_jpeg(Frame(pts_seconds=0.0, jpeg=jpegs[0]), clip.clip_id).shape[:2]
        return StoredVisual(visual_id, tuple(names), None, tuple(times), duration, width, height)

    def _video(
        self, clip: Clip, visual_id: str, pictures: Sequence[NDArray[np.uint8]], times: Sequence[float], duration: float
    ) -> StoredVisual:
        name = f"{self.prefix}videos/{clip.clip_id}/{visual_id}.mp4"
        place = self.settings.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        write_video(place, pictures, times)
        height, width = (side - side % 2 for side in pictures[0].shape[:2])
        return StoredVisual(visual_id, (), name, tuple(times), duration, width, height)

    def _write(self, name: str, content: bytes) -> None:
        if name in self._written:
            return
        place = self.settings.folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        self._written.add(name)


def _visual_id(clip: Clip, shown: Shown) -> str:
    if shown == Shown():
        return clip.clip_id
    return f"{clip.clip_id}-{shown.name}-{hashlib.sha256(shown.model_dump_json().encode()).hexdigest()[:12]}"


def _shown_ends(clip: Clip, shown: Shown) -> tuple[float, float]:
    alone = clip.segment(shown.segment_id)
    ends = alone or clip
    return ends.start_seconds, ends.end_seconds
