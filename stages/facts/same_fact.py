"""Whether two true answers tell the same fact, perhaps in other words or of a slightly different time."""

from collections.abc import Hashable

from schemas.claim import Claim, Predicate
from schemas.interval import Interval

_SAME_SHARE = 0.5  # of the shorter of two stretches: if they share this much, they are one
_NAMED_BY_VALUE = (Predicate.EVENT_IN, Predicate.READS)  # the value says what the claim is about
_LASTING = frozenset(
    {
        Predicate.LEFT_OF,
        Predicate.RIGHT_OF,
        Predicate.ABOVE,
        Predicate.BELOW,
        Predicate.LARGER_THAN,
        Predicate.HAS_COLOUR,
    }
)
"""What mostly stays so: said of the same things, it is the same fact at any time."""

_USUAL = frozenset(
    {(Predicate.CAMERA_MOVES, "still"), (Predicate.MOTION_IN, "centre")}
    | {(Predicate.IN_REGION, "centre"), (Predicate.IN_REGION, "middle")}
)


def are_one_fact(a: Claim | None, b: Claim | None) -> bool:
    """Whether both claims have one predicate, are about one thing, and each interval of one overlaps that of the other.

    Two intervals overlap if they share half of the shorter one. Values do not matter: of a thing that moves left in one
    half of a time and right in the other, only one is asked. What is nearly always so, such as that the camera stands
    still, is one fact at any time. So is that one thing is left of another: where it is right of it, it is asked again.
    Answers without a claim are never one fact.
    """
    if a is None or b is None or _about(a) != _about(b) or not _same_things(a, b):
        return False
    if a.predicate in _LASTING or (is_usual(a) and is_usual(b)):
        return True
    return all(_overlap(one, other) for one, other in zip(a.intervals, b.intervals, strict=True))


def is_usual(claim: Claim) -> bool:
    """Whether it says what is nearly always so: that the camera stands still, or that something is in the middle."""
    return (claim.predicate, claim.value) in _USUAL


def _about(claim: Claim) -> Hashable:
    return claim.predicate, claim.noun, claim.value if claim.predicate in _NAMED_BY_VALUE else None


def _same_things(a: Claim, b: Claim) -> bool:
    """Whether the tracks or the phrases are the same: one thing may be lost and found again, or have two names."""
    phrases_a, phrases_b = ((claim.subject_phrases, claim.object_phrases) for claim in (a, b))
    tracks_a, tracks_b = ((claim.subject_tracks, claim.object_tracks) for claim in (a, b))
    return phrases_a == phrases_b or (tracks_a == tracks_b and a.in_video and b.in_video and any(tracks_a))


def _overlap(a: Interval, b: Interval) -> bool:
    shorter = min(a.duration_seconds, b.duration_seconds)
    return a.overlap_seconds(b) >= _SAME_SHARE * shorter - 1e-9
