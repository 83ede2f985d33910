"""What a detector found in one clip. Claims are proven from this and nothing else.

Boxes are xyxy in 0..1 of the upright frame, left is the viewer's left; times are container seconds.
"""

from enum import StrEnum
from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from schemas.box import Box, PathPoint, SizeClass
from schemas.colour import Colour, Hue
from schemas.interval import Interval
from schemas.record import Record
from schemas.search import Reading, Search

OBJECT = "object"
"""The label of a region that moves, if nothing is known of what it is."""
FACE = "face"
"""The label of a face."""
WRITING = "writing"
"""The label of a line of writing."""
MOTION = "motion"
"""The source of tracks that were found by what moves."""
TRUTH = "truth"
"""The source of the true tracks of rendered clips."""
ANNOTATIONS = "annotations"
"""The source of what people described."""


class Side(StrEnum):
    """A border of the frame, as the viewer sees it."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


class EventKind(StrEnum):
    """What happens at a moment of a clip."""

    ENTERS = "enters"
    LEAVES = "leaves"
    STARTS = "starts"
    STOPS = "stops"
    CUT = "cut"
    NAMED = "named"
    """What its phrase says."""


class Track(Record):
    """One object's boxes over time."""

    track_id: str
    """Unique within the clip."""
    label: str = Field(min_length=1)
    """What the track shows: a noun in lower case, such as "dog"; or "object", "face", "writing"."""
    phrase: str | None = None
    """The words that name this one alone in the clip ("the grey dog"); null if nobody gave any."""
    source: str = MOTION
    """Who found it: "motion", "faces", "reading", "annotations", or the name of a detector."""
    text: str | None = None
    """What is written; null if the label is not "writing"."""
    score: float = Field(ge=0, le=1)
    """The detector's confidence, 0..1."""
    colour: Colour | None
    """Dominant colour over all of the track; null if none is clear, and for faces."""
    size: SizeClass
    """How much of the picture it covers, by the median over all of the track."""
    moves: bool
    """Whether the object itself moves at some time of the clip."""
    turns_known: bool = False
    """Whether the events hold every time it starts to move or stops; if not, there may be others."""
    first_seconds: float
    """First visible moment. It is fitted, and may lie between analysis frames."""
    last_seconds: float
    """Last visible moment. It is fitted, and may lie between analysis frames."""
    visible: tuple[Interval, ...]
    """The intervals during which at least 3 uncovered pixels of it are inside the frame."""
    enters_from: Side | None
    """The only border that the box touches in its first visible moment; null if it touches none or several."""
    leaves_to: Side | None
    """The only border that the box touches in its last visible moment; null if it touches none or several."""
    boxes: tuple[Box, ...]
    """One box for each sampled frame on which it is visible."""
    path: tuple[PathPoint, ...]
    """One box for each analysis frame on which it is visible, in order of time."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        times = [point.pts_seconds for point in self.path]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError(f"track {self.track_id}: path times must increase")
        if self.first_seconds > self.last_seconds:
            raise ValueError(f"track {self.track_id}: first {self.first_seconds} > last {self.last_seconds} seconds")
        return self


class Link(Record):
    """Whether two tracks are one object. If neither is certain, there is no link between them."""

    track_a: str
    """The earlier track."""
    track_b: str
    """The later track."""
    same: bool
    """True if they are one object, false if they are certainly two."""
    score: float = Field(ge=0, le=1)
    """How certain it is that they are one object, or two, 0..1."""


class Cut(Record):
    """A cut on which two detectors agree."""

    pts_seconds: float
    """Container time of the first analysis frame after the cut."""
    score_a: float
    """Score of the first cut detector divided by its threshold; >= 1 is a cut."""
    score_b: float
    """Score of the second cut detector divided by its threshold; >= 1 is a cut."""
    place_distance: float = Field(ge=0)
    """Content distance between the shots on both sides: near 0 for the same place, 1 and more for another."""


class Fade(Record):
    """A fade to black and up to another shot, on which two detectors agree."""

    pts_seconds: float
    """Container time of the middle dark analysis frame; one shot ends there and the next begins."""
    start_seconds: float
    """When the picture begins to darken."""
    end_seconds: float
    """When the next picture has its full brightness."""
    score_a: float
    """Score of the first fade detector divided by its threshold; >= 1 is a fade."""
    score_b: float
    """Score of the second fade detector divided by its threshold; >= 1 is a fade."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.start_seconds <= self.pts_seconds < self.end_seconds:
            raise ValueError(
                f"a fade needs start <= middle < end, got {self.start_seconds}, {self.pts_seconds}, {self.end_seconds}"
            )
        return self


class PlaceDistance(Record):
    """How different the pictures of two shots are, comparing each frame of one with each frame of the other.

    0 is the same picture; shots of different places differ by 1 or more. Here a shot is what lies between two cuts,
    even if there is a fade in it: shot i runs from `cuts[i - 1]` (shot 0: from the clip's start) to `cuts[i]` (the last
    one: to the clip's end). The predicate `place_changed` needs a large `nearest`, `place_same` a small `farthest`.
    With shot_a == shot_b it measures how much one shot's own picture changes: two intervals of one shot show the same
    place only if that `farthest` is small. A fade, a dissolve or a long pan inside the shot makes it large.
    """

    shot_a: int = Field(ge=0)
    """Number of the earlier shot."""
    shot_b: int = Field(ge=0)
    """Number of the later shot, or the same number."""
    nearest: float = Field(ge=0)
    """Content distance of the two frames that are most alike."""
    farthest: float = Field(ge=0)
    """Content distance of the two frames that are least alike."""


