"""What the picture as a whole shows: motion, brightness, places and shots; no subject."""

import numpy as np

from schemas.interval import Interval
from stages.claims.thing import Floats
from stages.claims.truth import UNKNOWN, Checked, MarginKind, by_sign, false_by, opposite, true_by
from stages.claims.view import Case, SceneView

PLACE_BORDER = 0.6
"""Content distance of two shots above which they show two places, below which they show one."""
_LITTLE_MOTION = 0.002  # added to both sides of a ratio: of two still stretches neither is busier


def _motion(view: SceneView, interval: Interval) -> Floats | None:
    """Mean motion in each third over an interval; None where part of it is not known."""
    weights_M = view.weights_M(interval)
    used_M = weights_M > 0
    motions_M3 = view.motions_M3[used_M]
    if not view.is_measured(interval) or np.isnan(motions_M3).any():
        return None
    return np.asarray(np.average(motions_M3, axis=0, weights=weights_M[used_M]))


def motion_in(case: Case) -> Checked:
    """Over I most of the motion in the frame is in that third; false where most is in another one."""
    motion_3 = _motion(case.view, case.interval)
    if motion_3 is None:
        return UNKNOWN
    total = float(motion_3.sum())
    if not total > 0:
        return UNKNOWN
    shares = dict(zip(("left", "centre", "right"), motion_3 / total, strict=True))
    next_share, most = sorted(shares.values())[1:]
    verdict = true_by if shares[case.value] == most else false_by
    return verdict(most - next_share, MarginKind.MOTION_SHARE)


def busier(case: Case) -> Checked:
    """More motion in the first interval than in the second; false where less."""
    first_3, second_3 = (_motion(case.view, interval) for interval in case.intervals)
    if first_3 is None or second_3 is None:
        return UNKNOWN
    first, second = float(first_3.sum()) + _LITTLE_MOTION, float(second_3.sum()) + _LITTLE_MOTION
    return by_sign(float(np.log(first / second)), MarginKind.BUSYNESS)


def brighter(case: Case) -> Checked:
    """The first interval's picture is brighter than the second's; false where darker."""
    if not all(case.view.is_measured(interval) for interval in case.intervals):
        return UNKNOWN
    first, second = (
        float(np.average(case.view.lumas_M, weights=case.view.weights_M(interval))) for interval in case.intervals
    )
    return by_sign(first - second, MarginKind.LUMA)


def place_changed(case: Case) -> Checked:
    """A cut to another place lies between the intervals: no frame of the one's shots is like any of the other's.

    False where they show the same place: all frames of the shots that they lie in are alike.
    """
    first, second = (case.view.shots(interval) for interval in case.intervals)
    distances = [case.view.place_distance(a, b) for a in first for b in second]
    known = [distance for distance in distances if distance is not None]
    if len(known) < len(distances):
        return UNKNOWN
    farthest = max(distance.farthest for distance in known)
    if farthest < PLACE_BORDER:
        return false_by(PLACE_BORDER - farthest, MarginKind.PLACE)
    if any(distance.shot_a == distance.shot_b for distance in known):
        return UNKNOWN
    return true_by(min(distance.nearest for distance in known) - PLACE_BORDER, MarginKind.PLACE)


def place_same(case: Case) -> Checked:
    """Both intervals show the same place; false where a cut to another place lies between them."""
    return opposite(place_changed(case))


def shot_count(case: Case) -> Checked:
    """The clip has n shots, by two cut detectors that agree; unknown where a cut or a non-cut is doubtful."""
    scene = case.view.scene
    clear = min((min(cut.score_a, cut.score_b) - 1.0 for cut in scene.cuts), default=np.inf)
    verdict = true_by if int(case.value) == len(scene.cuts) + 1 else false_by
    return verdict(min(float(clear), 1.0 - scene.strongest_non_cut), MarginKind.CUTS)
