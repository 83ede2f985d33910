"""What a search saw during an interval, if it looked often enough."""

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
    inside = tuple(f for f in search.frames if interval.contains(f.pts_seconds))
    moments = [f.pts_seconds for f in search.frames]
    before = max((m for m in moments if m < interval.start_seconds), default=None)
    after = min((m for m in moments if m >= interval.end_seconds), default=None)
    known = [
        *([interval.start_seconds] if before is None else [before]),
        *(frame.pts_seconds for frame in inside),
        *([interval.end_seconds] if after is None else [after]),
    ]
    gaps = (later - earlier for earlier, later in pairwise(known))
    return inside if inside and max(gaps) <= LONGEST_GAP_SECONDS else None
