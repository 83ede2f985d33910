"""How tracks look, and whether two of them are one object: asserted only where colour, size and shape carry it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.record import Record
from stages.motion.objects.course import Course
from stages.motion.objects.trail import Sighting

_NEAR = 12  # whole sightings from which the size at an end of a track is taken...
_FULLY = 0.85  # ...where it is so large: what goes behind a part of the background shrinks


class IdentityConfig(Record):
    """What two looks must share to be one object's, and must differ in to be two objects'."""

    same_lab: float = 6.0
    """One object's colours lie within this Lab distance."""
    same_size: float = 0.1
    """One object's sizes differ by at most this log ratio across a gap."""
    same_shape: float = 0.1
    """The covered shares of the cells of its box differ by at most this in the mean."""
    rival_lab: float = 18.0
    """Another thing whose colour is nearer than this could be mistaken for it."""
    different_lab: float = 30.0
    """Colours farther apart than this are two objects'."""


@dataclass(frozen=True)
class Look:
    """How a track looks where it is seen whole."""

    lab: NDArray[np.float32]
    """Colour in Lab, [3]."""
    first_size: tuple[float, float]
    """Width and height near its first whole sightings, frame heights."""
    last_size: tuple[float, float]
    """Width and height near its last whole sightings, frame heights."""
    shape: NDArray[np.float32]
    """Covered share of each cell of a grid laid over its box, [cells * cells]."""
    whole_sightings: int
    """How often it was seen whole."""


def look_of(sightings: Sequence[Sighting], course: Course, rows: int) -> Look | None:
    """The look of a trail, or None where it was never seen whole (inside the frame, nothing before it)."""
    whole = [i for i, one in enumerate(sightings) if all(one.free) and not one.touching and one.shape is not None]
    if not whole:
        return None
    labs = np.array([sightings[i].lab for i in whole])
    areas = np.array([sightings[i].area for i in whole])
    shapes = np.array([sightings[i].shape for i in whole], dtype=np.float32)
    extents = course.edges[whole][:, 2:] - course.edges[whole][:, :2]
    large = areas >= 0.5 * np.median(areas)

    def size(part: slice) -> tuple[float, float]:
        fully = areas[part] >= _FULLY * areas[part].max()
        width, height = np.median(extents[part][fully], axis=0) / rows
        return float(width), float(height)

    return Look(
        lab=np.median(labs[large], axis=0).astype(np.float32),
        first_size=size(np.s_[:_NEAR]),
        last_size=size(np.s_[-_NEAR:]),
        shape=np.median(shapes[large], axis=0).astype(np.float32),
        whole_sightings=len(whole),
    )


def colour_distance(left: Look, right: Look) -> float:
    """Distance of two looks' colours in Lab."""
    return float(np.linalg.norm(left.lab - right.lab))


def likeness(earlier: Look, later: Look, config: IdentityConfig) -> float:
    """How well the later look continues the earlier one, 0 (not at all) .. 1 (exactly)."""
    sizes = np.abs(np.log(np.array(later.first_size) / np.array(earlier.last_size))).max()
    worst = max(
        colour_distance(earlier, later) / config.same_lab,
        float(sizes) / config.same_size,
        float(np.abs(earlier.shape - later.shape).mean()) / config.same_shape,
    )
    return max(0.0, 1.0 - worst)


def families(labs: Sequence[NDArray[np.float32]], config: IdentityConfig) -> list[list[int]]:
    """The indices of colours (Lab, [3] each) in sets that cannot be told apart, one by one, by `rival_lab`."""
    left = set(range(len(labs)))
    found = []
    while left:
        family, reached = [], [min(left)]
        left.discard(reached[0])
        while reached:
            one = reached.pop()
            family.append(one)
            near = {other for other in left if float(np.linalg.norm(labs[one] - labs[other])) < config.rival_lab}
            left -= near
            reached += sorted(near)
        found.append(sorted(family))
    return found
