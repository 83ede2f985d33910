"""What claims about annotated things must bear: boxes and times that people read by eye.

Boxes are off by up to 0.03 of the frame and times by up to 0.2 s, so margins are as measured less that much; and where
a box is not known, or the camera may have moved the thing in the picture, nothing is said.
"""

from collections.abc import Sequence

import numpy as np

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from schemas.scene import ANNOTATIONS
from stages.claims.checked import UNKNOWN, Checked, MarginKind
from stages.claims.movement import CAMERA_STILL_SHIFT, camera_path
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing, shared_boxes

BOX_ERROR = 0.03
"""Boxes are off by up to this much, frame sides."""
TIME_ERROR_SECONDS = 0.2
"""Times are off by up to this much."""

_P = Predicate
_BESIDE = frozenset({_P.LEFT_OF, _P.RIGHT_OF, _P.ABOVE, _P.BELOW})
_MOVEMENT = frozenset({_P.MOVES, _P.STILL, _P.DISPLACED, _P.SIZE_CHANGE})
_PACE = frozenset({_P.SPEEDS_UP, _P.SLOWS_DOWN})
_PLACED = _BESIDE | _MOVEMENT | {_P.LARGER_THAN, _P.OVERLAPS, _P.APART, _P.IN_REGION}
_IN_BOXES = frozenset(
    {
        *(MarginKind.GAP, MarginKind.CLEAR_OF, MarginKind.IOU, MarginKind.REGION, MarginKind.SHIFT),
        *(MarginKind.STILLNESS, MarginKind.CLEARANCE, MarginKind.DISPLACEMENT),
    }
)
_IN_SECONDS = frozenset(
    {
        *(MarginKind.ORDER, MarginKind.SIMULTANEITY, MarginKind.SHARED, MarginKind.NEVER_SHARED, MarginKind.LONGER),
        *(MarginKind.EVENT, MarginKind.AWAY, MarginKind.STAYING),
    }
)
_LONGEST_UNPLACED_SECONDS = 0.25
_MOST_SHARED = 0.5
"""Two things of which one lies this much inside the other are not beside each other."""
_WIDEST_IN_A_THIRD = 0.5
"""A thing that is wider than this is in more than one third of the frame, frame sides."""
_ROUNDING = 1e-6


def is_annotated(thing: Thing) -> bool:
    """Whether people described it."""
    return any(track.source == ANNOTATIONS for track in thing.tracks)


def is_followed(thing: Thing, view: SceneView) -> bool:
    """Whether the annotations say of all the clip whether the thing is in view."""
    moments = view.annotated_moments
    if moments is None or not all(track.source == ANNOTATIONS for track in thing.tracks):
        return False
    return all(_is_near(thing, seconds) for track in thing.tracks for seconds in moments.get(track.track_id, ()))


def _is_near(thing: Thing, seconds: float) -> bool:
    slack = TIME_ERROR_SECONDS + _ROUNDING
    return any(start - slack <= seconds <= end + slack for start, end in thing.visible)


def loosened(checked: Checked, claim: Claim, things: Sequence[Thing], view: SceneView) -> Checked:
    """The verdict, with the margin that is left if boxes and times are off by as much as they may be.

    UNKNOWN if no margin is left, or if what is annotated cannot bear such a claim.
    """
    own = [thing for thing in things if is_annotated(thing)]
    if not own or checked.kind is None or not _can_bear(claim, own, things, view):
        return checked if not own else UNKNOWN
    left = checked.margin - _error(checked.kind, claim, own)
    return Checked(checked.truth, left, checked.kind) if left > _ROUNDING else UNKNOWN


def less_time_error(checked: Checked) -> Checked:
    """The verdict on a claim about annotated events, with the margin that is left."""
    left = checked.margin - TIME_ERROR_SECONDS
    return Checked(checked.truth, left, checked.kind) if left > _ROUNDING else UNKNOWN


