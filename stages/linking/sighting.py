"""A named thing in one frame: what linking works on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from schemas.corners import Corners, overlap
from stages.claims.nouns import is_one
from stages.models.detections import Detection
from stages.models.detector_settings import Certainty

_LEAST_MARGIN = 0.05
"""A score this little above that of an unrelated noun at the same place does not tell which of the two it is, ..."""
_SAME_PLACE = 0.7
"""Two boxes with at least this intersection over union are at one place."""
_UNSURE = 1e-3
"""... and counts as just below the upper threshold, by this much."""


@dataclass(frozen=True)
class NamedSighting:
    """A box that may show a thing of some noun."""

    pts_seconds: float
    """Container time of its frame."""
    box: Corners
    score: float
    """At least `maybe` of the noun, 0..1; at least `sure` if the thing is surely such."""


def sightings_of(
    detections: Sequence[Detection],
    noun: str,
    certainty: Certainty,
    pts_seconds: float,
    is_rival: Callable[[str], bool] = lambda _: True,
) -> list[NamedSighting]:
    """The detections of one noun in one frame. One that an unrelated noun fits as well is not sure.

    `is_rival`: whether a noun counts; those that no question names do not.
    """
    found = []
    for one in detections:
        if one.phrase == noun and one.score >= certainty.maybe:
            is_clear = (
                one.margin >= _LEAST_MARGIN or one.score - _best_rival(one, detections, is_rival) >= _LEAST_MARGIN
            )
            most = 1.0 if is_clear else max(certainty.maybe, certainty.sure - _UNSURE)
            found.append(NamedSighting(pts_seconds, one.box_xyxy_norm, min(one.score, most)))
    return found


def _best_rival(one: Detection, detections: Sequence[Detection], is_rival: Callable[[str], bool]) -> float:
    """The best score at the same place of a noun that is neither wider nor narrower: of "cat" for a dog."""
    return max(
        (
            other.score
            for other in detections
            if is_rival(other.phrase)
            and not are_related(other.phrase, one.phrase)
            and overlap(other.box_xyxy_norm, one.box_xyxy_norm) >= _SAME_PLACE
        ),
        default=0.0,
    )


@lru_cache(maxsize=4096)
def are_related(noun: str, other: str) -> bool:
    """Whether everything called by one of the nouns is called by the other one, too."""
    return is_one(noun, other) or is_one(other, noun)
