"""Whether annotated boxes can bear a claim about places: known throughout, and explained by nothing else."""

from collections.abc import Sequence

import numpy as np

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from stages.claims.movement import CAMERA_STILL_SHIFT, camera_path
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing, shared_boxes

_P = Predicate
_BESIDE = frozenset({_P.LEFT_OF, _P.RIGHT_OF, _P.ABOVE, _P.BELOW})
_MOVEMENT = frozenset({_P.MOVES, _P.STILL, _P.DISPLACED, _P.SIZE_CHANGE})
_PLACED = _BESIDE | _MOVEMENT | {_P.LARGER_THAN, _P.OVERLAPS, _P.APART, _P.IN_REGION}
_LONGEST_UNPLACED_SECONDS = 0.25
_LONGEST_STEP = 2.0
"""Analysis frames are at most this many times their median step apart."""
_MOST_SHARED = 0.5
"""Two things of which one lies this much inside the other are not beside each other."""
_WIDEST_IN_A_THIRD = 0.5
"""A thing that is wider than this is in more than one third of the frame, frame sides."""
_ROUNDING = 1e-6


def places_bear(claim: Claim, own: Sequence[Thing], things: Sequence[Thing], view: SceneView) -> bool:
    """Whether the boxes of a claim's annotated things (`own`) bear it; so too if it is not about places."""
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
    longest = _LONGEST_STEP * float(np.median(every)) + _ROUNDING
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
