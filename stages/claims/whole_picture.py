"""What the picture as a whole shows: motion, brightness, places and shots; no subject."""

import numpy as np

from schemas.interval import Interval
from stages.claims.movement import camera_path
from stages.claims.truth import UNKNOWN, Checked, MarginKind, by_sign, false_by, opposite, true_by
from stages.claims.view import Case

PLACE_BORDER = 0.5
"""Content distance across a cut above which the place is another one."""
ONE_PLACE_SHIFT = 0.25
"""Without a cut the place is the same while the camera stays within this, in frame sides."""
_LITTLE_MOTION = 0.002  # added to both sides of a ratio: of two still stretches neither is busier


def motion_in(case: Case) -> Checked:
    """Over I most of the motion in the frame is in that third; false where most is in another one."""
    if not case.view.is_measured(case.interval):
        return UNKNOWN
    motion_3 = case.view.weights_M(case.interval) @ case.view.motions_M3
    total = float(motion_3.sum())
    if total <= 0:
        return UNKNOWN
    shares = dict(zip(("left", "centre", "right"), motion_3 / total, strict=True))
    next_share, most = sorted(shares.values())[1:]
    verdict = true_by if shares[case.value] == most else false_by
    return verdict(most - next_share, MarginKind.MOTION_SHARE)


def busier(case: Case) -> Checked:
    """More motion in the first interval than in the second; false where less."""
    if not all(case.view.is_measured(interval) for interval in case.intervals):
        return UNKNOWN
    first, second = (
        float(np.average(case.view.motions_M3.sum(axis=1), weights=case.view.weights_M(interval)))
        for interval in case.intervals
    )
    return by_sign(float(np.log((first + _LITTLE_MOTION) / (second + _LITTLE_MOTION))), MarginKind.BUSYNESS)


def brighter(case: Case) -> Checked:
    """The first interval's picture is brighter than the second's; false where darker."""
    if not all(case.view.is_measured(interval) for interval in case.intervals):
        return UNKNOWN
    first, second = (
        float(np.average(case.view.lumas_M, weights=case.view.weights_M(interval))) for interval in case.intervals
    )
    return by_sign(first - second, MarginKind.LUMA)


def _within_one_place(case: Case) -> float:
    """By how much the camera, without a cut, stays at one place from the first interval to the last; <= 0: unknown."""
    both = Interval(start_seconds=case.intervals[0].start_seconds, end_seconds=case.intervals[-1].end_seconds)
    path_M3 = camera_path(Case(case.view, case.claim, None, None, (both,)))
    return 0.0 if path_M3 is None else ONE_PLACE_SHIFT - float(np.abs(path_M3).max())


def place_changed(case: Case) -> Checked:
    """A cut to another place lies between the intervals; false where they show the same place.

    Of several cuts at most one may lead to another place: after two the first place may be back.
    """
    first, second = case.intervals[0], case.intervals[-1]
    cuts = case.view.scene.cuts
    if any(
        interval.start_seconds < cut.pts_seconds < interval.end_seconds for interval in case.intervals for cut in cuts
    ):
        return UNKNOWN
    between = [cut for cut in cuts if first.end_seconds <= cut.pts_seconds <= second.start_seconds]
    clear_non_cut = 1.0 - case.view.scene.strongest_non_cut
    if not between:
        return false_by(min(_within_one_place(case), clear_non_cut), MarginKind.PLACE)
    distances = [cut.place_distance - PLACE_BORDER for cut in between]
    if max(distances) <= 0:
        return false_by(-max(distances), MarginKind.PLACE)
    return true_by(min(abs(d) for d in distances) if sum(d > 0 for d in distances) == 1 else 0.0, MarginKind.PLACE)


def place_same(case: Case) -> Checked:
    """Both intervals show the same place; false where a cut to another place lies between them."""
    return opposite(place_changed(case))


def shot_count(case: Case) -> Checked:
    """The clip has n shots, by two cut detectors that agree; unknown where a cut or a non-cut is doubtful."""
    scene = case.view.scene
    clear = min((min(cut.score_a, cut.score_b) - 1.0 for cut in scene.cuts), default=np.inf)
    verdict = true_by if int(case.value) == len(scene.cuts) + 1 else false_by
    return verdict(min(float(clear), 1.0 - scene.strongest_non_cut), MarginKind.CUTS)
