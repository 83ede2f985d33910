"""Predicates without a subject, about the picture as a whole: motion, brightness, places and shots."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from schemas.interval import Interval
from schemas.scene import Cut, Fade
from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, opposite, true_by
from stages.claims.events import CLEAR_NON_CUT
from stages.claims.movement import CAMERA_STILL_SHIFT, camera_path
from stages.claims.scene_view import Case, SceneView
from stages.claims.thing import Floats

PLACE_BORDER = 0.5
"""Two shots show two places if their content distance is above this, and one place if it is below."""
BRIGHTER_RATIO = 1.25
"""Of two pictures one is plainly brighter only if its mean brightness is this many times that of the other."""
_LITTLE_CONTRAST = 0.05  # what a difference in brightness counts at most, if the ratio is smaller than that
_DARK = 1e-6
SHORTEST_SHOT_SECONDS = 0.5
"""Viewers do not agree whether what is shorter is a shot."""
_LITTLE_MOTION = 0.005  # share of the pixels, added to both sides of a ratio: without motion neither side is busier
_PLAIN_MOTION = 0.01  # share of the pixels, in all thirds together, from which on things clearly move
_PLAINLY_STILL = 0.01  # frame sides: if the camera could move this much further, it clearly stands still
_INSIDE = 0.999  # an analysis second lies inside an interval if at least this share of it does
_THIRDS = ("left", "centre", "right")
_MOMENT_SECONDS = 2.5  # a claim about an interval this short is about every moment of it


@dataclass(frozen=True)
class _Motion:
    """The motion during an interval."""

    thirds_3: Floats
    """Mean motion in the left, centre and right third."""
    stillness: float
    """How clearly the camera stands still, 0 (hardly) .. 1."""

    @property
    def total(self) -> float:
        """Motion in all thirds together."""
        return float(self.thirds_3.sum())


def _motions(view: SceneView, interval: Interval) -> tuple[_Motion, ...]:
    """The motion of an interval, measured in two ways.

    First by all analysis seconds that overlap it, weighted by the overlap; then by those alone that lie inside. What a
    second shows may have happened in the part of it that is outside, so both must agree. Empty if the camera moves or
    may move: near things then move relative to far ones.
    """
    path_M3 = camera_path(view, interval)
    if path_M3 is None:
        return ()
    left = CAMERA_STILL_SHIFT - float(np.ptp(path_M3, axis=0).max())
    if left <= 0:
        return ()
    seconds_M = view.seconds_M(interval)
    inside_M = np.where(view.shares_M(interval) > _INSIDE, seconds_M, 0.0)
    stillness = min(1.0, left / _PLAINLY_STILL)
    return tuple(
        _Motion(np.average(view.motions_M3[weights_M > 0], axis=0, weights=weights_M[weights_M > 0]), stillness)
        for weights_M in (seconds_M, inside_M)
        if weights_M.any()
    )


def motion_in(case: Case) -> Checked:
    """Over I most of the motion in the frame is in that third; false if most is in another third.

    The margin, its share minus the next one's, is smaller if there is little motion or the camera may move.
    """
    motions = _motions(case.view, case.interval)
    if not motions or min(motion.total for motion in motions) <= 0:
        return UNKNOWN
    if len({int(motion.thirds_3.argmax()) for motion in motions}) > 1:
        return UNKNOWN
    verdict = true_by if _THIRDS[int(motions[0].thirds_3.argmax())] == case.value else false_by
    return verdict(min(_lead(motion) for motion in motions), MarginKind.MOTION_SHARE)


def _lead(motion: _Motion) -> float:
    """Share of the motion in the busiest third minus the next; less if little moves or the camera may move."""
    next_share, most = sorted(float(third) / motion.total for third in motion.thirds_3)[1:]
    return (most - next_share) * min(motion.stillness, motion.total / _PLAIN_MOTION, 1.0)


def busier(case: Case) -> Checked:
    """There is more motion in the first interval than in the second; false if there is less.

    The margin, a log ratio, is smaller if the camera may move, or if hardly anything moves in either interval.
    """
    firsts, seconds = (_motions(case.view, interval) for interval in case.intervals)
    if not firsts or not seconds:
        return UNKNOWN
    return _agreed([_log_ratio(first, second) for first in firsts for second in seconds], MarginKind.BUSYNESS)


def _log_ratio(first: _Motion, second: _Motion) -> float:
    ratio = float(np.log((first.total + _LITTLE_MOTION) / (second.total + _LITTLE_MOTION)))
    return ratio * min(first.stillness, second.stillness, max(first.total, second.total) / _PLAIN_MOTION)


def brighter(case: Case) -> Checked:
    """The picture is brighter in the first interval than in the second; false if it is darker.

    The margin, the difference of the means, is less if their ratio is below `BRIGHTER_RATIO`: of two white pages
    neither looks brighter. If both intervals are short, each second of the first must be as clearly brighter than each
    second of the second: the picture may be fading.
    """
    if not all(case.view.is_measured(interval) for interval in case.intervals):
        return UNKNOWN
    lumas_M = case.view.lumas_M
    first_M, second_M = (case.view.seconds_M(interval) for interval in case.intervals)
    first, second = (float(np.average(lumas_M, weights=weights_M)) for weights_M in (first_M, second_M))
    differences = [_contrast(first, second)]
    if all(interval.duration_seconds <= _MOMENT_SECONDS for interval in case.intervals):
        differences += [_contrast(float(a), float(b)) for a in lumas_M[first_M > 0] for b in lumas_M[second_M > 0]]
    return _agreed(differences, MarginKind.LUMA)


def _contrast(first: float, second: float) -> float:
    """The difference of two brightnesses; at most `_LITTLE_CONTRAST` where one is hardly brighter than the other."""
    ratio = max(first, second) / max(min(first, second), _DARK)
    if ratio >= BRIGHTER_RATIO:
        return first - second
    little = _LITTLE_CONTRAST * float(np.log(ratio) / np.log(BRIGHTER_RATIO))
    return float(np.clip(first - second, -little, little))


def _agreed(differences: Sequence[float], kind: MarginKind) -> Checked:
    """TRUE if all differences are positive, FALSE if all are negative, by the smallest of them; UNKNOWN otherwise."""
    if min(differences) < 0 < max(differences):
        return UNKNOWN
    return by_sign(min(differences, key=abs), kind)


def place_changed(case: Case) -> Checked:
    """Between the intervals there is a cut to another place: no frame of the first's shots is like one of the second's.

    False if both show the same place: all frames of their shots are alike. Unknown if the clip may have a cut that was
    not found.
    """
    if case.view.scene.strongest_non_cut >= CLEAR_NON_CUT:
        return UNKNOWN
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
    """Both intervals show the same place; false if there is a cut to another place between them."""
    return opposite(place_changed(case))


def shot_count(case: Case) -> Checked:
    """The clip has n shots, by the cuts and fades on which two detectors agree.

    Unknown if one of these is doubtful, if something else might be one (as a break might), or if a shot is shorter than
    `SHORTEST_SHOT_SECONDS`.
    """
    scene = case.view.scene
    edges = (scene.start_seconds, *scene.shot_starts, scene.end_seconds)
    if scene.breaks or min(end - start for start, end in pairwise(edges)) < SHORTEST_SHOT_SECONDS:
        return UNKNOWN
    borders: tuple[Cut | Fade, ...] = (*scene.cuts, *scene.fades)
    clear = min((min(border.score_a, border.score_b) - 1.0 for border in borders), default=np.inf)
    verdict = true_by if int(case.value) == len(borders) + 1 else false_by
    return verdict(min(float(clear), CLEAR_NON_CUT - scene.strongest_non_cut), MarginKind.CUTS)
