"""Where an annotated object is at any moment, if its boxes before and after say so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.annotations import AnnotatedObject, Annotations
from schemas.box import PathPoint, Rectangle
from stages.annotated.times import SLACK_SECONDS, ClipTimes

LONGEST_GAP_SECONDS = 1.5
"""Between two boxes of a thing that moves, it is where the line between them says, if they are this near in time."""
_MOST_SWAY = 0.1
"""If the camera sways, a thing that stands still is where the line says, if its boxes differ by less, frame sides."""
_EXACT_SECONDS = 1e-6
_HELD_SECONDS = SLACK_SECONDS + _EXACT_SECONDS
"""Before its first box and after its last one, a thing that moves is where that box says for this long."""


@dataclass(frozen=True)
class Placed:
    """A box at one moment, in 0..1 of the frame."""

    pts_seconds: float
    corners: tuple[float, float, float, float]


def boxes_of(thing: AnnotatedObject, annotations: Annotations) -> tuple[Placed, ...]:
    """The boxes of an object in order of time, in 0..1 of the frame, the first of those at one moment."""
    width, height = annotations.frame_width or 1, annotations.frame_height or 1
    found: dict[float, Placed] = {}
    for box in sorted(thing.boxes, key=lambda box: box.pts_seconds):
        corners = (box.x0 / width, box.y0 / height, box.x1 / width, box.y1 / height)
        found.setdefault(box.pts_seconds, Placed(box.pts_seconds, corners))
    return tuple(found.values())


def place_at(seconds: float, boxes: Sequence[Placed], times: ClipTimes, *, moves: bool) -> Rectangle | None:
    """Where it is at that moment; None if its boxes are too far away in time, or in other shots."""
    shot = times.shot(seconds)
    own = [box for box in boxes if times.shot(box.pts_seconds) == shot]
    before = max((box for box in own if box.pts_seconds <= seconds + _EXACT_SECONDS), key=_when, default=None)
    after = min((box for box in own if box.pts_seconds >= seconds - _EXACT_SECONDS), key=_when, default=None)
    if before is None or after is None:
        near = before or after
        if near is None or (moves and abs(near.pts_seconds - seconds) > _HELD_SECONDS):
            return None
        sways = times.is_unsteady(min(near.pts_seconds, seconds), max(near.pts_seconds, seconds))
        return None if sways and abs(near.pts_seconds - seconds) > _HELD_SECONDS else _rectangle(near.corners)
    gap = after.pts_seconds - before.pts_seconds
    if gap > LONGEST_GAP_SECONDS and (moves or _may_sway(before, after, times)):
        return None
    share = 0.0 if gap <= 0 else min(1.0, max(0.0, (seconds - before.pts_seconds) / gap))
    return _rectangle(tuple(a + share * (b - a) for a, b in zip(before.corners, after.corners, strict=True)))


def area_at(seconds: float, boxes: Sequence[Placed], times: ClipTimes) -> Rectangle:
    """A box that it is probably inside of: around the nearest ones before and after in its shot, or the whole frame."""
    own = [box for box in boxes if times.shot(box.pts_seconds) == times.shot(seconds)]
    before = max((box for box in own if box.pts_seconds <= seconds), key=_when, default=None)
    after = min((box for box in own if box.pts_seconds >= seconds), key=_when, default=None)
    around = [box.corners for box in (before, after) if box is not None]
    if not around:
        return Rectangle(x0=0.0, y0=0.0, x1=1.0, y1=1.0)
    lefts, tops, rights, bottoms = zip(*around, strict=True)
    return _rectangle((min(lefts), min(tops), max(rights), max(bottoms)))


def path_of(moments: Sequence[float], boxes: Sequence[Placed], times: ClipTimes, *, moves: bool) -> Iterator[PathPoint]:
    """Where it is at each of the moments at which that is known."""
    for seconds in moments:
        place = place_at(seconds, boxes, times, moves=moves)
        if place is not None:
            yield PathPoint(pts_seconds=seconds, **place.model_dump())


def _may_sway(before: Placed, after: Placed, times: ClipTimes) -> bool:
    most = max(abs(a - b) for a, b in zip(before.corners, after.corners, strict=True))
    return most > _MOST_SWAY and times.is_unsteady(before.pts_seconds, after.pts_seconds)


def _when(box: Placed) -> float:
    return box.pts_seconds


def _rectangle(corners: Sequence[float]) -> Rectangle:
    x0, y0, x1, y1 = (min(1.0, max(0.0, corner)) for corner in corners)
    return Rectangle(x0=x0, y0=y0, x1=x1, y1=y1)
