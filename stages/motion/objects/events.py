"""A trail's course to its events: enter and leave by a line through its edge, start and stop by a hinge."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.record import Record
from schemas.scene import EventKind, Side
from stages.motion.objects.course import Course
from stages.motion.objects.trail import SLIVER_PIXELS

_CLEAR_OF_CORNER = 3.0  # pixels from every other border: else two borders may have been crossed
_FAST = 6.0  # pixels a frame
_SIDES = (Side.LEFT, Side.TOP, Side.RIGHT, Side.BOTTOM)


class EventConfig(Record):
    """When something counts as an event."""

    line_sightings: int = 7
    """Over so many sightings at most the edge's line is fitted."""
    furthest_back_seconds: float = 0.5
    """A thing may have been in view for at most so long before it was seen."""
    still_seconds: float = 0.5
    """A thing stands still if it stays within `still_pixels` for so long."""
    still_pixels: float = 2.0
    """Range of a centre that stands still, in pixels at 240 rows."""
    hinge_seconds: float = 0.8
    """Over so much time on both sides of a start or stop the hinge is fitted."""
    least_shift_pixels: float = 5.0
    """After a start, or before a stop, the centre shifts by at least this within `hinge_seconds`."""


@dataclass(frozen=True)
class Moment:
    """An event of one trail."""

    kind: EventKind
    """What happens."""
    pts_seconds: float
    """When, container seconds."""
    start_seconds: float
    """When what leads to it begins to show."""
    end_seconds: float
    """When it is over."""
    margin: float
    """How clear it is; 1 and above is plain."""
    side: Side | None = None
    """The border that it enters from or leaves to, where it is one alone."""


@dataclass(frozen=True)
class ShotExtent:
    """The shot that a trail lies in."""

    start_seconds: float
    """Time of its first frame."""
    last_seconds: float
    """Time of its last frame."""
    end_seconds: float
    """Time at which its last frame is over: that of the first frame after it, or the end of the clip."""
    frame_seconds: float
    """Time from frame to frame, as a rule."""
    width: int
    """Columns of the frame."""
    height: int
    """Rows of the frame."""


def _touched(edges: NDArray[np.float64], span: ShotExtent, reach: float = 1.0) -> list[int]:
    """Which borders (0..3) a box comes within `reach` pixels of."""
    gaps = (edges[0], edges[1], span.width - edges[2], span.height - edges[3])
    return [side for side, gap in enumerate(gaps) if gap < reach]


def _crossing(course: Course, side: int, span: ShotExtent, config: EventConfig) -> tuple[float, float] | None:
    """When the leading edge (opposite of `side`) was at the border, and its speed inward in pixels a second."""
    leading = (side + 2) % 4
    count = min(config.line_sightings, len(course.times))
    times, values = course.times[:count], course.edges[:count, leading]
    own = course.free[:count, leading]
    if own.sum() < 2:
        return None
    times, values = times[own], values[own]
    weights = np.linspace(1.0, 0.5, len(times))
    slope, offset = np.polyfit(times - times[0], values, 1, w=weights)
    inward = slope if side < 2 else -slope
    if inward <= 1e-6:
        return None
    border = (SLIVER_PIXELS, SLIVER_PIXELS, span.width - SLIVER_PIXELS, span.height - SLIVER_PIXELS)[side]
    return float(times[0] + (border - offset) / slope) + 0.2 * span.frame_seconds, float(inward)


def enters(course: Course, span: ShotExtent, config: EventConfig) -> Moment | None:
    """The moment at which the thing comes in over a border, or None where it does not, or not clearly."""
    first = float(course.times[0])
    if first <= span.start_seconds + 0.5 * span.frame_seconds:
        return None
    touched = _touched(course.edges[0], span)
    crossings = {side: found for side in range(4) if (found := _crossing(course, side, span, config))}
    sides = touched or _jumped(course.edges[0], crossings, span)
    over = {side: crossings[side] for side in sides if side in crossings}
    if not over:
        return None
    side, (crossed, speed) = max(over.items(), key=lambda item: item[1][0])  # in view only past every border
    moment = min(max(crossed, first - config.furthest_back_seconds), first)
    if moment <= span.start_seconds:
        return None
    inside = next((i for i, edges in enumerate(course.edges) if not _touched(edges, span)), len(course.times) - 1)
    alone = len(over) == 1 if not touched else len(_touched(course.edges[0], span, _CLEAR_OF_CORNER)) == 1
    return Moment(
        kind=EventKind.ENTERS,
        pts_seconds=moment,
        start_seconds=moment,
        end_seconds=max(float(course.times[inside]), moment + span.frame_seconds),
        margin=min((moment - span.start_seconds) / 0.1, speed / 6.0, len(course.times) / 4),
        side=_SIDES[side] if alone else None,
    )