def _error(kind: MarginKind, claim: Claim, things: Sequence[Thing]) -> float:
    if kind is MarginKind.SIZE:
        return sum(_log_area_error(thing, claim) for thing in things)
    return BOX_ERROR if kind in _IN_BOXES else TIME_ERROR_SECONDS if kind in _IN_SECONDS else 0.0


def _log_area_error(thing: Thing, claim: Claim) -> float:
    """By how much the logarithm of its area may be off."""
    boxes = [thing.path.inside(interval).boxes_T4 for interval in claim.intervals]
    sides = np.concatenate([boxes_T4[:, 2:] - boxes_T4[:, :2] for boxes_T4 in boxes]) if boxes else np.empty((0, 2))
    return float((BOX_ERROR / np.maximum(sides, BOX_ERROR)).sum(axis=1).max()) if len(sides) else np.inf


def _can_bear(claim: Claim, own: Sequence[Thing], things: Sequence[Thing], view: SceneView) -> bool:
    """Whether boxes are known throughout, and nothing else explains what they show."""
    if claim.predicate in _PACE:
        return False  # between two boxes the pace is not known
    if claim.predicate not in _PLACED:
        return True
    if not all(_is_placed(thing, interval) for thing in own for interval in claim.intervals):
        return False
    if claim.predicate is _P.IN_REGION and not all(_fits_a_third(thing, claim) for thing in own):
        return False
    if claim.predicate in _BESIDE and len(things) == 2 and _share_most(things[0], things[1], claim.intervals):
        return False
    return claim.predicate not in _MOVEMENT or _stands_still(view, claim.intervals)


def _is_placed(thing: Thing, interval: Interval) -> bool:
    """Whether its box is known all the time that it is in view in the interval."""
    times_T = thing.path.inside(interval).times_T
    steps_T = np.diff(times_T)
    every = np.diff(thing.path.times_T)
    if not len(every):
        return False
    longest = float(np.min(every)) * 1.5 + _ROUNDING
    known = float(steps_T[steps_T <= longest].sum())
    return thing.seen_seconds(interval) - known <= longest + _LONGEST_UNPLACED_SECONDS


def _fits_a_third(thing: Thing, claim: Claim) -> bool:
    """Whether it is small enough that one would say in which third of the frame it is."""
    axis = 0 if claim.value in ("left", "centre", "right") else 1
    boxes = [thing.path.inside(interval).boxes_T4 for interval in claim.intervals]
    return all((boxes_T4[:, axis + 2] - boxes_T4[:, axis] <= _WIDEST_IN_A_THIRD).all() for boxes_T4 in boxes)


def _share_most(a: Thing, b: Thing, intervals: Sequence[Interval]) -> bool:
    """Whether one lies mostly inside the other at some time."""
    for interval in intervals:
        boxes_a, boxes_b = shared_boxes(a.path.inside(interval), b.path.inside(interval))
        low = np.maximum(boxes_a.boxes_T4[:, :2], boxes_b.boxes_T4[:, :2])
        high = np.minimum(boxes_a.boxes_T4[:, 2:], boxes_b.boxes_T4[:, 2:])
        shared_T = np.prod(np.clip(high - low, 0.0, None), axis=1)
        if (shared_T > _MOST_SHARED * np.minimum(boxes_a.areas_T, boxes_b.areas_T)).any():
            return True
    return False


def _stands_still(view: SceneView, intervals: Sequence[Interval]) -> bool:
    """Whether one shot by a camera that stands still shows all of the intervals."""
    hull = Interval(
        start_seconds=min(interval.start_seconds for interval in intervals),
        end_seconds=max(interval.end_seconds for interval in intervals),
    )
    scene = view.scene
    borders = (*scene.shot_starts, *(one.pts_seconds for one in scene.breaks))
    if any(hull.start_seconds < border < hull.end_seconds for border in borders):
        return False
    path_M3 = camera_path(view, hull)
    return path_M3 is not None and float(np.ptp(path_M3, axis=0).max()) <= CAMERA_STILL_SHIFT
