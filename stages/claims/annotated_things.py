"""What claims about annotated things must bear: boxes and times that people read by eye.

Boxes are off by up to 0.03 of the frame and times by up to 0.2 s, so margins are as measured less that much; and where
a box is not known, or the camera may have moved the thing in the picture, nothing is said.
"""

from collections.abc import Sequence

import numpy as np

from schemas.claim import Claim, Predicate
from schemas.scene import ANNOTATIONS
from stages.claims.annotated_places import places_bear
from stages.claims.checked import UNKNOWN, Checked, MarginKind, TruthValue
from stages.claims.other_names import may_meet, others_perhaps, unseen_seconds
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing

BOX_ERROR = 0.03
"""Boxes are off by up to this much, frame sides."""
TIME_ERROR_SECONDS = 0.2
"""Times are off by up to this much."""

_P = Predicate
_PACE = frozenset({_P.SPEEDS_UP, _P.SLOWS_DOWN})
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
_ROUNDING = 1e-6
_APART = frozenset({_P.TOGETHER, _P.NEVER_TOGETHER})


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
    if not own or checked.kind is None or not _can_bear(claim, checked.kind, own, things, view):
        return checked if not own else UNKNOWN
    left = checked.margin - _error(checked.kind, claim, own)
    if claim.predicate is _P.VISIBLE_LONGER:
        left -= unseen_seconds(things[checked.truth is TruthValue.TRUE], view)
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


def _can_bear(claim: Claim, kind: MarginKind, own: Sequence[Thing], things: Sequence[Thing], view: SceneView) -> bool:
    """Whether what is annotated says enough for such a claim."""
    if claim.predicate in _PACE:
        return False  # between two boxes the pace is not known
    if claim.predicate in _APART and kind is MarginKind.NEVER_SHARED:
        return not may_meet(things[0], things[1], view)
    if claim.predicate is _P.RETURNS and kind in (MarginKind.NEVER_SHARED, MarginKind.STAYING):
        return not others_perhaps(things[0], view)  # it may come back under another name
    return places_bear(claim, own, things, view)
