"""Predicates about how things and the camera move. x is in frame widths, y in frame heights."""

import numpy as np

from schemas.interval import Interval
from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, opposite, true_by
from stages.claims.scene_view import Case, SceneView
from stages.claims.thing import SAME_MOMENT_SECONDS, BoxPath, Floats

STILL_RADIUS = 0.01
"""A thing stands still if its centre stays within a circle of this radius, in frame sides."""
CAMERA_STILL_SHIFT = 0.02
"""The camera stands still if the background is at no two times further apart than this, in frame sides."""
LEAST_SPAN_SECONDS = 0.2
"""Nothing can be said about the movement of a thing that is visible for less than this."""
_STRIDE_SECONDS = 0.4  # speeds are measured over strides of about this length, at any analysis rate
_SLOW_PER_SECOND = 0.02  # added to both speeds, so that two things at rest have no ratio
_PLAIN_PER_SECOND = 0.04  # from this speed on a thing clearly moves; a partly covered one seems to move a little
WAYS = {"left": (0, -1.0), "right": (0, 1.0), "up": (1, -1.0), "down": (1, 1.0)}
"""Axis and sign of each direction."""


def travel(positions_TD: Floats, axis: int, sign: float) -> float:
    """Net shift in a direction, minus twice the larger of the shift across and the retreat; > 0: it moves that way."""
    moved_TD = positions_TD - positions_TD[0]
    along_T = sign * moved_TD[:, axis]
    across = np.delete(moved_TD, axis, axis=1)
    retreat = float((np.maximum.accumulate(along_T) - along_T).max())
    return float(along_T[-1]) - 2 * max(float(np.abs(across).max()), retreat)


def _extent(positions_T2: Floats) -> float:
    """Diagonal of the box that holds all positions."""
    return float(np.hypot(*np.ptp(positions_T2, axis=0)))


def _is_long_enough(path: BoxPath) -> bool:
    return len(path) >= 2 and path.span_seconds >= LEAST_SPAN_SECONDS - SAME_MOMENT_SECONDS


def moves(case: Case) -> Checked:
    """Over I the centre shifts in that direction, at least twice as far as across it.

    False if it shifts in another direction, or stands still.
    """
    path = case.subject.path.inside(case.interval)
    if not _is_long_enough(path):
        return UNKNOWN
    centres_T2 = path.centres_T2
    stillness = STILL_RADIUS - _extent(centres_T2) / 2
    if stillness > 0:
        return false_by(stillness, MarginKind.STILLNESS)
    best = {way: travel(centres_T2, axis, sign) for way, (axis, sign) in WAYS.items()}
    taken = max(best, key=lambda way: best[way])
    least = min(best[taken], _extent(centres_T2) - 2 * STILL_RADIUS)
    return true_by(least, MarginKind.SHIFT) if taken == case.value else false_by(least, MarginKind.SHIFT)


def still(case: Case) -> Checked:
    """Over I the centre stays within 0.01 frame sides; false if it moves further."""
    path = case.subject.path.inside(case.interval)
    if not _is_long_enough(path):
        return UNKNOWN
    extent = _extent(path.centres_T2)
    if extent <= 2 * STILL_RADIUS:
        return true_by(STILL_RADIUS - extent / 2, MarginKind.STILLNESS)
    return false_by(extent - 2 * STILL_RADIUS, MarginKind.SHIFT)


