"""A claim in plain words, for people who look at a pair."""

from schemas.claim import PREDICATES, Claim, Predicate
from schemas.interval import Interval

_P = Predicate
_WORDS = {
    _P.LEFT_OF: "{a} is to the left of {b}",
    _P.RIGHT_OF: "{a} is to the right of {b}",
    _P.ABOVE: "{a} is above {b}",
    _P.BELOW: "{a} is below {b}",
    _P.LARGER_THAN: "{a} is larger than {b}",
    _P.OVERLAPS: "{a} overlaps {b} at some time",
    _P.APART: "{a} and {b} never overlap",
    _P.IN_REGION: "{a} is in the {value} third",
    _P.HAS_COLOUR: "{a} is {value}",
    _P.MOVING_COUNT: "{value} moving things are in view",
    _P.MOTION_IN: "most of the motion is in the {value} third",
    _P.ENTERS_BEFORE: "{a} comes into view before {b}",
    _P.LEAVES_BEFORE: "{a} goes out of view before {b}",
    _P.STARTS_BEFORE: "{a} starts to move before {b}",
    _P.STOPS_BEFORE: "{a} stops before {b}",
    _P.ENTERS_WITH: "{a} and {b} come into view together",
    _P.LEAVES_WITH: "{a} and {b} go out of view together",
    _P.TOGETHER: "{a} and {b} are in view at the same time",
    _P.NEVER_TOGETHER: "{a} and {b} are never in view at the same time",
    _P.VISIBLE_LONGER: "{a} is in view longer than {b}",
    _P.MOVES: "{a} moves {value}",
    _P.STILL: "{a} stands still",
    _P.SPEEDS_UP: "{a} becomes faster",
    _P.SLOWS_DOWN: "{a} becomes slower",
    _P.ENTERS_FROM: "{a} comes in from the {value}",
    _P.LEAVES_TO: "{a} goes out on the {value}",
    _P.EVENT_IN: "{a} {value} then",
    _P.CAMERA_MOVES: "the camera moves: {value}",
    _P.BUSIER: "the first stretch has more motion than the second",
    _P.SAME_OBJECT: "{a} and {b} are one thing",
    _P.DIFFERENT_OBJECTS: "{a} and {b} are two things",
    _P.RETURNS: "{a} goes out of view and comes back",
    _P.DISTINCT_MOVING_COUNT: "{value} different moving things are seen",
    _P.DISPLACED: "{a} ends up further {value}",
    _P.SIZE_CHANGE: "{a} {value}",
    _P.PLACE_CHANGED: "the place has changed",
    _P.PLACE_SAME: "the place is the same",
    _P.BRIGHTER: "the first stretch is brighter than the second",
    _P.SHOT_COUNT: "the number of shots is {value}",
}


def claim_words(claim: Claim) -> str:
    """What a claim asserts, of which tracks, and when."""
    a = _named(claim.subject_phrases, claim.subject_tracks) or "the picture"
    b = _named(claim.object_phrases, claim.object_tracks)
    said = _WORDS[claim.predicate].format(a=a, b=b, value=claim.value)
    return f"{said} {_when(claim.intervals)}".rstrip()


def margin_words(claim: Claim) -> str:
    """By how much the claim was found true, or false."""
    return "" if claim.margin is None else f"by {claim.margin:.3g} ({PREDICATES[claim.predicate].margin_unit})"


def span_words(interval: Interval) -> str:
    """A stretch of time in seconds."""
    return f"{interval.start_seconds:.2f} to {interval.end_seconds:.2f} s"


def _named(phrases: tuple[str, ...], tracks: tuple[str, ...]) -> str:
    named = " and ".join(phrases)
    if not phrases:
        return ""
    return f"{named} [{', '.join(tracks)}]" if tracks else f"{named} [not in the video]"


def _when(intervals: tuple[Interval, ...]) -> str:
    return "(" + ", then ".join(span_words(interval) for interval in intervals) + ")" if intervals else ""
