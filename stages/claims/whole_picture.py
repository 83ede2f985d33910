"""What the picture as a whole shows: motion, brightness, places and shots; no subject."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schemas.interval import Interval
from schemas.scene import Cut, Fade
from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, opposite, true_by
from stages.claims.events import CLEAR_NON_CUT
from stages.claims.movement import CAMERA_STILL_SHIFT, camera_path
from stages.claims.scene_view import Case, SceneView
from stages.claims.thing import Floats

PLACE_BORDER = 0.5
"""Content distance of two shots above which they show two places, below which they show one."""
_LITTLE_MOTION = 0.005  # share of the pixels; added to both sides of a ratio: of two still stretches neither is busier
_PLAIN_MOTION = 0.01  # from this share of the pixels on, in all thirds together, things plainly move
_PLAINLY_STILL = 0.01  # frame sides left until the camera moves: with so much it plainly stands still
_INSIDE = 0.999  # share of an analysis second from which on it lies in an interval
_THIRDS = ("left", "centre", "right")
_MOMENT_SECONDS = 2.5  # an interval as short as this, its edges read generously, speaks of every moment in it


@dataclass(frozen=True)
class _Motion:
    """The motion of an interval."""

    thirds_3: Floats
    """Mean motion in the left, centre and right third."""
    stillness: float
    """How plainly the camera stands still, 0 (hardly) .. 1."""

    @property
    def total(self) -> float:
        """Motion in all thirds."""
        return float(self.thirds_3.sum())


def _readings(view: SceneView, interval: Interval) -> tuple[_Motion, ...]:
    """The motion of an interval by all seconds that it touches, each by how much of it lies inside, and by those alone
    of which all does.

    What a second shows may have happened in the part of it that lies outside: both readings must say the same. Empty
    where the camera moves, or may: near things then move against far ones.
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
    """Over I most of the motion in the frame is in that third; false where most is in another one.

    The margin, its share above the next, shrinks where there is little motion, or the camera may move.
    """
    readings = _readings(case.view, case.interval)
    if not readings or min(motion.total for motion in readings) <= 0:
        return UNKNOWN
    if len({int(motion.thirds_3.argmax()) for motion in readings}) > 1:
        return UNKNOWN
    verdict = true_by if _THIRDS[int(readings[0].thirds_3.argmax())] == case.value else false_by
    return verdict(min(_lead(motion) for motion in readings), MarginKind.MOTION_SHARE)


def _lead(motion: _Motion) -> float:
    """By what share of the motion the busiest third leads the next; less where little moves, or the camera may."""
    next_share, most = sorted(float(third) / motion.total for third in motion.thirds_3)[1:]
    return (most - next_share) * min(motion.stillness, motion.total / _PLAIN_MOTION, 1.0)


def busier(case: Case) -> Checked:
    """More motion in the first interval than in the second; false where less.

    The margin, a log ratio, shrinks where the camera may move, and where hardly anything moves in either.
    """
    firsts, seconds = (_readings(case.view, interval) for interval in case.intervals)
    if not firsts or not seconds:
        return UNKNOWN
    return _agreed([_log_ratio(first, second) for first in firsts for second in seconds], MarginKind.BUSYNESS)


def _log_ratio(first: _Motion, second: _Motion) -> float:
    ratio = float(np.log((first.total + _LITTLE_MOTION) / (second.total + _LITTLE_MOTION)))
    return ratio * min(first.stillness, second.stillness, max(first.total, second.total) / _PLAIN_MOTION)


def brighter(case: Case) -> Checked:
    """The first interval's picture is brighter than the second's; false where darker.

    Of two moments every second of the one must be brighter than every second of the other: a fade may be under way.
    """
    if not all(case.view.is_measured(interval) for interval in case.intervals):
        return UNKNOWN
    lumas_M = case.view.lumas_M
    first_M, second_M = (case.view.seconds_M(interval) for interval in case.intervals)
    differences = [float(np.average(lumas_M, weights=first_M) - np.average(lumas_M, weights=second_M))]
    if all(interval.duration_seconds <= _MOMENT_SECONDS for interval in case.intervals):
        differences += [float(a - b) for a in lumas_M[first_M > 0] for b in lumas_M[second_M > 0]]
    return _agreed(differences, MarginKind.LUMA)


def _agreed(differences: Sequence[float], kind: MarginKind) -> Checked:
    """True by the least of positive differences, false by the least of negative ones; unknown where they disagree."""
    if min(differences) < 0 < max(differences):
        return UNKNOWN
    return by_sign(min(differences, key=abs), kind)


def place_changed(case: Case) -> Checked:
    """A cut to another place lies between the intervals: no frame of the one's shots is like any of the other's.

    False where they show the same place: all frames of the shots that they lie in are alike. Unknown in a clip with
    what may be a further cut.
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
    """Both intervals show the same place; false where a cut to another place lies between them."""
    return opposite(place_changed(case))


def shot_count(case: Case) -> Checked:
    """The clip has n shots, by cuts and fades on which two detectors agree; unknown where one of these is doubtful, or
    something else might be one.
    """
    scene = case.view.scene
    borders: tuple[Cut | Fade, ...] = (*scene.cuts, *scene.fades)
    clear = min((min(border.score_a, border.score_b) - 1.0 for border in borders), default=np.inf)
    verdict = true_by if int(case.value) == len(borders) + 1 else false_by
    return verdict(min(float(clear), CLEAR_NON_CUT - scene.strongest_non_cut), MarginKind.CUTS)