def _mean_speed(path: BoxPath) -> float | None:
    """Frame sides per second, over strides of about 0.4 s while the thing is visible; None if there is no stride."""
    if not _is_long_enough(path):
        return None
    times_T, centres_T2 = path.times_T, path.centres_T2
    # strides of equal length from end to end, so that the speed is the same played backwards
    strides = max(1, round(path.span_seconds / _STRIDE_SECONDS - SAME_MOMENT_SECONDS))
    knots_K = np.linspace(times_T[0], times_T[-1], strides + 1)
    at_K2 = np.stack([np.interp(knots_K, times_T, centres_T2[:, axis]) for axis in (0, 1)], axis=1)
    lost = np.flatnonzero(np.diff(times_T) > _STRIDE_SECONDS + SAME_MOMENT_SECONDS)
    # a stride that reaches into a time out of view does not measure speed
    back_G1, gone_G1 = times_T[lost + 1, None] - SAME_MOMENT_SECONDS, times_T[lost, None] + SAME_MOMENT_SECONDS
    reaches_GS = (knots_K[:-1] < back_G1) & (knots_K[1:] > gone_G1)
    seen_S = ~reaches_GS.any(axis=0)
    if not seen_S.any():
        return None
    return float(np.hypot(*np.diff(at_K2, axis=0)[seen_S].T).mean() * strides / path.span_seconds)


def speeds_up(case: Case) -> Checked:
    """The mean speed is higher in the second interval than in the first; false if it is lower.

    The margin, a log ratio, is smaller if the thing hardly moves in either interval.
    """
    first, second = (_mean_speed(case.subject.path.inside(interval)) for interval in case.intervals)
    if first is None or second is None:
        return UNKNOWN
    ratio = float(np.log((second + _SLOW_PER_SECOND) / (first + _SLOW_PER_SECOND)))
    return by_sign(ratio * min(1.0, max(first, second) / _PLAIN_PER_SECOND), MarginKind.SPEED)


def slows_down(case: Case) -> Checked:
    """The mean speed is lower in the second interval than in the first; false if it is higher."""
    return opposite(speeds_up(case))


def camera_path(view: SceneView, interval: Interval) -> Floats | None:
    """Where the background is after each analysis second of an interval, as (x, y, zoom) in frame sides.

    It starts at (0, 0, 0). None if the camera's motion is unknown in part of the interval.
    """
    shares_M = view.shares_M(interval)
    used_M = shares_M > 0
    steps_M3 = view.camera_M3[used_M] * shares_M[used_M, None]
    if not view.is_measured(interval) or not len(steps_M3) or np.isnan(steps_M3).any():
        return None
    steps_M3[:, 2] /= 2  # scaling by s moves each border by (s - 1) / 2 of the frame's side
    return np.concatenate((np.zeros((1, 3)), np.cumsum(steps_M3, axis=0)))


# content that moves right means a camera that moves left; content that grows, a camera that moves in
CAMERA_WAYS = {
    "left": (0, 1.0),
    "right": (0, -1.0),
    "up": (1, 1.0),
    "down": (1, -1.0),
    "in": (2, 1.0),
    "out": (2, -1.0),
}
"""Axis of `camera_path` and sign of each direction."""


_MOST_BACK = 0.25  # of the way that the camera goes; a pan that settles goes back by less


def camera_moves(case: Case) -> Checked:
    """Over I the background shifts as it does under a camera that moves in that direction, at least twice as far as in
    any other; "still": the background stays in place. False if another value is true, and the camera moves in this
    direction at no time: a pan to the right that also tilts up does not deny "up". Unknown if the camera also goes a
    good part of the way back, as a hand does that wavers: viewers see it go there and back.
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
    axis, sign = CAMERA_WAYS[taken]
    if _farthest_run(path_M3, axis, -sign) > _MOST_BACK * _farthest_run(path_M3, axis, sign):
        return UNKNOWN
    if taken == case.value:
        return true_by(least, MarginKind.CAMERA_SHIFT)
    goes_there = _farthest_run(path_M3, *CAMERA_WAYS[case.value]) > CAMERA_STILL_SHIFT
    return UNKNOWN if goes_there else false_by(least, MarginKind.CAMERA_SHIFT)


def _farthest_run(positions_TD: Floats, axis: int, sign: float) -> float:
    """How far it moves in a direction, from any time to any later one."""
    along_T = sign * positions_TD[:, axis]
    return float((along_T - np.minimum.accumulate(along_T)).max())
