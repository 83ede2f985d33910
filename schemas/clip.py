"""A clip: sampled frames of one video with their times, its segments, and the scene found in it."""

from collections.abc import Iterable
from typing import Self

from pydantic import Field, model_validator

from schemas.box import Box
from schemas.colour import Colour
from schemas.interval import Interval
from schemas.projection import Projection
from schemas.record import Record
from schemas.scene import Scene, Track


class Frame(Record):
    """A stored frame."""

    pts_seconds: float
    """Container time of the frame."""
    jpeg: bytes
    """The upright frame as JPEG."""


class Segment(Record):
    """A stored run of at least 8 frames of one interval; of 32 frames if it is ever shown alone."""

    segment_id: str
    """Unique within the clip."""
    start_seconds: float
    """Start of the interval, container seconds."""
    end_seconds: float
    """End of the interval, container seconds."""
    frames: tuple[Frame, ...]
    """The frames, in order of time; none until `cut` stores them. Of an interval that ends at a cut none is of its last
    tenth of a second, in which the next shot may have begun."""

    @property
    def interval(self) -> Interval:
        """Start and end of the interval."""
        return Interval(start_seconds=self.start_seconds, end_seconds=self.end_seconds)


class UnitClip(Record):
    """Everything about a clip that depends on the file's content alone, not on its name or place."""

    clip_id: str
    """Unique in the set; made from the content hash and the clip's place in the video."""
    content_sha256: str
    """SHA-256 of the file, hex."""
    codec: str
    """Name of the video codec."""
    width: int = Field(gt=0)
    """Width in pixels of the upright frame at native size, with pixels made square as players do."""
    height: int = Field(gt=0)
    """Height in pixels of the upright frame at native size, with pixels made square as players do."""
    rotation_degrees: int
    """Counter-clockwise rotation that the container asks for: 0, 90, 180 or 270. If it also asks to mirror left and
    right, the mirroring comes before the rotation. Stored frames are upright."""
    start_seconds: float
    """Container time at which the clip starts."""
    end_seconds: float
    """Container time at which the clip ends."""
    duration_seconds_from_header: float | None
    """Duration of the whole video by the container's header, which may be wrong; null if it has none."""
    duration_seconds_measured: float
    """Duration of the whole video, measured from its packets."""
    frames: tuple[Frame, ...]
    """The sampled frames, in order of time."""
    segments: tuple[Segment, ...]
    """Stored frames of the intervals that pairs refer to."""
    scene: Scene
    """What the detector found in the clip; claims are proven from it."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.start_seconds < self.end_seconds:
            raise ValueError(
                f"clip {self.clip_id}: [{self.start_seconds}, {self.end_seconds}) must end after it starts"
            )
        times = [frame.pts_seconds for frame in self.frames]
        if times != sorted(times):
            raise ValueError(f"clip {self.clip_id}: frame times must not decrease")
        return self

    def frame_indices_in(self, intervals: Iterable[Interval]) -> tuple[int, ...]:
        """The sampled frames in the intervals; of an interval without one, the nearest to its middle."""
        found: set[int] = set()
        for interval in intervals:
            middle = (interval.start_seconds + interval.end_seconds) / 2
            inside = [i for i, frame in enumerate(self.frames) if interval.contains(frame.pts_seconds)]
            near = min(range(len(self.frames)), key=lambda i: abs(self.frames[i].pts_seconds - middle))
            found.update(inside or [near])
        return tuple(sorted(found))

    def segment(self, segment_id: str | None) -> Segment | None:
        """The segment of that id; None if there is none."""
        return next((segment for segment in self.segments if segment.segment_id == segment_id), None)

    def has_frames(self, indices: Iterable[int]) -> bool:
        """Whether all of these are indices of sampled frames."""
        return all(0 <= index < len(self.frames) for index in indices)


class Clip(UnitClip):
    """A clip as the finished set stores it, with the id and the URI of its video."""

    video_id: str
    """From the content hash of the file, or as given in the manifest."""
    uri: str
    """Where the video is, relative to --videos."""


class TrackOutline(Projection):
    """A track without its path."""

    full = Track

    track_id: str
    label: str
    phrase: str | None
    source: str
    text: str | None
    score: float
    colour: Colour | None
    visible: tuple[Interval, ...]
    boxes: tuple[Box, ...]


class SceneOutline(Projection):
    """The tracks of a scene, without their paths."""

    full = Scene

    tracks: tuple[TrackOutline, ...]


class ClipOutline(Projection):
    """What is listed of a clip's tracks."""

    full = Clip

    clip_id: str
    uri: str
    scene: SceneOutline
