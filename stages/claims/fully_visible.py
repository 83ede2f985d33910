"""Whether things are fully visible, and without a break.

The size and the centre of a thing that reaches over the frame's border, or that another thing covers, are those of its
visible part. The speed of a thing cannot be measured across a cut or a time out of view.
"""

import numpy as np
from numpy.typing import NDArray

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from schemas.scene import ANNOTATIONS, MOTION
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing, shared_boxes

_SIZES = frozenset({Predicate.LARGER_THAN, Predicate.SIZE_CHANGE})
_SPEEDS = frozenset({Predicate.SPEEDS_UP, Predicate.SLOWS_DOWN})
_STILLNESS = frozenset({Predicate.STILL, Predicate.MOVES})
_EXACT = (MOTION, "faces", ANNOTATIONS)
"""Sources whose boxes are of what is seen of a thing."""
_BORDER = 0.005  # of the frame: a box this near to the border may continue outside
_NEAR = 0.01  # of the frame: of two boxes this near to each other one may cover the other


def shows_parts(claim: Claim, view: SceneView) -> bool:
    """Whether a claim about sizes or speeds uses a thing while it is partly visible, or across a break; or one about
    rest or movement a thing that a model has found, while another may cover a part of it.
    """
    if claim.predicate not in _SIZES | _SPEEDS | _STILLNESS:
        return False
    tracks = (*claim.subject_tracks, *claim.object_tracks)
    things = [thing for thing in map(view.thing, tracks) if thing is not None]
    if claim.predicate in _SPEEDS and any(_has_break(thing, i, view) for thing in things for i in claim.intervals):
        return True
    if claim.predicate in _STILLNESS:
        # a box by a model does not show where a thing that is covered ends, and so not whether its middle shifts
        things = [thing for thing in things if any(track.source not in _EXACT for track in thing.tracks)]
    return any(
        _is_partly_visible(thing, view, claim, border=claim.predicate in _SIZES) for thing in things if len(thing.path)
    )


def _has_break(thing: Thing, interval: Interval, view: SceneView) -> bool:
    """Whether the interval shows the thing in two visible intervals, or in two shots."""
    seen = [s for s, e in thing.visible if s < interval.end_seconds and interval.start_seconds < e]
    return len(seen) > 1 or len(view.shots(interval)) > 1


def _is_partly_visible(thing: Thing, view: SceneView, claim: Claim, *, border: bool) -> bool:
    """Whether another thing, or (with `border`) the frame's border, may hide a part of it during the claim."""
    times_T = thing.path.times_T
    claimed_T = np.zeros(len(times_T), dtype=bool)
    for interval in claim.intervals or (view.whole_clip,):
        claimed_T |= (times_T >= interval.start_seconds) & (times_T < interval.end_seconds)
    covered_T = _touched(thing, view)
    if border:
        boxes_T4 = thing.path.boxes_T4
        covered_T = covered_T | (boxes_T4[:, :2].min(axis=1) < _BORDER) | (boxes_T4[:, 2:].max(axis=1) > 1 - _BORDER)
    return bool((covered_T & claimed_T).any())


def _touched(thing: Thing, view: SceneView) -> NDArray[np.bool_]:
    """At which of its times a thing's box is at or near the box of another thing, [T]."""
    touched_T = np.zeros(len(thing.path), dtype=bool)
    for other in view.things:
        if other is thing:
            continue
        own, others = shared_boxes(thing.path, other.path)
        starts = np.maximum(own.boxes_T4[:, :2], others.boxes_T4[:, :2])
        ends = np.minimum(own.boxes_T4[:, 2:], others.boxes_T4[:, 2:])
        meets = ((starts - ends) < _NEAR).all(axis=1)
        touched_T |= np.isin(thing.path.times_T, own.times_T[meets])
    return touched_T