class Event(Record):
    """Something that happens in [start, end) seconds."""

    event_id: str
    """Unique within the clip."""
    kind: EventKind
    """What happens."""
    track_ids: tuple[str, ...]
    """The tracks whose event it is; empty for a cut."""
    phrase: str | None = None
    """What happens, as a sentence, if the kind is "named"; null for all others."""
    pts_seconds: float
    """The moment: first visible, last visible, first moved, last moved, or first analysis frame after the cut."""
    start_seconds: float
    """When the change that leads to the moment becomes visible."""
    end_seconds: float
    """When the event is over."""
    margin: float = Field(ge=0)
    """How clear the event is: 0 is barely visible, 1 and above is clear."""


class EventOrder(Record):
    """Two named events of which the first certainly ends before the second starts."""

    before: str
    """Id of the earlier event."""
    after: str
    """Id of the later event."""


class Break(Record):
    """A sudden change inside a shot: a jump cut, an inserted picture, a caption that appears, a flash."""

    pts_seconds: float
    """Container time of the first analysis frame after the change."""
    share: float = Field(ge=0, le=1)
    """Share of the pixels that change, with the camera's motion taken out."""
    ratio: float = Field(ge=0)
    """That share divided by the median of the five steps before and the five after, or by 0.001 if that is smaller."""


MEASURE_SECONDS = 1.0
"""The duration that one `Measure` covers."""


class Measure(Record):
    """What one analysis second, [pts_seconds, pts_seconds + MEASURE_SECONDS), shows in the picture as a whole."""

    pts_seconds: float
    """Container time at which the analysis second starts."""
    luma: float = Field(ge=0, le=1)
    """Mean brightness, 0..1."""
    motion_left: float = Field(ge=0)
    """Mean share of the left third's pixels that move from frame to frame, without the camera's motion."""
    motion_centre: float = Field(ge=0)
    """The same for the centre third."""
    motion_right: float = Field(ge=0)
    """The same for the right third."""
    # if the shift is null, the motion shares may be due to the camera, and prove nothing about that second
    shift_x: float | None
    """Background shift over this second in frame widths, positive = content moves right; null if unknown."""
    shift_y: float | None
    """Background shift over this second in frame heights, positive = content moves down; null if unknown."""
    scale: float | None
    """Background scale over this second, > 1 = content grows; null if unknown."""


class Scene(Record):
    """Everything that was found in one clip."""

    start_seconds: float
    """Container time at which the clip starts."""
    end_seconds: float
    """Container time at which the clip ends."""
    tracked: tuple[Interval, ...]
    """The intervals in which every moving thing has a track; elsewhere others may be in view."""
    tracks: tuple[Track, ...]
    """Objects, faces, named things and lines of writing."""
    links: tuple[Link, ...]
    """Which tracks are one object, or two, where that is certain."""
    cuts: tuple[Cut, ...]
    """Cuts on which two detectors agree, in order of time."""
    fades: tuple[Fade, ...]
    """Fades to black and up again on which two detectors agree, in order of time."""
    places: tuple[PlaceDistance, ...] = ()
    """One entry for each pair of shots, and one for each shot with itself."""
    strongest_non_cut: float = Field(ge=0)
    """Highest score divided by threshold, by either detector, of a moment that is in neither `cuts` nor `fades`. Near
    or above 1 the number of shots is not certain."""
    hues: tuple[Hue, ...]
    """One entry per colour name."""
    events: tuple[Event, ...]
    """Events of tracks, and cuts, in order of time."""
    measures: tuple[Measure, ...]
    """One entry for each analysis second, in order of time."""
    searched: tuple[Search, ...] = ()
    """What was looked for, and every candidate for it."""
    readings: tuple[Reading, ...] = ()
    """Every line that was read, with a score of at least 0.3."""
    breaks: tuple[Break, ...] = ()
    """Sudden changes that are not cuts, in order of time."""
    events_complete: bool = False
    """Whether every event of the clip that anybody would name is in `events`."""
    ordered: tuple[EventOrder, ...] = ()
    """Pairs of named events whose order is certain."""

    @model_validator(mode="after")
    def _refers_to_its_own(self) -> Self:
        known = [track.track_id for track in self.tracks]
        if len(set(known)) != len(known):
            raise ValueError(f"track ids must be unique, got {known}")
        named = {i for event in self.events for i in event.track_ids}
        named |= {i for link in self.links for i in (link.track_a, link.track_b)}
        candidates = (c for search in self.searched for frame in search.frames for c in frame.candidates)
        named |= {candidate.track_id for candidate in candidates if candidate.track_id is not None}
        if missing := named - set(known):
            raise ValueError(f"events, links or candidates name unknown tracks {sorted(missing)}")
        events = {event.event_id for event in self.events}
        if missing := {i for pair in self.ordered for i in (pair.before, pair.after)} - events:
            raise ValueError(f"ordered names unknown events {sorted(missing)}")
        return self

    @property
    def shot_starts(self) -> tuple[float, ...]:
        """Container times of cuts and of the middles of fades, at which one shot ends and the next begins, in order."""
        return tuple(sorted([*(cut.pts_seconds for cut in self.cuts), *(fade.pts_seconds for fade in self.fades)]))

    def is_fading(self, pts_seconds: float) -> bool:
        """Whether that moment lies in a fade, in which little is visible."""
        return any(fade.start_seconds <= pts_seconds < fade.end_seconds for fade in self.fades)

    def track(self, track_id: str) -> Track:
        """The track with that id. KeyError if there is none."""
        for track in self.tracks:
            if track.track_id == track_id:
                return track
        raise KeyError(track_id)
