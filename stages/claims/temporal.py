"""Predicates about how long things are visible, together and alone."""

import numpy as np

from stages.claims.annotated_things import is_followed
from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, opposite, true_by
from stages.claims.scene_view import WITH_SECONDS, Case


def together(case: Case) -> Checked:
    """A and b are visible together for at least 0.25 s; false if they never are, by the seconds between.

    Not false if they may be in view unseen: outside `tracked`, or if one is a face, which may be missed.
    """
    a, b = case.subject, case.object
    shared, gap = 0.0, np.inf
    for start_a, end_a in a.visible:
        for start_b, end_b in b.visible:
            both = min(end_a, end_b) - max(start_a, start_b)
            shared += max(0.0, both)
            gap = min(gap, -both)
    if shared >= WITH_SECONDS:
        return true_by(shared, MarginKind.SHARED)
    followed = is_followed(a, case.view) and is_followed(b, case.view)
    surely_gone = followed or all(case.view.is_tracked(start, end) for start, end in (*a.visible, *b.visible))
    if not surely_gone or a.is_face or b.is_face or not np.isfinite(gap):
        return UNKNOWN
    return false_by(gap, MarginKind.NEVER_SHARED)


def never_together(case: Case) -> Checked:
    """A and b are at no time visible together; false if they are for at least 0.25 s."""
    return opposite(together(case))


def visible_longer(case: Case) -> Checked:
    """A is visible for more seconds of the clip than b; unknown if the clip is not tracked all along."""
    a, b, whole = case.subject, case.object, case.view.whole_clip
    followed = is_followed(a, case.view) and is_followed(b, case.view)
    if a.is_face or b.is_face or not (followed or case.view.is_tracked(whole.start_seconds, whole.end_seconds)):
        return UNKNOWN
    return by_sign(a.seen_seconds(whole) - b.seen_seconds(whole), MarginKind.LONGER)
