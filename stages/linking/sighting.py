"""A named thing in one frame: what linking works on."""

from collections.abc import Sequence
from dataclasses import dataclass

from stages.models.detections import Detection
from stages.models.detector_settings import Certainty

Corners = tuple[float, float, float, float]
"""x0, y0, x1, y1 in 0..1 of the frame."""

_LEAST_MARGIN = 0.05
"""A score this little above that of another phrase at the same place does not tell which of the two it is, ..."""
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
    detections: Sequence[Detection], noun: str, certainty: Certainty, pts_seconds: float
) -> list[NamedSighting]:
    """The detections of one noun in one frame. One that another noun fits as well is not sure."""
    found = []
    for one in detections:
        if one.phrase == noun and one.score >= certainty.maybe:
            most = 1.0 if one.margin >= _LEAST_MARGIN else max(certainty.maybe, certainty.sure - _UNSURE)
            found.append(NamedSighting(pts_seconds, one.box_xyxy_norm, min(one.score, most)))
    return found


def overlap(left: Corners, right: Corners) -> float:
    """Intersection over union of two boxes, 0..1."""
    shared = _shared(left, right)
    return shared / (area(left) + area(right) - shared)


def contained(inner: Corners, outer: Corners) -> float:
    """The share of the inner box that lies in the outer one, 0..1."""
    return _shared(inner, outer) / area(inner)


def _shared(left: Corners, right: Corners) -> float:
    width = min(left[2], right[2]) - max(left[0], right[0])
    height = min(left[3], right[3]) - max(left[1], right[1])
    return max(0.0, width) * max(0.0, height)


def area(box: Corners) -> float:
    """Share of the frame that a box covers, 0..1."""
    return (box[2] - box[0]) * (box[3] - box[1])
