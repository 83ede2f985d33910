"""What is seen of one track on one analysis frame, and the run of such sightings that tracking yields."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from stages.motion.regions import PixelBox


@dataclass(frozen=True)
class Sighting:
    """The visible part of a track on one frame."""

    frame: int
    """Index of the analysis frame within the shot."""
    box: PixelBox
    """Box of the visible part."""
    area: int
    """Visible pixels."""
    free: tuple[bool, bool, bool, bool]
    """Whether its left, top, right, bottom edge is its own: neither the frame's border nor covered by another."""
    touching: tuple[int, ...]
    """Numbers of the tracks that it touches."""
    lab: NDArray[np.float32]
    """Median colour of its inner pixels in Lab, [3]."""
    names: NDArray[np.int64]
    """Counts of its inner pixels by colour name, [13]."""


@dataclass
class Trail:
    """The sightings of one track, in order of time."""

    number: int
    """Its number within the shot."""
    born_touching: tuple[int, ...] = ()
    """Numbers of the tracks that it touched when it was first seen."""
    confused_with: set[int] = field(default_factory=set)
    """Numbers of the tracks alike in colour with which it shared a region: it may have changed places with them."""
    sightings: list[Sighting] = field(default_factory=list)

    @property
    def first(self) -> Sighting:
        """The first sighting."""
        return self.sightings[0]

    @property
    def last(self) -> Sighting:
        """The last sighting."""
        return self.sightings[-1]
