"""What is said of things if the ground is too plain to show whether the camera stands still.

Boxes, sides, ways, colours and who enters or leaves hold in the picture, whatever the camera does. That a thing starts,
stops, or moves by itself does not.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from schemas.scene import Event, EventKind
from stages.motion.objects.course import Course
from stages.motion.objects.events import ShotExtent
from stages.motion.objects.parts import Part

_TURNS = (EventKind.STARTS, EventKind.STOPS)
_LEAST_COMMON_SECONDS = 0.5
_APART = 0.04  # of the frame's height: if two things shift this far against each other, they do not move as one
_FAR = 0.15  # of the frame's height: a thing alone in view that shifts less may shift with an unsteady camera


def in_the_picture(events: Sequence[Event]) -> list[Event]:
    """The events that happen in the picture, whatever the camera does."""
    return [event for event in events if event.kind not in _TURNS]


def may_be_the_camera(chains: Sequence[Sequence[Part]], span: ShotExtent) -> bool:
    """Whether all that moves may be the camera's doing: all things move as one, or the only one shifts a little."""
    shifts = [
        shift
        for one, other in combinations(chains, 2)
        for a in one
        for b in other
        if (shift := _shift_against(a.course, b.course)) is not None
    ]
    if shifts:
        return max(shifts) <= _APART * span.height
    return not any(_goes_far(chain, span) for chain in chains)


def _shift_against(a: Course, b: Course) -> float | None:
    """How far two things shift against each other while both are seen, in pixels; None if that is too short."""
    common, of_a, of_b = np.intersect1d(a.times, b.times, assume_unique=True, return_indices=True)
    if len(common) < 2 or common[-1] - common[0] < _LEAST_COMMON_SECONDS:
        return None
    between = a.centres[of_a] - b.centres[of_b]
    known = between[~np.isnan(between).any(axis=1)]
    return _extent(known) if len(known) > 1 else None


def _goes_far(chain: Sequence[Part], span: ShotExtent) -> bool:
    if any(part.enters or part.leaves for part in chain):
        return True
    edges = np.concatenate([part.course.edges for part in chain])
    return _extent((edges[:, :2] + edges[:, 2:]) / 2) > _FAR * span.height


def _extent(points: NDArray[np.float64]) -> float:
    return float(np.ptp(points, axis=0).max())
