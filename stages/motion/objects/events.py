"""Events of a trail at the frame's border: it enters, by a line through its leading edge, and leaves, which is entering
with the course played backwards.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.record import Record
from schemas.scene import EventKind, Side
from stages.motion.objects.course import Course
from stages.motion.objects.trail import SLIVER_PIXELS

GAP_FRAMES = 3.5
"""If two sightings are further apart than this, the thing was out of view between them; in frames."""

_SIDES = (Side.LEFT, Side.TOP, Side.RIGHT, Side.BOTTOM)

_TOUCHING_PIXELS = 1.0  # a box this near to a border touches it
_CLEAR_OF_CORNER_PIXELS = 3.0  # a box this near to a second border may have crossed either of the two
_FAST_PIXELS = 6.0  # a thing that moves further than this in a frame may be seen first at a distance from the border
_JUMP_FRAMES = 1.5  # such a thing enters at most this many frames before its first sighting
_DELAY_FRAMES = 0.2  # the line is this much early, and is corrected by it
_LAST_WEIGHT = 0.5  # weight of the last sighting on the line; the first one, nearest to the border, has 1
_LEAST_SPEED = 1e-6  # pixels a second: below it the edge does not move inwards
# an entering event is clear if it comes this long after the shot begins, at this speed, and in this many sightings
_CLEAR_AFTER_SECONDS = 0.1
_CLEAR_SPEED = 6.0  # pixels a second
_CLEAR_SIGHTINGS = 4


class EventConfig(Record):
    """When something counts as an event."""

    line_sightings: int = 7
    """The line through the leading edge is fitted to at most this many sightings."""
    furthest_back_seconds: float = 0.5
    """A thing may have been in view for at most this long before its first sighting."""
    still_seconds: float = 0.5
    """A thing stands still if it stays within `still_pixels` for this long."""
    still_pixels: float = 2.0
    """Range of a centre that stands still, in pixels at 240 rows."""
    hinge_seconds: float = 0.8
    """The hinge is fitted to this much time before and after a start or stop."""
    least_shift_pixels: float = 5.0
    """Within `hinge_seconds` after a start, or before a stop, the centre shifts by at least this, at 240 rows."""


@dataclass(frozen=True)
class Moment:
    """An event of one trail. Times are container seconds."""

    kind: EventKind
    pts_seconds: float
    start_seconds: float
    """When the change that leads to the event becomes visible."""
    end_seconds: float
    """When the event is over."""
    margin: float
    """How clear the event is: 1 and above is clear."""
    side: Side | None = None
    """The border that the thing enters or leaves over; None if it may be one of several, or if there is none."""


@dataclass(frozen=True)
class ShotExtent:
    """The time and the frame of the shot that a trail belongs to."""

    start_seconds: float
    """Time of its first frame."""
    last_seconds: float
    """Time of its last frame."""
    end_seconds: float
    """When its last frame ends: the time of the first frame after it, or the end of the clip."""
    frame_seconds: float
    """Median time from one frame to the next."""
    width: int
    height: int


def enters(course: Course, span: ShotExtent, config: EventConfig) -> Moment | None:
    """The moment at which the thing enters over a border; None if it does not, or not clearly.

    A thing that is in view on the shot's first frame does not enter. Otherwise the border is one that the first
    sighting touches, or one that a fast thing has jumped over. The moment is when the leading edge crossed that border,
    by a line through its first sightings; it is not later than the first sighting. If the thing touches two borders, it
    is in view only after it has crossed both, so the later crossing counts.
    """
    first = float(course.times[0])
    if first <= span.start_seconds + 0.5 * span.frame_seconds:
        return None
    touched = _touched(course.edges[0], span, _TOUCHING_PIXELS)
    crossings = {side: found for side in range(4) if (found := _crossing(course, side, span, config))}
    sides = touched or _jumped(course.edges[0], crossings, span)
    over = {side: crossings[side] for side in sides if side in crossings}
    if not over:
        return None
    side, (crossed, speed) = max(over.items(), key=lambda item: item[1][0])
    moment = min(max(crossed, first - config.furthest_back_seconds), first)
    if moment <= span.start_seconds:
        return None
    untouched = (i for i, edges in enumerate(course.edges) if not _touched(edges, span, _TOUCHING_PIXELS))
    inside = next(untouched, len(course.times) - 1)
    near = _touched(course.edges[0], span, _CLEAR_OF_CORNER_PIXELS)
    is_only_side = len(near) == 1 if touched else len(over) == 1
    return Moment(
        kind=EventKind.ENTERS,
        pts_seconds=moment,
        start_seconds=moment,
        end_seconds=max(float(course.times[inside]), moment + span.frame_seconds),
        margin=min(
            (moment - span.start_seconds) / _CLEAR_AFTER_SECONDS,
            speed / _CLEAR_SPEED,
            len(course.times) / _CLEAR_SIGHTINGS,
        ),
        side=_SIDES[side] if is_only_side else None,
    )


def _gaps(edges: NDArray[np.float64], span: ShotExtent) -> tuple[float, float, float, float]:
    """Pixels between a box and the left, top, right and bottom border."""
    return float(edges[0]), float(edges[1]), float(span.width - edges[2]), float(span.height - edges[3])


def _touched(edges: NDArray[np.float64], span: ShotExtent, reach: float) -> list[int]:
    """The borders (0..3 for left, top, right, bottom) that a box is nearer to than `reach` pixels."""
    return [side for side, gap in enumerate(_gaps(edges, span)) if gap < reach]


def _crossing(course: Course, side: int, span: ShotExtent, config: EventConfig) -> tuple[float, float] | None:
    """When the leading edge was at the border `side`, and its speed inwards in pixels a second.

    The leading edge of a thing that enters is the one opposite to the border. It is at the border when as much of the
    thing is in view as is needed to see it (`SLIVER_PIXELS`). None if the edge is rarely free, or moves outwards.
    """
    leading = (side + 2) % 4
    count = min(config.line_sightings, len(course.times))
    times, values = course.times[:count], course.edges[:count, leading]
    own = course.free[:count, leading]
    if own.sum() < 2:
        return None
    times, values = times[own], values[own]
    weights = np.linspace(1.0, _LAST_WEIGHT, len(times))
    slope, offset = np.polyfit(times - times[0], values, 1, w=weights)
    inward = slope if side < 2 else -slope
    if inward <= _LEAST_SPEED:
        return None
    border = (SLIVER_PIXELS, SLIVER_PIXELS, span.width - SLIVER_PIXELS, span.height - SLIVER_PIXELS)[side]
    return float(times[0] + (border - offset) / slope) + _DELAY_FRAMES * span.frame_seconds, float(inward)


def _jumped(edges: NDArray[np.float64], crossings: Mapping[int, tuple[float, float]], span: ShotExtent) -> list[int]:
    """The borders that a fast thing may have crossed between two frames, so that no sighting touches them."""
    steps = {side: speed * span.frame_seconds for side, (_, speed) in crossings.items()}
    gaps = _gaps(edges, span)
    return [side for side, step in steps.items() if step > _FAST_PIXELS and _JUMP_FRAMES * step > gaps[side]]


def leaves(course: Course, span: ShotExtent, config: EventConfig) -> Moment | None:
    """The moment at which the thing leaves over a border: it enters in the course played backwards."""
    entered = enters(backwards(course), span_backwards(span), config)
    return None if entered is None else moment_backwards(entered, EventKind.LEAVES)


def backwards(course: Course) -> Course:
    """The course with time running backwards."""
    return Course(
        times=-course.times[::-1],
        edges=course.edges[::-1],
        free=course.free[::-1],
        centres=course.centres[::-1],
    )


def span_backwards(span: ShotExtent) -> ShotExtent:
    """The shot with time running backwards."""
    return ShotExtent(
        start_seconds=-span.last_seconds,
        last_seconds=-span.start_seconds,
        end_seconds=-span.start_seconds + span.frame_seconds,
        frame_seconds=span.frame_seconds,
        width=span.width,
        height=span.height,
    )


def moment_backwards(moment: Moment, kind: EventKind) -> Moment:
    """An event found with time running backwards, as an event of that kind with time running forwards."""
    return Moment(
        kind=kind,
        pts_seconds=-moment.pts_seconds,
        start_seconds=-moment.end_seconds,
        end_seconds=-moment.start_seconds,
        margin=moment.margin,
        side=moment.side,
    )
