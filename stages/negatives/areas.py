"""Areas of a keyframe: which one hides an object, where it may be moved to, which one may be changed as a control."""

from collections.abc import Iterator

from schemas.box import Rectangle
from schemas.claim import Claim, Predicate
from schemas.visual_negative import Shift
from stages.drawing.rectangles import Rect, bordered, is_inside, overlap, shifted
from stages.negatives.check import NegativeCheck

_P = Predicate
_MOVE_STEP = 0.05  # of the frame
_MOVE_STEPS = 19  # up to 0.95 of the frame either way
_CONTROL_STEP = 0.1  # of the frame
_LARGEST_AREA = 0.4  # of the frame: a larger area is not changed
_SHRUNK = 0.85  # of the longest side: a box with a shorter one may leave out a part that is hidden or overlooked
_SHORTLY_SECONDS = 0.5
_SIDEWAYS = frozenset({_P.LEFT_OF, _P.RIGHT_OF})
_UPRIGHT = frozenset({_P.ABOVE, _P.BELOW})
_COLUMNS = ("left", "centre", "right")


def moves(claim: Claim, area: Rect, check: NegativeCheck, frame_index: int) -> Iterator[Shift]:
    """Ways to move an area along the axis that the claim is about, nearest first.

    The new place is inside the frame, empty, and does not overlap the old one.
    """
    sideways = claim.predicate in _SIDEWAYS or (claim.predicate is _P.IN_REGION and claim.value in _COLUMNS)
    upright = claim.predicate in _UPRIGHT or (claim.predicate is _P.IN_REGION and not sideways)
    for step in range(1, _MOVE_STEPS + 1):
        for by in (step * _MOVE_STEP, -step * _MOVE_STEP):
            for x, y in ((by, 0.0), (0.0, by)):
                if (x and upright) or (y and sideways):
                    continue
                there = shifted(area, x, y)
                if is_inside(there) and not overlap(there, area) and _is_empty(there, check, frame_index):
                    yield Shift(shift_x=round(x, 3), shift_y=round(y, 3))


def control_of(area: Rect, move: Shift | None, check: NegativeCheck, frame_index: int) -> Shift | None:
    """The nearest empty place for an area of equal size; None if there is none.

    If `move` is given, the area must fit at that place also after the move, and overlap neither the object nor the
    place that the object is moved to.
    """
    taken = [area, shifted(area, move.shift_x, move.shift_y)] if move else [area]
    steps = range(-int(1 / _CONTROL_STEP), int(1 / _CONTROL_STEP) + 1)
    ways = sorted(((x * _CONTROL_STEP, y * _CONTROL_STEP) for x in steps for y in steps), key=_length)
    for x, y in ways:
        there = shifted(area, x, y)
        areas = [there, shifted(there, move.shift_x, move.shift_y)] if move else [there]
        free = all(is_inside(a) and _is_empty(a, check, frame_index) for a in areas)
        if free and not any(overlap(a, b) for a in areas for b in taken):
            return Shift(shift_x=round(x, 3), shift_y=round(y, 3))
    return None


def area_of(check: NegativeCheck, track_id: str, frame_index: int) -> Rect | None:
    """The area that hides a track on a frame.

    None if the track is not visible there, covers too much of the frame, or may be partly hidden: at the frame's
    border, next to another thing, or where its box is smaller than shortly before or after, as that of a thing that
    passes behind one that stands still and is not tracked.
    """
    box = check.footage.rect(track_id, frame_index)
    area = None if box is None else bordered(box)
    if area is None or box is None or not may_be_changed(area):
        return None
    is_alone = _shown_in(area, check, frame_index) <= {track_id}
    return area if is_alone and not _is_shrunk(box, check, track_id, frame_index) else None


def may_be_changed(area: Rect) -> bool:
    """Whether an area lies inside the frame, touching no border, and covers no large part of it."""
    return min(area) > 0 and max(area) < 1 and (area[2] - area[0]) * (area[3] - area[1]) <= _LARGEST_AREA


def _is_shrunk(box: Rect, check: NegativeCheck, track_id: str, frame_index: int) -> bool:
    """Whether a side of the box is plainly shorter than the longest that its thing has shortly before or after."""
    thing, moment = check.footage.view.thing(track_id), check.footage.seconds(frame_index)
    path = [point for track in thing.tracks for point in track.path] if thing else []
    near = [point for point in path if abs(point.pts_seconds - moment) <= _SHORTLY_SECONDS]
    width, height = (max((side(point) for point in near), default=0.0) for side in (_width, _height))
    return box[2] - box[0] < _SHRUNK * width or box[3] - box[1] < _SHRUNK * height


def _width(box: Rectangle) -> float:
    return box.x1 - box.x0


def _height(box: Rectangle) -> float:
    return box.y1 - box.y0


def _is_empty(area: Rect, check: NegativeCheck, frame_index: int) -> bool:
    """Whether no track is visible in the area or close to it."""
    return not _shown_in(bordered(area), check, frame_index)


def _shown_in(area: Rect, check: NegativeCheck, frame_index: int) -> set[str]:
    """The tracks that an area shows by the boxes of the stored frame, or by those of the nearest analysed one."""
    tracks = check.footage.clip.scene.tracks
    boxes = ((track.track_id, check.footage.rect(track.track_id, frame_index)) for track in tracks)
    return check.seen_in(area, frame_index) | {name for name, box in boxes if box and overlap(area, box)}


def _length(way: tuple[float, float]) -> tuple[float, float, float]:
    return round(way[0] ** 2 + way[1] ** 2, 6), *way
