"""What a detector asserts of one clip: everything that a claim may be proven from, and nothing else.

Boxes are xyxy in 0..1 of the upright frame, left = the viewer's left; times are container seconds.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from statistics import median
from typing import Self

from pydantic import Field, model_validator

from schemas.colour import Colour, Hue
from schemas.interval import Interval
from schemas.record import Record

_SMALL, _LARGE = 0.01, 0.1
"""Shares of the frame that part the classes of size."""


class Side(StrEnum):
    """A border of the frame, or a direction in it, as the viewer sees it."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


class TrackLabel(StrEnum):
    """What a track is of. A face's missed detection is no absence: only positive claims hold of it."""

    OBJECT = "object"
    FACE = "face"


class SizeClass(StrEnum):
    """How much of the picture a track covers, by the median area of its boxes."""

    SMALL = "small"
    """Below 1 %."""
    MEDIUM = "medium"
    LARGE = "large"
    """10 % and more."""


class EventKind(StrEnum):
    """What happens at a moment of a clip."""

    ENTERS = "enters"
    LEAVES = "leaves"
    STARTS = "starts"
    STOPS = "stops"
    CUT = "cut"


class _Rectangle(Record):
    x0: float = Field(ge=0, le=1)
    """Left edge, 0..1 of the frame's width."""
    y0: float = Field(ge=0, le=1)
    """Top edge, 0..1 of the frame's height."""
    x1: float = Field(ge=0, le=1)
    """Right edge, 0..1 of the frame's width."""
    y1: float = Field(ge=0, le=1)
    """Bottom edge, 0..1 of the frame's height."""

    @model_validator(mode="after")
    def _has_area(self) -> Self:
        if not (self.x0 < self.x1 and self.y0 < self.y1):
            raise ValueError(f"box ({self.x0}, {self.y0}, {self.x1}, {self.y1}) must have x0 < x1 and y0 < y1")
        return self

    @property
    def centre(self) -> tuple[float, float]:
        """(x, y) of the box centre, 0..1."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def area(self) -> float:
        """Share of the frame that the box covers, 0..1."""
        return (self.x1 - self.x0) * (self.y1 - self.y0)

    def iou(self, other: "_Rectangle") -> float:
        """Intersection over union with another box, 0..1."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        if width <= 0 or height <= 0:
            return 0.0
        return width * height / (self.area + other.area - width * height)


class Box(_Rectangle):
    """The visible part of a track on one sampled frame."""

    frame_index: int = Field(ge=0)
    """Index into the clip's sampled frames."""


class PathPoint(_Rectangle):
    """The visible part of a track on one analysis frame."""

    pts_seconds: float
    """Container time of the analysis frame."""


def size_class(path: Sequence[PathPoint]) -> SizeClass:
    """How large a track of that path is. Raises statistics.StatisticsError where it is empty."""
    area = median(point.area for point in path)
    if area < _SMALL:
        return SizeClass.SMALL
    return SizeClass.MEDIUM if area < _LARGE else SizeClass.LARGE


class Track(Record):
    """One object's boxes over time."""

    track_id: str
    """Unique within the clip."""
    label: TrackLabel
    """What the track is of."""
    score: float = Field(ge=0, le=1)
    """The detector's confidence, 0..1."""
    colour: Colour | None
    """Dominant colour over the whole life, or null where none is clear or none applies (faces)."""
    size: SizeClass
    """How much of the picture it covers, over its whole life."""
    moves: bool
    """Whether the object itself moves at some time of the clip."""
    first_seconds: float
    """First visible moment, by a fit that may fall between analysis frames."""
    last_seconds: float
    """Last visible moment, likewise."""
    visible: tuple[Interval, ...]
    """The stretches during which at least 3 uncovered pixels of it are inside the frame."""
    enters_from: Side | None
    """The one border that the box touches in its first visible moment, else null."""
    leaves_to: Side | None
    """The one border that the box touches in its last visible moment, else null."""
    boxes: tuple[Box, ...]
    """One box per sampled frame where it is visible."""
    path: tuple[PathPoint, ...]
    """One box per analysis frame where it is visible, in order of time."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [point.pts_seconds for point in self.path]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError(f"track {self.track_id}: path times must increase")
        if self.first_seconds > self.last_seconds:
            raise ValueError(f"track {self.track_id}: first {self.first_seconds} > last {self.last_seconds} seconds")
        return self


class Link(Record):
    """Whether two tracks, seen apart in time, are one object; where evidence carries neither, no link is made."""

    track_a: str
    """The earlier track."""
    track_b: str
    """The later track."""
    same: bool
    """True where they are one object, false where they are certainly two."""
    score: float = Field(ge=0, le=1)
    """Identity score: how clearly they are the same, or different, 0..1."""


class Cut(Record):
    """A cut that two detectors agree on."""

    pts_seconds: float
    """Container time of the first analysis frame after the cut."""
    score_a: float
    """Score of the first cut detector over its threshold, >= 1 is a cut."""
    score_b: float
    """Score of the second cut detector over its threshold, >= 1 is a cut."""
    place_distance: float = Field(ge=0)
    """Content distance between the shots on both sides: large is another place, near 0 the same place."""


class Fade(Record):
    """Between two shots the picture goes dark and another one comes up; two detectors agree on it."""

    pts_seconds: float
    """Container time of the middle one of the dark analysis frames: one shot ends there, and the next begins."""
    start_seconds: float
    """When the picture begins to go."""
    end_seconds: float
    """When the next picture is all there."""
    score_a: float
    """Score of the first fade detector over its threshold, >= 1 is a fade."""
    score_b: float
    """Score of the second fade detector over its threshold, >= 1 is a fade."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.start_seconds <= self.pts_seconds < self.end_seconds:
            raise ValueError(
                f"a fade lies in its middle, got {self.start_seconds}, {self.pts_seconds}, {self.end_seconds}"
            )
        return self


