"""What was looked for in a clip, where it may be, and how surely it is not there.

What is present or absent, how many there are, and whether a thing is the only one of its kind follow from these
records alone.
"""

from itertools import pairwise
from typing import Self

from pydantic import Field, model_validator

from schemas.box import Rectangle
from schemas.record import Record


class Candidate(Rectangle):
    """Something in one frame that may be what was looked for."""

    score: float = Field(ge=0, le=1)
    """How sure the detector is, 0..1; at least `maybe` of its search."""
    track_id: str | None
    """The track that it belongs to; null if it belongs to none."""


class SearchedFrame(Record):
    """One frame that was looked at, also if nothing was found in it."""

    pts_seconds: float
    """Container time of the frame."""
    candidates: tuple[Candidate, ...]
    """Every candidate whose score is at least `maybe` of the search."""


class Search(Record):
    """The frames in which a detector looked for one kind of thing."""

    noun: str = Field(min_length=1)
    """What was looked for, in lower case and singular: "dog", "face", "writing"."""
    source: str = Field(min_length=1)
    """Who looked: "faces", "reading", "annotations", or the name of a detector."""
    sure: float = Field(ge=0, le=1)
    """From this score on, a candidate is such a thing."""
    asked: bool = True
    """Whether questions may name it; false for a synonym, a wider or a narrower noun of one that they may name, looked
    for so that absence is known."""
    maybe: float = Field(ge=0, le=1)
    """Below this score nothing is such a thing; between `maybe` and `sure` it is not known."""
    frames: tuple[SearchedFrame, ...]
    """Every frame that was looked at, in order of time."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.maybe > self.sure:
            raise ValueError(f"search for {self.noun}: maybe {self.maybe} > sure {self.sure}")
        times = [frame.pts_seconds for frame in self.frames]
        if any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError(f"search for {self.noun}: times must increase")
        if any(candidate.score < self.maybe for frame in self.frames for candidate in frame.candidates):
            raise ValueError(f"search for {self.noun}: a candidate has a score below maybe ({self.maybe})")
        return self


class Reading(Rectangle):
    """One line of writing as it was read in one frame."""

    pts_seconds: float
    """Container time of the frame."""
    text: str
    """What was read."""
    score: float = Field(ge=0, le=1)
    """How sure the reader is, 0..1. Readings below 0.3 are not listed."""
    height_pixels: float = Field(gt=0)
    """Height of the line, across its letters, in the frame that was read: its shorter side has at most 448 pixels."""
    scale: float = Field(gt=0)
    """By how much the frame was enlarged before it was read: 1.0, or 1.5 for the second reading."""
