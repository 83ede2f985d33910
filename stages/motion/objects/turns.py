"""Turns of a trail: it starts to move, and stops.

A start is found by a hinge: a standstill followed by even motion. A stop is a start with the course played backwards.
A thing that creeps, or that is lost from sight as it sets off, may have turns that are not found.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.scene import EventKind
from stages.motion.objects.course import Course
from stages.motion.objects.events import (
    GAP_FRAMES,
    EventConfig,
    Moment,
    ShotExtent,
    backwards,
    moment_backwards,
    span_backwards,
)

_REFERENCE_ROWS = 240  # limits in pixels are given for a frame of this height
_SEARCH_SECONDS = 0.45  # the hinge is looked for within this time of the end of the standstill, ...
_SEARCH_STEP_SECONDS = 0.01  # ... in steps of this
_LEAST_ON_A_SIDE = 2  # sightings before, and after, the hinge
_MOMENT_SECONDS = 0.25  # a start or stop is visible for this long before and after its moment
_LEAST_EDGE_SHARE = 0.4  # each edge of a rigid thing makes at least this share of its centre's shift
# a slower thing may seem to stand still, since codecs hold what moves by less than a pixel
_LEAST_SPEED = 8.0  # pixels a second
_MOST_DRIFT = 1 / 3  # of the speed after it: a standstill that drifts faster may be none


@dataclass(frozen=True)
class Turns:
    """The starts and stops of a thing."""

    moments: tuple[Moment, ...]
    complete: bool
    """Whether there are no others."""


def turns(course: Course, span: ShotExtent, config: EventConfig) -> Turns:
    """The starts and stops of a trail."""
    started = _starts(course, span, config)
    stopped = _starts(backwards(course), span_backwards(span), config)
    stops = (moment_backwards(one, EventKind.STOPS) for one in reversed(stopped.moments))
    return Turns((*started.moments, *stops), started.complete and stopped.complete)


def stands_still(course: Course, span: ShotExtent, config: EventConfig) -> tuple[bool, bool]:
    """Whether it stands still at its first sighting, and at its last one."""
    stretches = _still_stretches(course, span, config)
    return bool(stretches and stretches[0][0] == 0), bool(stretches and stretches[-1][1] == len(course.times) - 1)


def _still_stretches(course: Course, span: ShotExtent, config: EventConfig) -> list[tuple[int, int]]:
    """The stretches over which the centre stands still: indices of the first and last sighting of each."""
    limit = config.still_pixels * span.height / _REFERENCE_ROWS
    count = len(course.times)
    still = np.zeros(count, dtype=bool)
    ends = np.searchsorted(course.times, course.times + config.still_seconds - 1e-6)
    for first in range(count):
        last = int(ends[first])
        if last >= count:
            break
        window = course.centres[first : last + 1]
        if not np.isnan(window).any() and float(np.ptp(window, axis=0).max()) <= limit:
            still[first : last + 1] = True
    bounds = np.flatnonzero(np.diff(np.concatenate(([0], still.astype(np.int8), [0]))))
    return [(int(first), int(after) - 1) for first, after in zip(bounds[::2], bounds[1::2], strict=True)]


def _starts(course: Course, span: ShotExtent, config: EventConfig) -> Turns:
    """The moments at which the thing begins to move after it has stood still."""
    stretches = _still_stretches(course, span, config)
    found, complete = list[Moment](), True
    for index, (first, last) in enumerate(stretches):
        until = stretches[index + 1][0] if index + 1 < len(stretches) else len(course.times) - 1
        if not _moves_off(course, last, until, span, config):
            continue
        after = _start_after(course, first, last, until, span, config)
        found += after or ()
        complete = complete and after is not None
    return Turns(tuple(found), complete)


def _moves_off(course: Course, last: int, until: int, span: ShotExtent, config: EventConfig) -> bool:
    """Whether the thing is elsewhere, or touches a border, at some time between two standstills."""
    away = course.centres[last + 1 : until + 1] - course.centres[last]
    hidden = int(np.isnan(away).any(axis=1).sum())
    if hidden >= _LEAST_ON_A_SIDE:
        return True
    limit = 2 * config.still_pixels * span.height / _REFERENCE_ROWS
    return bool(len(away) > hidden and float(np.nanmax(np.abs(away))) > limit)


def _start_after(
    course: Course, first: int, last: int, until: int, span: ShotExtent, config: EventConfig
) -> list[Moment] | None:
    """The start after a standstill from sighting `first` to `last`; the thing then moves until sighting `until`.

    A hinge is fitted to the centre: it stays in place until the moment, and moves evenly after it.

    Returns: the start; nothing if the two edges do not shift together, since the thing then grows or is uncovered; None
    if there are too few sightings, or a gap in them, or if it moves so little that it may not have stood still.
    """
    scale = span.height / _REFERENCE_ROWS
    around = course.times[last]
    use = np.arange(first, until + 1)
    use = use[np.abs(course.times[use] - around) <= config.hinge_seconds]
    use = use[~np.isnan(course.centres[use]).any(axis=1)]
    times, centres = course.times[use], course.centres[use]
    if (times > around).sum() < _LEAST_ON_A_SIDE or (times <= around).sum() < _LEAST_ON_A_SIDE:
        return None
    if float(np.diff(times).max()) > GAP_FRAMES * span.frame_seconds:
        return None
    grid = np.arange(around - _SEARCH_SECONDS, around + _SEARCH_SECONDS, _SEARCH_STEP_SECONDS)
    moment, speed = _best_hinge(times, centres, grid)
    shift = centres[-1] - np.median(centres[times <= around], axis=0)
    if float(np.abs(shift).max()) < config.least_shift_pixels * scale:
        return None
    if not _is_rigid(course, int(use[0]), int(use[-1]), shift):
        return []
    if speed < _LEAST_SPEED * scale or _drift(course, first, last) > _MOST_DRIFT * speed:
        return None
    stood = (moment - course.times[first]) / config.still_seconds
    shifted = float(np.abs(shift).max()) / (2 * config.least_shift_pixels * scale)
    return [
        Moment(
            kind=EventKind.STARTS,
            pts_seconds=moment,
            start_seconds=moment - _MOMENT_SECONDS,
            end_seconds=moment + _MOMENT_SECONDS,
            margin=float(max(0.0, min(stood, shifted, speed / (_LEAST_SPEED * scale)))),
        )
    ]


def _drift(course: Course, first: int, last: int) -> float:
    """How fast the centre drifts from sighting `first` to `last`, pixels a second."""
    way = course.centres[last] - course.centres[first]
    return float(np.hypot(*way) / (course.times[last] - course.times[first]))


def _best_hinge(
    times: NDArray[np.float64], centres: NDArray[np.float64], grid: NDArray[np.float64]
) -> tuple[float, float]:
    """The moment of `grid` at which a hinge fits the centres with the least squared error, and the speed after it.

    For each candidate moment the model is: centre = constant + velocity * max(0, time - moment).
    """
    moved = np.maximum(0.0, times[None, :] - grid[:, None])
    mean = moved.mean(axis=1, keepdims=True)
    spread = ((moved - mean) ** 2).sum(axis=1)
    spread[spread < 1e-9] = np.inf
    offsets = centres - centres.mean(axis=0)
    slopes = (moved - mean) @ offsets / spread[:, None]
    error = (offsets**2).sum() - (slopes**2).sum(axis=1) * np.where(np.isinf(spread), 0.0, spread)
    best = int(error.argmin())
    return float(grid[best]), float(np.hypot(*slopes[best]))


def _is_rigid(course: Course, before: int, after: int, shift: NDArray[np.float64]) -> bool:
    """Whether the two opposite edges along the main direction of the shift have moved together."""
    axis = int(np.abs(shift).argmax())
    moves = [
        course.edges[after, edge] - course.edges[before, edge]
        for edge in (axis, axis + 2)
        if course.free[before, edge] and course.free[after, edge]
    ]
    return bool(moves) and all(move / shift[axis] > _LEAST_EDGE_SHARE for move in moves)
