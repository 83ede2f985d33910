"""How things and the camera move over an interval. x in frame widths, y in frame heights."""

import numpy as np

from schemas.interval import Interval
from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, opposite, true_by
from stages.claims.scene_view import Case, SceneView
from stages.claims.thing import SAME_MOMENT_SECONDS, BoxPath, Floats

STILL_RADIUS = 0.01
"""A thing stands still while its centre stays within this, in frame sides."""
CAMERA_STILL_SHIFT = 0.02
"""The camera stands still while the background at no two times lies further apart than this, in frame sides."""
LEAST_SPAN_SECONDS = 0.2
"""Of less than this nothing can be said to move or to stand still."""
_STRIDE_SECONDS = 0.4  # speeds are measured over steps of about this length, whatever the rate of the analysis
_SLOW_PER_SECOND = 0.02  # added to both speeds: the ratio of two standstills is none
_PLAIN_PER_SECOND = 0.04  # from this speed on a thing plainly moves: one that is partly covered seems to stir
WAYS = {"left": (0, -1.0), "right": (0, 1.0), "up": (1, -1.0), "down": (1, 1.0)}
"""Axis and sign of each way."""


def travel(positions_TD: Floats, axis: int, sign: float) -> float:
    """Net shift that way, less twice the largest shift across it and twice the largest retreat; > 0: it goes there."""
    moved_TD = positions_TD - positions_TD[0]
    along_T = sign * moved_TD[:, axis]
    across = np.delete(moved_TD, axis, axis=1)
    retreat = float((np.maximum.accumulate(along_T) - along_T).max())
    return float(along_T[-1]) - 2 * max(float(np.abs(across).max()), retreat)


def _extent(positions_T2: Floats) -> float:
    """Diagonal of the box that all positions lie in: the centre stays within half of it."""
    return float(np.hypot(*np.ptp(positions_T2, axis=0)))


def _says_something(places: BoxPath) -> bool:
    return len(places) >= 2 and places.span_seconds >= LEAST_SPAN_SECONDS - SAME_MOMENT_SECONDS


def moves(case: Case) -> Checked:
    """Over I the centre shifts that way, at least twice as far as across it; false where it goes another way, or
    stands still.
    """
    places = case.subject.path.inside(case.interval)
    if not _says_something(places):
        return UNKNOWN
    centres_T2 = places.centres_T2
    stillness = STILL_RADIUS - _extent(centres_T2) / 2
    if stillness > 0:
        return false_by(stillness, MarginKind.STILLNESS)
    best = {way: travel(centres_T2, axis, sign) for way, (axis, sign) in WAYS.items()}
    taken = max(best, key=lambda way: best[way])
    least = min(best[taken], _extent(centres_T2) - 2 * STILL_RADIUS)
    return true_by(least, MarginKind.SHIFT) if taken == case.value else false_by(least, MarginKind.SHIFT)


def still(case: Case) -> Checked:
    """Over I the centre stays within 0.01; false where it does not, by how far it goes beyond."""
    places = case.subject.path.inside(case.interval)
    if not _says_something(places):
        return UNKNOWN
    extent = _extent(places.centres_T2)
    if extent <= 2 * STILL_RADIUS:
        return true_by(STILL_RADIUS - extent / 2, MarginKind.STILLNESS)
    return false_by(extent - 2 * STILL_RADIUS, MarginKind.SHIFT)


def _mean_speed(places: BoxPath) -> float | None:
    """Frame sides per second over strides of about 0.4 s while the thing is visible; None where there is none."""
    if not _says_something(places):
        return None
    times_T, centres_T2 = places.times_T, places.centres_T2
    # strides of equal length from end to end: played backwards, a thing is as fast
    strides = max(1, round(places.span_seconds / _STRIDE_SECONDS - SAME_MOMENT_SECONDS))
    knots_K = np.linspace(times_T[0], times_T[-1], strides + 1)
    at_K2 = np.stack([np.interp(knots_K, times_T, centres_T2[:, axis]) for axis in (0, 1)], axis=1)
    lost = np.flatnonzero(np.diff(times_T) > _STRIDE_SECONDS + SAME_MOMENT_SECONDS)
    # a stride that reaches into a time out of sight says nothing of speed
    back_G1, gone_G1 = times_T[lost + 1, None] - SAME_MOMENT_SECONDS, times_T[lost, None] + SAME_MOMENT_SECONDS
    reaches_GS = (knots_K[:-1] < back_G1) & (knots_K[1:] > gone_G1)
    seen_S = ~reaches_GS.any(axis=0)
    if not seen_S.any():
        return None
    return float(np.hypot(*np.diff(at_K2, axis=0)[seen_S].T).mean() * strides / places.span_seconds)


def speeds_up(case: Case) -> Checked:
    """Mean speed in the second interval is above that in the first; false where below.

    The margin, a log ratio, shrinks where the thing hardly moves in either.
    """
    first, second = (_mean_speed(case.subject.path.inside(interval)) for interval in case.intervals)
    if first is None or second is None:
        return UNKNOWN
    ratio = float(np.log((second + _SLOW_PER_SECOND) / (first + _SLOW_PER_SECOND)))
    return by_sign(ratio * min(1.0, max(first, second) / _PLAIN_PER_SECOND), MarginKind.SPEED)


def slows_down(case: Case) -> Checked:
    """Mean speed in the second interval is below that in the first."""
    return opposite(speeds_up(case))


def camera_path(view: SceneView, interval: Interval) -> Floats | None:
    """Where the background lies after each part of an interval, as (x, y, zoom) in frame sides, from (0, 0, 0); None
    where it cannot be told.
    """
    shares_M = view.shares_M(interval)
    used_M = shares_M > 0
    steps_M3 = view.camera_M3[used_M] * shares_M[used_M, None]
    if not view.is_measured(interval) or not len(steps_M3) or np.isnan(steps_M3).any():
        return None
    steps_M3[:, 2] /= 2  # a picture grown by s has each border moved by (s - 1) / 2 of its side
    return np.concatenate((np.zeros((1, 3)), np.cumsum(steps_M3, axis=0)))


# content that moves right is a camera that moves left; content that grows is a camera that moves in
CAMERA_WAYS = {
    "left": (0, 1.0),
    "right": (0, -1.0),
    "up": (1, 1.0),
    "down": (1, -1.0),
    "in": (2, 1.0),
    "out": (2, -1.0),
}
"""Axis of `camera_path` and sign of each way."""


def camera_moves(case: Case) -> Checked:
    """Over I the background shifts as a camera moving that way makes it, at least twice as far as otherwise; "still":
    at no two times in I does it lie apart; false where another value is true.
    """
    path_M3 = camera_path(case.view, case.interval)
    if path_M3 is None:
        return UNKNOWN
    farthest = float(np.ptp(path_M3, axis=0).max())
    if farthest <= CAMERA_STILL_SHIFT:
        stillness = CAMERA_STILL_SHIFT - farthest
        verdict = true_by if case.value == "still" else false_by
        return verdict(stillness, MarginKind.CAMERA_STILLNESS)
    if case.value == "still":
        return false_by(farthest - CAMERA_STILL_SHIFT, MarginKind.CAMERA_SHIFT)
    best = {way: travel(path_M3, axis, sign) for way, (axis, sign) in CAMERA_WAYS.items()}
    taken = max(best, key=lambda way: best[way])
    least = min(best[taken], farthest - CAMERA_STILL_SHIFT)
    return true_by(least, MarginKind.CAMERA_SHIFT) if taken == case.value else false_by(least, MarginKind.CAMERA_SHIFT)
