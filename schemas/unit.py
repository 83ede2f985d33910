"""A unit: all that one video yields, committed at once."""

from schemas.clip import UnitClip
from schemas.drop import Drop
from schemas.group import CandidateGroup, GroupOutline
from schemas.record import Record
from schemas.scene import Scene


class Unit(Record):
    """The work of one video: it holds nothing of its VideoRef, so a renamed file reuses it."""

    content_sha256: str
    """SHA-256 of the file, hex."""
    questions_seen: int
    """Slots that the writer asked about: the slots of `groups` plus the question drops."""
    groups: tuple[CandidateGroup, ...]
    """Groups whose every answer is proven."""
    drops: tuple[Drop, ...]
    """What was dropped on the way; the video itself where nothing came of it."""
    clips: tuple[UnitClip, ...]
    """The clips; none where the video was dropped."""


class UnitOffer(Record):
    """What `finalise` reads of a unit to choose: a set has ten times as many groups on offer as it will hold."""

    content_sha256: str
    """As in `Unit`."""
    questions_seen: int
    """As in `Unit`."""
    groups: tuple[GroupOutline, ...]
    """Outlines of the groups."""
    drops: tuple[Drop, ...]
    """As in `Unit`."""


class LentSegment(Record):
    """A stored segment, without its pixels."""

    segment_id: str
    """As in `Segment`."""
    start_seconds: float
    """As in `Segment`."""
    end_seconds: float
    """As in `Segment`."""


class LentClip(Record):
    """What is asked of a clip that may be borrowed."""

    clip_id: str
    """As in `UnitClip`."""
    scene: Scene
    """What it shows."""
    segments: tuple[LentSegment, ...]
    """Its segments."""
