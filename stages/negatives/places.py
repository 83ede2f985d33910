"""Where on a keyframe an object may be moved to, and which area may be changed as a control."""

from collections.abc import Iterator

from schemas.claim import Claim, Predicate
from schemas.pair import Shift
from stages.negatives.check import NegativeCheck, is_inside, meet, shifted
from stages.visuals import Rect, bordered

_P = Predicate
_STEP = 0.05
_STEPS = 19
_CONTROL_STEP = 0.1
_LARGEST = 0.4
"""Of the frame: what covers more is no area that is changed."""
_SIDEWAYS = frozenset({_P.LEFT_OF, _P.RIGHT_OF})
_UPRIGHT = frozenset({_P.ABOVE, _P.BELOW})
_ACROSS = ("left", "centre", "right")


def moves(claim: Claim, area: Rect, check: NegativeCheck, frame_index: int) -> Iterator[Shift]:
    """Ways to move an area along the axis that the claim speaks of, the nearest first: to where nothing is, and clear
    of where it was.
    """
    sideways = claim.predicate in _SIDEWAYS or (claim.predicate is _P.IN_REGION and claim.value in _ACROSS)
    upright = claim.predicate in _UPRIGHT or (claim.predicate is _P.IN_REGION and not sideways)
    for step in range(1, _STEPS + 1):
        for by in (step * _STEP, -step * _STEP):
            for x, y in ((by, 0.0), (0.0, by)):
                if (x and upright) or (y and sideways):
                    continue
                there = shifted(area, x, y)
                if is_inside(there) and not meet(there, area) and _is_empty(there, check, frame_index):
                    yield Shift(shift_x=round(x, 3), shift_y=round(y, 3))


def control_of(area: Rect, then: Shift | None, check: NegativeCheck, frame_index: int) -> Shift | None:
    """The nearest place for an area of equal size on which nothing is seen; None where there is none.

    With `then`, the place must be one from which the area can be moved so far, too, clear of the object's own move.
    """
    taken = [area, shifted(area, then.shift_x, then.shift_y)] if then else [area]
    steps = range(-int(1 / _CONTROL_STEP), int(1 / _CONTROL_STEP) + 1)
    ways = sorted(((x * _CONTROL_STEP, y * _CONTROL_STEP) for x in steps for y in steps), key=_length)
    for x, y in ways:
        there = shifted(area, x, y)
        areas = [there, shifted(there, then.shift_x, then.shift_y)] if then else [there]
        free = all(is_inside(a) and _is_empty(a, check, frame_index) for a in areas)
        if free and not any(meet(a, b) for a in areas for b in taken):
            return Shift(shift_x=round(x, 3), shift_y=round(y, 3))
    return None


def area_of(check: NegativeCheck, track_id: str, frame_index: int) -> Rect | None:
    """The area that hides a track on a frame; None where it is not seen there, takes up too much of the frame, or may
    show in part alone: at the frame's border, or beside another thing that may cover it.
    """
    box = check.footage.rect(track_id, frame_index)
    area = None if box is None else bordered(box)
    if area is None or (area[2] - area[0]) * (area[3] - area[1]) > _LARGEST:
        return None
    is_whole = min(area) > 0 and max(area) < 1 and check.seen_in(area, frame_index) <= {track_id}
    return area if is_whole else None


def _is_empty(area: Rect, check: NegativeCheck, frame_index: int) -> bool:
    """Whether nothing is seen in an area, nor close to it."""
    return not check.seen_in(bordered(area), frame_index)


def _length(way: tuple[float, float]) -> tuple[float, float, float]:
    return round(way[0] ** 2 + way[1] ** 2, 6), *way
