"""Claims that a break in the picture leaves open: movement, light and place are not comparable across a jump cut."""

from collections.abc import Sequence

from schemas.claim import Predicate
from schemas.interval import Interval
from schemas.scene import Scene

_P = Predicate
MOVEMENT = frozenset(
    {_P.MOVES, _P.STILL, _P.SPEEDS_UP, _P.SLOWS_DOWN, _P.DISPLACED, _P.SIZE_CHANGE}
    | {_P.CAMERA_MOVES, _P.MOTION_IN, _P.BUSIER, _P.MOVING_COUNT, _P.DISTINCT_MOVING_COUNT}
)
"""What is said of movement, of things and of the camera, with the numbers of moving things."""
_OPEN = MOVEMENT | {_P.BRIGHTER, _P.PLACE_CHANGED, _P.PLACE_SAME}
_NEAR_SECONDS = 0.25  # what begins or ends this near to a break may be the break


def runs_over_break(predicate: Predicate, intervals: Sequence[Interval], scene: Scene) -> bool:
    """Whether a claim is about movement, light or place, and a break lies between the ends of what it is about."""
    return predicate in _OPEN and bool(intervals) and spans_break(intervals, scene)


def spans_break(intervals: Sequence[Interval], scene: Scene) -> bool:
    """Whether a break lies between the start of the earliest and the end of the latest of at least one interval."""
    start = min(interval.start_seconds for interval in intervals)
    end = max(interval.end_seconds for interval in intervals)
    return any(start < one.pts_seconds < end for one in scene.breaks)


def is_near_break(pts_seconds: float, scene: Scene) -> bool:
    """Whether an event at that moment may be nothing but a break: something that pops up does not enter."""
    return any(abs(one.pts_seconds - pts_seconds) <= _NEAR_SECONDS for one in scene.breaks)
