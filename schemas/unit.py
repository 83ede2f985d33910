"""A unit: everything that one video yields, committed at once."""

from schemas.clip import Segment, UnitClip
from schemas.drop import Drop
from schemas.group import CandidateGroup, GroupOutline
from schemas.projection import Projection
from schemas.record import Record
from schemas.samples import Comparison, Retrospection
from schemas.scene import Scene


class Unit(Record):
    """The work of one video: it holds nothing of its VideoRef, so a renamed file reuses it."""

    content_sha256: str
    """SHA-256 of the file, hex."""
    questions_seen: int
    """Number of slots that the writer asked about: the slots of `groups` plus the question drops."""
    groups: tuple[CandidateGroup, ...]
    """Groups in which every claim is proven."""
    drops: tuple[Drop, ...]
    """Everything that was dropped; the video itself if it has no clip."""
    clips: tuple[UnitClip, ...]
    """The clips; none if the video was dropped."""
    retrospection: Retrospection | None = None
    """Of a round of self-sampling: contexts, samples and comparisons; null for other builds."""


class ComparisonOutline(Projection):
    """What is counted of a comparison."""

    full = Comparison

    comparison_id: str


class RetrospectionOutline(Projection):
    """What is counted of a round."""

    full = Retrospection

    comparisons: tuple[ComparisonOutline, ...]


class UnitOffer(Projection):
    """The part of a unit that `finalise` reads to choose."""

    full = Unit

    content_sha256: str
    questions_seen: int
    groups: tuple[GroupOutline, ...]
    drops: tuple[Drop, ...]
    retrospection: RetrospectionOutline | None = None


class LentSegment(Projection):
    """A stored segment without its frames."""

    full = Segment

    segment_id: str
    start_seconds: float
    end_seconds: float


class LentClip(Projection):
    """The part of a clip that is read to lend it to a group of another video."""

    full = UnitClip

    clip_id: str
    scene: Scene
    segments: tuple[LentSegment, ...]
