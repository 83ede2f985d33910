"""A claim in plain words, for people who look at a pair."""

from collections.abc import Sequence

from schemas.claim import PREDICATES, Claim, Predicate
from schemas.clip import Clip
from schemas.interval import Interval
from schemas.pair import Pair, VisualNegative
from schemas.scene import Track
from stages.claims.visual_edit import edited_interval

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


def track_name(track: Track) -> str:
    """A track as a person would tell it from others: its colour or label, and its id."""
    return f"{track.colour.name.value if track.colour else track.label.value} {track.track_id}"


def pair_words(pair: Pair, clip: Clip) -> tuple[str, ...]:
    """The texts of a pair, and when its clip, edited, shows what they are about."""
    when = "; ".join(span_words(interval) for interval in shown_events(pair, clip))
    said = (pair.question, f"chosen: {pair.chosen}", f"rejected: {pair.rejected}")
    return (*said, f"look at: {when}") if when else said


def shown_events(pair: Pair, clip: Clip | None) -> Sequence[Interval]:
    """When the clip, edited, shows the event; as it is stored where the clip is not at hand."""
    if clip is None:
        return pair.event_intervals
    return [edited_interval(clip.scene, pair.visual_edit, interval) for interval in pair.event_intervals]


def negative_words(negative: VisualNegative) -> str:
    """A visual negative in words: level, kind, and what the spec names."""
    named = {
        "frame": negative.preferred_frame_index,
        "against frame": negative.frame_index,
        "segment": negative.preferred_segment_id,
        "against segment": negative.segment_id,
        "of clip": negative.other_clip_id,
        "track": negative.track_id,
    }
    parts = [f"{name} {value}" for name, value in named.items() if value is not None]
    if negative.shift_x is not None and negative.shift_y is not None:
        parts.append(f"by ({negative.shift_x:g}, {negative.shift_y:g})")
    if negative.control is not None:
        parts.append(f"control by ({negative.control.shift_x:g}, {negative.control.shift_y:g})")
    kind = negative.kind.value.replace("_", " ")
    return f"{negative.level.value}: {kind}" + (f" ({', '.join(parts)})" if parts else "")
