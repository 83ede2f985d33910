"""Predicates that need two moments of the clip: identity, returns, displacement, change of size."""

from itertools import pairwise

import numpy as np

from schemas.scene import MOTION, TRUTH
from stages.claims.annotated_things import is_followed
from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, opposite, true_by
from stages.claims.movement import WAYS, travel
from stages.claims.scene_view import Case

_SIZE_ERROR = 0.3  # of the log ratio of two areas that a model found
AWAY_SECONDS = 0.5
"""A thing returns if it was out of view for at least this long."""


def same_object(case: Case) -> Checked:
    """a, visible in the first interval, and b, visible in the second, are one object; false if they are surely two."""
    a, b = case.subject, case.object
    first, second = case.intervals
    if not (a.is_seen(first) and b.is_seen(second)) or not (a.consistent and b.consistent):
        return UNKNOWN
    if a is b:
        return true_by(min(a.link_score, a.score), MarginKind.IDENTITY)
    return false_by(min(case.view.parting(a, b) or 0.0, a.link_score, b.link_score), MarginKind.IDENTITY)


def different_objects(case: Case) -> Checked:
    """a, visible in the first interval, and b, visible in the second, are certainly two objects."""
    return opposite(same_object(case))


def returns(case: Case) -> Checked:
    """A is visible in the first interval and in the last one, and out of view for at least 0.5 s in between.

    False if it is never out of view that long, or not visible in one of the two intervals. All the time between must be
    tracked. Unknown for faces: a face that is not detected may still be in view.
    """
    a, (first, last) = case.subject, case.intervals
    in_order = first.end_seconds <= last.start_seconds
    watched = is_followed(a, case.view) or case.view.is_tracked(first.start_seconds, last.end_seconds)
    if a.is_face or not in_order or not watched:
        return UNKNOWN
    for interval in (first, last):
        if not a.is_seen(interval):
            away = min(max(s - interval.end_seconds, interval.start_seconds - e) for s, e in a.visible)
            return false_by(away, MarginKind.NEVER_SHARED)
    hull = [(s, e) for s, e in a.visible if e > first.start_seconds and s < last.end_seconds]
    longest = max((later - earlier for (_, earlier), (later, _) in pairwise(hull)), default=0.0)
    if longest >= AWAY_SECONDS:
        return true_by(longest, MarginKind.AWAY)
    return false_by(AWAY_SECONDS - longest, MarginKind.STAYING)


def displaced(case: Case) -> Checked:
    """A's mean centre in the second interval lies in that direction from its mean centre in the first.

    It lies at least twice as far along that direction as across it. False if it lies in another direction.
    """
    first, second = (case.subject.path.inside(interval) for interval in case.intervals)
    if not len(first) or not len(second):
        return UNKNOWN
    means_22 = np.stack([first.centres_T2.mean(axis=0), second.centres_T2.mean(axis=0)])
    best = {way: travel(means_22, axis, sign) for way, (axis, sign) in WAYS.items()}
    taken = max(best, key=lambda way: best[way])
    verdict = true_by if taken == case.value else false_by
    return verdict(best[taken], MarginKind.DISPLACEMENT)


def size_change(case: Case) -> Checked:
    """A's mean area is larger (grows) or smaller (shrinks) in the second interval than in the first.

    A thing whose box a model or a person gives may be turned, bent or half hidden: its width and its height must both
    change, and count as the one that changes less. Such a box is less exact, too.
    """
    first, second = (case.subject.path.inside(interval) for interval in case.intervals)
    if not len(first) or not len(second):
        return UNKNOWN
    grown = float(np.log(second.areas_T.mean() / first.areas_T.mean()))
    if any(track.source not in (MOTION, TRUTH) for track in case.subject.tracks):
        sides_2 = np.log(second.sides_T2.mean(axis=0) / first.sides_T2.mean(axis=0))
        least = 2 * float(min(sides_2, key=abs)) if sides_2[0] * sides_2[1] > 0 else 0.0
        grown = float(np.copysign(max(0.0, abs(least) - _SIZE_ERROR), least))
    return by_sign(grown if case.value == "grows" else -grown, MarginKind.SIZE)
