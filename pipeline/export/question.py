"""A question as a format gets it: its pairs, and the files that show what it is about."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from schemas.clip import Clip
from schemas.interval import Interval
from schemas.pair import Pair
from schemas.video import Split
from schemas.visual_negative import VisualNegative


class Medium(StrEnum):
    """What shows a clip to a consumer."""

    FRAMES = "frames"
    """One JPEG for each frame."""
    VIDEO = "video"
    """One MP4 file that holds the same frames."""


@dataclass(frozen=True)
class StoredVisual:
    """What is shown of a clip, as files of the export. Paths are relative to its folder, with forward slashes."""

    visual_id: str
    """Equal for equal visuals; it can name a file."""
    frames: tuple[str, ...]
    """The JPEG of each frame, in order; several visuals may share one. None if the medium is video."""
    video: str | None
    """The MP4 file; null if the medium is frames."""
    seconds: tuple[float, ...]
    """When each frame is shown, counted from the first moment that is shown, as the seconds in texts are."""
    duration_seconds: float
    """How long all of it is shown."""
    width: int
    """Width in pixels of all its frames."""
    height: int

    @property
    def count(self) -> int:
        """Number of frames."""
        return len(self.seconds)


@dataclass(frozen=True)
class StoredNegative:
    """A visual negative as files: the chosen answer is true of `preferred` and false of `corrupted`.

    Both went through one encoder, so that nothing but the content tells which is which.
    """

    spec: VisualNegative
    preferred: StoredVisual
    corrupted: StoredVisual


@dataclass(frozen=True)
class ExportQuestion:
    """All pairs of one question that are exported, and what they are about."""

    pairs: tuple[Pair, ...]
    """At least one, in order of pair id."""
    clip: Clip
    """The clip as it is stored, without its segments' frames if none is shown."""
    visual: StoredVisual
    """What the pairs show of it."""
    make_negative: Callable[[VisualNegative], StoredNegative]
    """Makes the files of one of the pairs' visual negatives."""

    @property
    def first(self) -> Pair:
        """The first pair: question, chosen answer and what is shown are the same in all."""
        return self.pairs[0]

    @property
    def split(self) -> Split:
        """The split of the pairs."""
        return self.first.split

    @property
    def shown(self) -> Interval:
        """The stretch of the stored clip that is shown, in its container seconds."""
        alone = self.clip.segment(self.first.shown.segment_id)
        if alone is not None:
            return alone.interval
        return Interval(start_seconds=self.clip.start_seconds, end_seconds=self.clip.end_seconds)
