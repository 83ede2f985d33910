"""Predicates about where things are, how large they are and which colour they have.

a = subject, b = object, I = interval.
"""

import numpy as np

from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, opposite, true_by
from stages.claims.scene_view import Case
from stages.claims.thing import Floats, overlaps_T, shared_boxes

_TOUCHING = 1e-6  # the IoU of boxes that share an edge
_FACE_BOX_ERROR = 0.1  # of the box's size: the error of a detected face box
_THIRDS = {
    "left": (0, 0.0, 1 / 3),
    "centre": (0, 1 / 3, 2 / 3),
    "right": (0, 2 / 3, 1.0),
    "top": (1, 0.0, 1 / 3),
    "middle": (1, 1 / 3, 2 / 3),
    "bottom": (1, 2 / 3, 1.0),
}
"""Axis (0 = x, 1 = y), start and end of each region."""


def always(differences_T: Floats, kind: MarginKind) -> Checked:
    """TRUE if every difference is positive, FALSE if every one is negative; by the smallest of them."""
    if not len(differences_T):
        return UNKNOWN
    least, most = float(differences_T.min()), float(differences_T.max())
    if least > 0:
        return true_by(least, kind)
    return false_by(-most, kind)


def _centre_gap(case: Case, axis: int) -> Checked:
    a, b = shared_boxes(case.subject.path.inside(case.interval), case.object.path.inside(case.interval))
    return always(b.centres_T2[:, axis] - a.centres_T2[:, axis], MarginKind.GAP)


def left_of(case: Case) -> Checked:
    """A's centre is left of b's at every time in I; false if it is right of it at every time."""
    return _centre_gap(case, 0)


def right_of(case: Case) -> Checked:
    """A's centre is right of b's at every time in I."""
    return opposite(left_of(case))


def above(case: Case) -> Checked:
    """A's centre is above b's at every time in I; false if it is below it at every time."""
    return _centre_gap(case, 1)


def below(case: Case) -> Checked:
    """A's centre is below b's at every time in I."""
    return opposite(above(case))


def larger_than(case: Case) -> Checked:
    """A's box is larger than b's at every time in I; false if it is smaller at every time."""
    a, b = shared_boxes(case.subject.path.inside(case.interval), case.object.path.inside(case.interval))
    return always(np.log(a.areas_T) - np.log(b.areas_T), MarginKind.SIZE)


def overlaps(case: Case) -> Checked:
    """The boxes overlap at some time in I, by the largest IoU; false if they are apart at every time.

    Boxes that share an edge meet, too, though by next to nothing: what covers a part of a thing ends where it begins.
    """
    a, b = shared_boxes(case.subject.path.inside(case.interval), case.object.path.inside(case.interval))
    if not len(a):
        return UNKNOWN
    # > 0 on an axis: the boxes are that far apart on it; negative on both axes: they overlap
    apart_T2 = np.maximum(a.boxes_T4[:, :2], b.boxes_T4[:, :2]) - np.minimum(a.boxes_T4[:, 2:], b.boxes_T4[:, 2:])
    gaps_T = apart_T2.max(axis=1)
    if gaps_T.min() > 0:
        return false_by(float(gaps_T.min()), MarginKind.CLEAR_OF)
    return true_by(max(_TOUCHING, float(overlaps_T(a, b).max())), MarginKind.IOU)


def apart(case: Case) -> Checked:
    """The boxes overlap at no time in I."""
    return opposite(overlaps(case))


def in_region(case: Case) -> Checked:
    """A's centre is in that third of the frame at every time in I; false if it never is.

    The box of a face has an error of a tenth of its size, which is subtracted from the distance to the border.
    """
    path = case.subject.path.inside(case.interval)
    axis, start, end = _THIRDS[case.value]
    centres_T = path.centres_T2[:, axis]
    # a centre cannot cross the frame's own border
    from_start_T = centres_T - start if start > 0 else np.full_like(centres_T, np.inf)
    from_end_T = end - centres_T if end < 1 else np.full_like(centres_T, np.inf)
    margins_T = np.minimum(from_start_T, from_end_T)
    if case.subject.is_face:
        extents_T = path.boxes_T4[:, axis + 2] - path.boxes_T4[:, axis]
        margins_T = np.sign(margins_T) * np.maximum(np.abs(margins_T) - _FACE_BOX_ERROR * extents_T, 0)
    return always(margins_T, MarginKind.REGION)


def has_colour(case: Case) -> Checked:
    """The dominant colour of a, over all of its track, has that name."""
    colour = case.subject.colour
    if colour is None:
        return UNKNOWN
    return by_sign(colour.margin if colour.name == case.value else -colour.margin, MarginKind.COLOUR)
