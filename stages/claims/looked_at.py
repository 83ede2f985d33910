"""What a search saw during an interval, if it looked often enough."""

from bisect import bisect_left
from itertools import pairwise

from schemas.interval import Interval
from schemas.scene import Scene
from schemas.search import Search, SearchedFrame

LONGEST_GAP_SECONDS = 0.5
"""An interval is covered by a search if no part of it longer than this was not looked at."""


def searches_for(noun: str, scene: Scene) -> tuple[Search, ...]:
    """The searches for one noun, by any detector."""
    return tuple(search for search in scene.searched if search.noun == noun)


def frames_of(search: Search, interval: Interval) -> tuple[SearchedFrame, ...] | None:
    """The frames that were looked at during the interval; None if they do not cover it."""
    first = bisect_left(search.frames, interval.start_seconds, key=_moment)
    end = bisect_left(search.frames, interval.end_seconds, key=_moment)
    inside = search.frames[first:end]
    known = [
        interval.start_seconds if first == 0 else search.frames[first - 1].pts_seconds,
        *(frame.pts_seconds for frame in inside),
        interval.end_seconds if end == len(search.frames) else search.frames[end].pts_seconds,
    ]
    gaps = (later - earlier for earlier, later in pairwise(known))
    return inside if inside and max(gaps) <= LONGEST_GAP_SECONDS else None


def frames_inside(search: Search, interval: Interval) -> tuple[SearchedFrame, ...]:
    """The frames that were looked at in [start, end) of the interval."""
    first = bisect_left(search.frames, interval.start_seconds, key=_moment)
    return search.frames[first : bisect_left(search.frames, interval.end_seconds, key=_moment)]


def _moment(frame: SearchedFrame) -> float:
    return frame.pts_seconds