class PlaceDistance(Record):
    """How unlike the pictures of two shots are, of every frame of one against every frame of the other.

    0 is the same picture; two shots of different places differ by 1 or more. Here a shot is what lies between two
    cuts, be there a fade in it: shot i runs from `cuts[i - 1]` (shot 0: from the clip's start) to `cuts[i]` (the last:
    to the clip's end). `place_changed` needs `nearest` to be large,
    `place_same` needs `farthest` to be small. With shot_a == shot_b it says how much one shot's own picture changes:
    two intervals of one shot show the same place only where that `farthest` is small (a fade, a dissolve or a long
    pan inside a shot makes it large).
    """

    shot_a: int = Field(ge=0)
    """Number of the earlier shot."""
    shot_b: int = Field(ge=0)
    """Number of the later shot, or the same."""
    nearest: float = Field(ge=0)
    """Content distance of the two most alike frames."""
    farthest: float = Field(ge=0)
    """Content distance of the two least alike frames."""


class Event(Record):
    """Something that happens in [start, end) seconds."""

    event_id: str
    """Unique within the clip."""
    kind: EventKind
    """What happens."""
    track_ids: tuple[str, ...]
    """Whose event it is; empty for a cut."""
    pts_seconds: float
    """The moment: first visible, last visible, first moved, last moved, or first analysis frame after the cut."""
    start_seconds: float
    """When what leads to the moment begins to show."""
    end_seconds: float
    """When it is over."""
    margin: float = Field(ge=0)
    """How clear the event is: 0 is barely, 1 and above is plainly."""


MEASURE_SECONDS = 1.0
"""What one `Measure` covers."""


class Measure(Record):
    """What one analysis second shows as a whole: [pts_seconds, pts_seconds + MEASURE_SECONDS)."""

    pts_seconds: float
    """Container time at which the analysis second starts."""
    luma: float = Field(ge=0, le=1)
    """Mean brightness, 0..1."""
    motion_left: float = Field(ge=0)
    """Mean share of the left third's pixels that move from frame to frame, the camera's motion taken out."""
    motion_centre: float = Field(ge=0)
    """The same for the centre third."""
    motion_right: float = Field(ge=0)
    """The same for the right third."""
    # where the shift is null, the motion shares may be the camera's own: they prove nothing of that second
    shift_x: float | None
    """Background shift over this second in frame widths, positive = content moves right; null if it cannot be told."""
    shift_y: float | None
    """Background shift over this second in frame heights, positive = content moves down; null if it cannot be told."""
    scale: float | None
    """Background scale over this second, > 1 = content grows; null if it cannot be told."""


class Scene(Record):
    """What can be asserted of one clip."""

    start_seconds: float
    """Container time at which the clip starts."""
    end_seconds: float
    """Container time at which the clip ends."""
    tracked: tuple[Interval, ...]
    """The stretches in which every thing that moves has a track; elsewhere an absent track says nothing."""
    tracks: tuple[Track, ...]
    """Objects and faces."""
    links: tuple[Link, ...]
    """Identity between tracks, where evidence carries it."""
    cuts: tuple[Cut, ...]
    """Cuts by two detectors that agree, in order of time."""
    fades: tuple[Fade, ...]
    """Fades to black and up again by two detectors that agree, in order of time."""
    places: tuple[PlaceDistance, ...] = ()
    """One entry for every two shots, and one for each shot with itself."""
    strongest_non_cut: float = Field(ge=0)
    """Highest score over threshold, by either detector, of a moment that is neither in `cuts` nor in `fades`: near or
    above 1 means that the number of shots is not certain."""
    hues: tuple[Hue, ...]
    """One entry per colour name."""
    events: tuple[Event, ...]
    """In order of time."""
    measures: tuple[Measure, ...]
    """One per analysis second, in order of time."""

    @model_validator(mode="after")
    def _refers_to_its_own(self) -> Self:
        known = [track.track_id for track in self.tracks]
        if len(set(known)) != len(known):
            raise ValueError(f"track ids must be unique, got {known}")
        named = {i for event in self.events for i in event.track_ids}
        named |= {i for link in self.links for i in (link.track_a, link.track_b)}
        if missing := named - set(known):
            raise ValueError(f"events or links name unknown tracks {sorted(missing)}")
        return self

    @property
    def shot_starts(self) -> tuple[float, ...]:
        """Container times at which one shot ends and the next begins, by a cut or by a fade, in order of time."""
        return tuple(sorted([*(cut.pts_seconds for cut in self.cuts), *(fade.pts_seconds for fade in self.fades)]))

    def is_fading(self, pts_seconds: float) -> bool:
        """Whether little is seen of a shot at that moment."""
        return any(fade.start_seconds <= pts_seconds < fade.end_seconds for fade in self.fades)

    def track(self, track_id: str) -> Track:
        """The track of that id; KeyError where there is none."""
        for track in self.tracks:
            if track.track_id == track_id:
                return track
        raise KeyError(track_id)
