"""What a detector was asked to look for, and what it has found in the frames that it looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from stages.linking.sighting import NamedSighting, sightings_of
from stages.models.detections import FrameDetections
from stages.models.detector_settings import Certainty

_SAME_MOMENT_SECONDS = 1e-3


@dataclass(frozen=True)
class SearchedFor:
    """What is looked for."""

    source: str
    """Name of the detector."""
    certainties: Mapping[str, Certainty]
    """The thresholds of each noun."""
    asked: frozenset[str] | None = None
    """Those of the nouns that questions may name; None for all. The others are related to them."""

    def may_be_asked(self, noun: str) -> bool:
        """Whether questions may name the noun."""
        return self.asked is None or noun in self.asked


@dataclass(frozen=True)
class LookedAt:
    """Frames in order of time, with what was found in each."""

    pts_seconds: tuple[float, ...]
    found: tuple[FrameDetections, ...]

    def sightings(self, noun: str, wanted: SearchedFor) -> list[list[NamedSighting]]:
        """The sightings of one noun in each frame."""
        certainty, is_rival = wanted.certainties[noun], wanted.may_be_asked
        pairs = zip(self.pts_seconds, self.found, strict=True)
        return [sightings_of(detections, noun, certainty, moment, is_rival) for moment, detections in pairs]

    def without(self, other: Self) -> "LookedAt":
        """The frames that the other one has not."""
        pairs = [pair for pair in zip(self.pts_seconds, self.found, strict=True) if not other._has(pair[0])]
        return LookedAt(tuple(moment for moment, _ in pairs), tuple(found for _, found in pairs))

    def with_further(self, other: Self) -> "LookedAt":
        """All frames in order; a further frame at the time of one of these is left out."""
        new = other.without(self)
        frames = [*zip(self.pts_seconds, self.found, strict=True), *zip(new.pts_seconds, new.found, strict=True)]
        times = dict(sorted(frames, key=lambda pair: pair[0]))
        return LookedAt(tuple(times), tuple(times.values()))

    def _has(self, moment: float) -> bool:
        return any(abs(moment - own) < _SAME_MOMENT_SECONDS for own in self.pts_seconds)


LookFurther = Callable[[Sequence[float]], LookedAt]
"""Looks at the frames that are shown at some more moments of the clip."""
