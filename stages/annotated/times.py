"""The moments of one clip at which annotations are asked, and the borders that nothing is carried across."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from schemas.annotations import AnnotatedSpan, Annotations
from schemas.interval import Interval
from schemas.scene import Scene
from stages.payloads import DecodedClip

SLACK_SECONDS = 0.2
"""Annotated times are off by up to this much."""
_EVERY = 3
"""Every third analysis frame is looked at."""
UNSTEADY = ("handheld", "shaky", "unclear")
"""Motions of a camera that have no direction, or none that people could tell."""


@dataclass(frozen=True)
class ClipTimes:
    """The moments of one clip, in container seconds."""

    start_seconds: float
    end_seconds: float
    analysis: tuple[float, ...]
    """Times of the analysis frames."""
    sampled: tuple[float, ...]
    """Times of the sampled frames."""
    borders: tuple[float, ...]
    """Where one shot ends and the next begins, by the annotations and by the pixels, in order."""
    unsteady: tuple[AnnotatedSpan, ...]
    """When the annotations say that the camera sways."""

    @cached_property
    def looked_at(self) -> tuple[float, ...]:
        """The moments at which a search looks: every third analysis frame."""
        return self.analysis[::_EVERY]

    def shot(self, seconds: float) -> int:
        """The number of the shot that shows that moment."""
        return bisect_right(self.borders, seconds)

    def is_unsteady(self, start_seconds: float, end_seconds: float) -> bool:
        """Whether the camera may sway at some time between."""
        return any(span.start_seconds < end_seconds and start_seconds < span.end_seconds for span in self.unsteady)

    def is_sharp(self, seconds: float) -> bool:
        """Whether an annotated time has no error: at an end of the clip, and at the border of a shot."""
        edges = (self.start_seconds, *self.borders, self.end_seconds)
        return any(abs(seconds - edge) <= SLACK_SECONDS for edge in edges)

    def inside(self, span: AnnotatedSpan) -> Interval | None:
        """The part of a span that lies in the clip; None if none does."""
        start, end = max(span.start_seconds, self.start_seconds), min(span.end_seconds, self.end_seconds)
        return Interval(start_seconds=start, end_seconds=end) if start < end else None

    def surely(self, span: AnnotatedSpan) -> Interval | None:
        """The part of a span in which it certainly holds, whatever the error of its ends."""
        start = span.start_seconds if self.is_sharp(span.start_seconds) else span.start_seconds + SLACK_SECONDS
        end = span.end_seconds if self.is_sharp(span.end_seconds) else span.end_seconds - SLACK_SECONDS
        return self.inside(AnnotatedSpan(start_seconds=start, end_seconds=end)) if start < end else None

    def perhaps(self, span: AnnotatedSpan) -> Interval | None:
        """The widest stretch in which a span may hold."""
        start = span.start_seconds if self.is_sharp(span.start_seconds) else span.start_seconds - SLACK_SECONDS
        end = span.end_seconds if self.is_sharp(span.end_seconds) else span.end_seconds + SLACK_SECONDS
        return self.inside(AnnotatedSpan(start_seconds=max(0.0, start), end_seconds=end))


def times_of(clip: DecodedClip, scene: Scene, annotations: Annotations) -> ClipTimes:
    """The moments of a clip, with the shots that either annotations or pixels show."""
    header = clip.header
    starts = {*annotations.shot_starts, *scene.shot_starts}
    starts |= {one.pts_seconds for one in scene.breaks}
    return ClipTimes(
        start_seconds=header.start_seconds,
        end_seconds=header.end_seconds,
        analysis=tuple(frame.pts_seconds for frame in clip.analysis),
        sampled=tuple(frame.pts_seconds for frame in clip.frames),
        borders=tuple(sorted(start for start in starts if header.start_seconds < start < header.end_seconds)),
        unsteady=tuple(one for one in annotations.camera if not one.certain or one.motion.casefold() in UNSTEADY),
    )
