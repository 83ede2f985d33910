"""Claims, tracks, pairs and visual negatives in plain words, for people who look at a pair."""

from schemas.claim import PREDICATES, Claim, Predicate
from schemas.clip import Clip, TrackOutline
from schemas.counted import counted
from schemas.interval import Interval
from schemas.pair import Pair
from schemas.scene import OBJECT, Event, Track
from schemas.shown import AS_STORED, Shown
from schemas.visual_negative import VisualNegative
from stages.claims.edited_scene import edited_interval, is_known_as_shown

_P = Predicate
_SENTENCES = {
    _P.LEFT_OF: "{a} is to the left of {b}",
    _P.RIGHT_OF: "{a} is to the right of {b}",
    _P.ABOVE: "{a} is above {b}",
    _P.BELOW: "{a} is below {b}",
    _P.LARGER_THAN: "{a} is larger than {b}",
    _P.OVERLAPS: "{a} overlaps {b} at some point",
    _P.APART: "{a} and {b} never overlap",
    _P.IN_REGION: "{a} is in the {value} third of the picture",
    _P.HAS_COLOUR: "{a} is {value}",
    _P.MOVING_COUNT: "{value} moving objects are in view",
    _P.MOTION_IN: "most of the motion is in the {value} third of the picture",
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
    _P.ENTERS_FROM: "{a} enters from the {value}",
    _P.LEAVES_TO: "{a} leaves to the {value}",
    _P.EVENT_IN: "{a} {value}",
    _P.CAMERA_MOVES: "the camera movement is: {value}",
    _P.BUSIER: "the first stretch has more motion than the second",
    _P.SAME_OBJECT: "{a} and {b} are the same object",
    _P.DIFFERENT_OBJECTS: "{a} and {b} are two different objects",
    _P.RETURNS: "{a} goes out of view and comes back",
    _P.DISTINCT_MOVING_COUNT: "{value} different moving objects are seen",
    _P.DISPLACED: "{a} ends up further {value} than before",
    _P.SIZE_CHANGE: "{a} {value}",
    _P.PLACE_CHANGED: "the place has changed",
    _P.PLACE_SAME: "the place is the same",
    _P.BRIGHTER: "the first stretch is brighter than the second",
    _P.SHOT_COUNT: "the number of shots is {value}",
    _P.PRESENT: "something of the kind {noun!r} is in view",
    _P.NAMED_COUNT: "{value} of the kind {noun!r} are in view",
    _P.READS: "the word {value!r} is written",
    _P.HAPPENS_IN: "{a}",
    _P.HAPPENS_BEFORE: "{a}, before {b}",
    _P.PICTURE_EDITED: "the picture is edited: {value}",
    _P.VIEW_EDITED: "the view is edited: {value}",
    _P.PLAY_EDITED: "what is played is edited: {value}",
    _P.PARTS_ORDERED: "the parts, as they are shown, belong in the order {value}",
}


def claim_words(claim: Claim) -> str:
    """What a claim asserts, about which tracks, and when."""
    subject = _named(claim.subject_phrases, claim.subject_tracks, claim) or "the picture"
    other = _named(claim.object_phrases, claim.object_tracks, claim)
    sentence = _SENTENCES[claim.predicate].format(a=subject, b=other, value=claim.value, noun=claim.noun)
    when = ", then ".join(span_words(interval) for interval in claim.intervals)
    return f"{sentence} ({when})" if when else sentence


def _named(phrases: tuple[str, ...], tracks: tuple[str, ...], claim: Claim) -> str:
    """The phrases with their tracks; events have none."""
    words = " and ".join(phrases)
    if not phrases or (claim.in_video and not tracks):
        return words
    return f"{words} [{', '.join(tracks) or 'not in the video'}]"


def margin_words(claim: Claim) -> str:
    """How far the measured value lies from the point at which the claim would change between true and false."""
    return "" if claim.margin is None else f"by {claim.margin:.3g} ({PREDICATES[claim.predicate].margin_unit})"


def span_words(interval: Interval | Event) -> str:
    """A stretch of time in seconds."""
    return f"{interval.start_seconds:.2f} to {interval.end_seconds:.2f} s"


def track_name(track: Track | TrackOutline) -> str:
    """A short name for a track, and its id: what it is or what is written, or its colour if only that is known."""
    if track.text is not None:
        return f'"{track.text}" {track.track_id}'
    name = track.colour.name.value if track.colour and track.label == OBJECT else track.label
    return f"{name} {track.track_id}"


def pair_words(pair: Pair, clip: Clip) -> tuple[str, ...]:
    """The question and answers of a pair, when to look, and whether the clip is shown edited: one line each."""
    lines = [f"question: {pair.question}", f"chosen: {pair.chosen}", f"rejected: {pair.rejected}"]
    when = "; ".join(span_words(interval) for interval in shown_events(pair, clip))
    if when:
        lines.append(f"look at: {when}")
    if pair.shown != AS_STORED:
        lines.append(f"the clip is shown {shown_words(pair.shown, clip)}")
    return tuple(lines)


def shown_events(pair: Pair, clip: Clip) -> list[Interval]:
    """When the clip, edited as the pair asks for, shows the event that the question is about, or is edited."""
    planted = () if is_known_as_shown(clip.scene, pair.shown) else pair.shown.planted
    if planted:
        return [edit.stretch for edit in planted]
    return [edited_interval(clip.scene, pair.shown, interval) for interval in pair.event_intervals]


def shown_words(shown: Shown, clip: Clip) -> str:
    """What is shown of a clip: "reversed", a stretch alone, or which edits, when, and the number of seams."""
    if segment := clip.segment(shown.segment_id):
        return f"from {span_words(segment.interval)} alone"
    if is_known_as_shown(clip.scene, shown) or shown.segment_id is not None:
        return shown.name
    edits = [f"{edit.kind.value.replace('_', ' ')} {span_words(edit.stretch)}" for edit in shown.planted]
    seams = len(shown.edits) - len(edits)
    return ", ".join([*edits, *([f"with {counted(seams, 'harmless seam')}"] if seams else [])])


def negative_words(negative: VisualNegative) -> str:
    """A visual negative in words: its level, its kind, and the frames, segments, clip and track that it names."""
    named = {
        "frame": negative.preferred_frame_index,
        "against frame": negative.frame_index,
        "segment": negative.preferred_segment_id,
        "against segment": negative.segment_id,
        "from clip": negative.other_clip_id,
        "track": negative.track_id,
        "area": None if negative.area is None else f"of the {negative.area.noun}, as a model sees it",
        "shown": None if negative.shown is None else negative.shown.name.replace("none", "with its seams alone"),
    }
    parts = [f"{name} {value}" for name, value in named.items() if value is not None]
    if negative.shift_x is not None and negative.shift_y is not None:
        parts.append(f"moved by {_shift(negative.shift_x, negative.shift_y)}")
    if negative.control is not None:
        parts.append(f"control moved by {_shift(negative.control.shift_x, negative.control.shift_y)}")
    kind = negative.kind.value.replace("_", " ")
    return f"{negative.level.value}: {kind}" + (f" ({', '.join(parts)})" if parts else "")


def _shift(x: float, y: float) -> str:
    """A shift in shares of the frame's width and height."""
    return f"({x:+.0%}, {y:+.0%})"
