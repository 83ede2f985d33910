"""What a source finds in its files: items, each about one video, not judged yet."""

from dataclasses import dataclass
from typing import TypeAlias

from schemas.claim import QuestionType
from schemas.video import Split


@dataclass(frozen=True)
class FrameNumber:
    """A moment given by a frame of the video's file; the first one is 0."""

    number: int


Moment: TypeAlias = FrameNumber | float
"""A frame, or container seconds."""


@dataclass(frozen=True)
class FoundQuestion:
    """A question with its answers."""

    question: str
    answer: str | None
    """What is true; null if the file keeps it back, as the test parts of benchmarks do."""
    wrong: tuple[str, ...] = ()
    """What is false."""
    question_type: QuestionType | None = None
    """What it asks about; null if that is none of our types."""
    of_part: bool = False
    """Whether it is about a part of the video, so that other parts may show another answer."""


@dataclass(frozen=True)
class FoundCaption:
    """A sentence about the whole video."""

    text: str


@dataclass(frozen=True)
class FoundEvent:
    """Something that happens, and when."""

    phrase: str
    start: Moment | None
    """Null if the file does not say when."""
    end: Moment | None


@dataclass(frozen=True)
class FoundBox:
    """Where one thing is, at one moment."""

    thing: str
    """Names the thing within its video: the same in all boxes of one thing."""
    noun: str | None
    """What it is; null if the file does not say."""
    moment: Moment | None
    """When; null if the file does not say."""
    corners: tuple[float, float, float, float]
    """Left, upper, right and lower edge in pixels."""
    frame_size: tuple[int, int] | None = None
    """(width, height) of the frame that the pixels are of, if the file says so; else that of the video."""


Found: TypeAlias = FoundQuestion | FoundCaption | FoundEvent | FoundBox


@dataclass(frozen=True)
class NamedVideo:
    """A video as a source names it."""

    id: str
    """Its id in the source."""
    file: str
    """Its path or name below the folder of videos; the extension may be missing."""
    split: Split | None = None
    """The part of the source that it belongs to, if the file says so."""
    duration_seconds: float | None = None
    """Its duration, if the file says so; what the video itself shows goes before it."""
    fps: float | None = None
    """Frames a second, if the file says so: gives times to frames where the video is not at hand."""
    licence: str | None = None
    """Its licence, if the file says so."""
    absent: tuple[str, ...] = ()
    """Nouns of which the source says that nothing is in the video."""


@dataclass(frozen=True)
class Item:
    """One thing that a source says about one video."""

    line: int
    """The line of the file, or the row of a table; the first is 1."""
    video: NamedVideo
    found: Found