def _jumped(edges: NDArray[np.float64], crossings: Mapping[int, tuple[float, float]], span: ShotExtent) -> list[int]:
    """Borders over which a thing that was never seen at one came: it is so fast that a frame before it was there."""
    steps = {side: speed * span.frame_seconds for side, (_, speed) in crossings.items()}
    return [side for side, step in steps.items() if step > _FAST and 1.5 * step > _gap(edges, side, span)]


def _gap(edges: NDArray[np.float64], side: int, span: ShotExtent) -> float:
    return float((edges[0], edges[1], span.width - edges[2], span.height - edges[3])[side])


def leaves(course: Course, span: ShotExtent, config: EventConfig) -> Moment | None:
    """The moment at which the thing goes out over a border: entering, played backwards."""
    mirrored = enters(backwards(course), _span_backwards(span), config)
    if mirrored is None:
        return None
    return Moment(
        EventKind.LEAVES,
        -mirrored.pts_seconds,
        -mirrored.end_seconds,
        -mirrored.start_seconds,
        mirrored.margin,
        mirrored.side,
    )


def backwards(course: Course) -> Course:
    """The course with time running backwards."""
    return Course(-course.times[::-1], course.edges[::-1], course.free[::-1], course.centres[::-1])


def _span_backwards(span: ShotExtent) -> ShotExtent:
    return ShotExtent(
        start_seconds=-span.last_seconds,
        last_seconds=-span.start_seconds,
        end_seconds=-span.start_seconds + span.frame_seconds,
        frame_seconds=span.frame_seconds,
        width=span.width,
        height=span.height,
    )


def still_stretches(course: Course, span: ShotExtent, config: EventConfig) -> list[tuple[int, int]]:
    """The stretches over which the centre stands still: first and last sighting of each."""
    limit = config.still_pixels * span.height / 240
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


def starts(course: Course, span: ShotExtent, config: EventConfig) -> list[Moment]:
    """The moments at which the thing begins to move after having stood still."""
    stretches = still_stretches(course, span, config)
    found = []
    for index, (first, last) in enumerate(stretches):
        until = stretches[index + 1][0] if index + 1 < len(stretches) else len(course.times) - 1
        if last >= len(course.times) - 2 or until - last < 2:
            continue
        moment = _hinge(course, first, last, until, span, config)
        if moment is not None:
            found.append(moment)
    return found


def stops(course: Course, span: ShotExtent, config: EventConfig) -> list[Moment]:
    """The moments at which the thing comes to a stand: starting, played backwards."""
    return [
        Moment(EventKind.STOPS, -one.pts_seconds, -one.end_seconds, -one.start_seconds, one.margin)
        for one in reversed(starts(backwards(course), _span_backwards(span), config))
    ]


def _hinge(course: Course, first: int, last: int, until: int, span: ShotExtent, config: EventConfig) -> Moment | None:
    """A start near sighting `last`, where the thing stands still from `first` and moves until `until`."""
    scale = span.height / 240
    around = course.times[last]
    use = np.arange(first, until + 1)
    use = use[np.abs(course.times[use] - around) <= config.hinge_seconds]
    use = use[~np.isnan(course.centres[use]).any(axis=1)]
    times, centres = course.times[use], course.centres[use]
    if (times > around).sum() < 2 or (times <= around).sum() < 2:
        return None
    if float(np.diff(times).max()) > 3.5 * span.frame_seconds:
        return None
    grid = np.arange(around - 0.45, around + 0.45, 0.01)
    moment, speed = _best_hinge(times, centres, grid)
    shift = centres[-1] - np.median(centres[times <= around], axis=0)
    if float(np.abs(shift).max()) < config.least_shift_pixels * scale:
        return None
    if not _is_rigid(course, int(use[0]), int(use[-1]), shift):
        return None
    stood = (moment - course.times[first]) / config.still_seconds
    clear = min(stood, float(np.abs(shift).max()) / (2 * config.least_shift_pixels * scale), speed / 8.0)
    return Moment(EventKind.STARTS, moment, moment - 0.25, moment + 0.25, float(max(0.0, clear)))


def _best_hinge(
    times: NDArray[np.float64], centres: NDArray[np.float64], grid: NDArray[np.float64]
) -> tuple[float, float]:
    """The moment of `grid` with the least squared error of still-then-even motion, and the speed after it."""
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
    """Whether opposite edges moved together, along the main direction of the shift."""
    axis = int(np.abs(shift).argmax())
    moves = [
        course.edges[after, edge] - course.edges[before, edge]
        for edge in (axis, axis + 2)
        if course.free[before, edge] and course.free[after, edge]
    ]
    return bool(moves) and all(move / shift[axis] > 0.4 for move in moves)
