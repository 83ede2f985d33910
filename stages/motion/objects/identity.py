"""How tracks look, and whether two of them are one object: only if colour, size and shape agree."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.record import Record
from stages.motion.objects.course import Course
from stages.motion.objects.trail import Sighting

_AT_END = 12  # the size at an end of a track is measured on this many full sightings there, ...
_FULL_AREA = 0.85  # ... if they have this share of the largest area: a thing that goes behind something shrinks
_LARGE_AREA = 0.5  # colour and shape are measured on sightings with this share of the median area


class IdentityConfig(Record):
    """How similar two looks must be to belong to one object, and how different to belong to two."""

    same_lab: float = 6.0
    """Largest Lab distance between the colours of one object."""
    same_size: float = 0.1
    """Largest log ratio between the sizes of one object before and after a gap."""
    same_shape: float = 0.1
    """Largest mean difference between the covered shares of the cells of its box, 0..1."""
    rival_lab: float = 18.0
    """Things whose colours are nearer than this in Lab could be mistaken for each other."""
    different_lab: float = 30.0
    """Things whose colours are farther apart than this in Lab are two objects."""


@dataclass(frozen=True)
class Look:
    """How a track looks while it is fully visible."""

    lab: NDArray[np.float32]
    """Colour in Lab, [3]."""
    first_size: tuple[float, float]
    """Width and height at its first full sightings, in frame heights."""
    last_size: tuple[float, float]
    """Width and height at its last full sightings, in frame heights."""
    shape: NDArray[np.float32]
    """Covered share of each cell of a grid over its box, [cells * cells]."""
    full_sightings: int
    """Number of sightings at which it was fully visible."""


def look_of(sightings: Sequence[Sighting], course: Course, rows: int) -> Look | None:
    """The look of a trail; None if it was never fully visible: inside the frame and touching nothing.

    `rows` is the height of the frame in pixels.
    """
    full = [i for i, one in enumerate(sightings) if all(one.free) and not one.touching and one.shape is not None]
    if not full:
        return None
    labs = np.array([sightings[i].lab for i in full])
    areas = np.array([sightings[i].area for i in full])
    shapes = np.array([sightings[i].shape for i in full], dtype=np.float32)
    extents = course.edges[full][:, 2:] - course.edges[full][:, :2]
    large = areas >= _LARGE_AREA * np.median(areas)

    def size(part: slice) -> tuple[float, float]:
        largest = areas[part] >= _FULL_AREA * areas[part].max()
        width, height = np.median(extents[part][largest], axis=0) / rows
        return float(width), float(height)

    return Look(
        lab=np.median(labs[large], axis=0).astype(np.float32),
        first_size=size(np.s_[:_AT_END]),
        last_size=size(np.s_[-_AT_END:]),
        shape=np.median(shapes[large], axis=0).astype(np.float32),
        full_sightings=len(full),
    )


def colour_distance(left: Look, right: Look) -> float:
    """Lab distance between the colours of two looks."""
    return float(np.linalg.norm(left.lab - right.lab))


def likeness(earlier: Look, later: Look, config: IdentityConfig) -> float:
    """How well the later look continues the earlier one, from 0 (not at all) to 1 (exactly)."""
    sizes = np.abs(np.log(np.array(later.first_size) / np.array(earlier.last_size))).max()
    worst = max(
        colour_distance(earlier, later) / config.same_lab,
        float(sizes) / config.same_size,
        float(np.abs(earlier.shape - later.shape).mean()) / config.same_shape,
    )
    return max(0.0, 1.0 - worst)


def families(labs: Sequence[NDArray[np.float32]], config: IdentityConfig) -> list[list[int]]:
    """The indices of colours (Lab, [3] each) in families: each member is nearer than `rival_lab` to another one."""
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
