"""Evaluates a claim on a scene: true, false or unknown, with a margin."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.claim import PREDICATES, Axis, Claim, Names, Predicate
from schemas.interval import Interval
from schemas.scene import Scene
from stages.claims.annotated_things import loosened
from stages.claims.breaks import runs_over_break
from stages.claims.checked import UNKNOWN, Checked, MarginKind, TruthValue, false_by
from stages.claims.phrases import absence, contradiction, sole
from stages.claims.predicates import CHECKS
from stages.claims.scene_view import Case, SceneView
from stages.claims.thing import Thing

HIDDEN_SECONDS = 0.2
"""A thing is known for all of an interval if it is visible at every time of it but this much at either end."""
_IDENTITIES = (Predicate.SAME_OBJECT, Predicate.DIFFERENT_OBJECTS)
_ANY_TIME = (Predicate.EVENT_IN, Predicate.RETURNS)
"""Claims about something that may happen at any time of the clip: their phrases must be clear in all of it."""
_HARD_EDGE_SECONDS = 0.1  # an edge this near to an end of the clip counts as the end
_FIT_SECONDS = 0.02  # error of a fitted first or last visible moment
_EXACT_SECONDS = 1e-3  # an edge this near to a cut, or to a full second, counts as that


def check(claim: Claim, view: SceneView) -> Checked:
    """The verdict on a claim, with its intervals exactly as given.

    UNKNOWN if a phrase does not fit exactly one thing, or if the scene shows neither the claim nor its contrary.
    """
    return _evaluated(claim, view, claim.intervals)


def check_worded(
    claim: Claim, view: SceneView, *, edge_seconds: float, hidden_seconds: float = HIDDEN_SECONDS
) -> Checked:
    """The verdict on a claim whose intervals are given in words, which have no exact edges.

    The claim is checked with each edge moved by `edge_seconds` in both directions; UNKNOWN if the verdicts differ. An
    edge at an end of the clip is not moved outwards. An edge at a cut is not moved across it, unless the cut happens to
    be at a full second: "until three seconds in" does not refer to a cut.
    UNKNOWN too if a thing is not visible for all of an interval during all of which the claim describes it, but
    `hidden_seconds` at its ends.
    """
    plain = _evaluated(claim, view, claim.intervals)
    if plain.truth is TruthValue.UNKNOWN or not claim.intervals:
        return plain
    if _is_universal(claim, plain) and not _covered(claim, view, hidden_seconds):
        return UNKNOWN
    for intervals in _with_moved_edges(claim.intervals, view, edge_seconds):
        if intervals is None or _evaluated(claim, view, intervals).truth is not plain.truth:
            return UNKNOWN
    return plain


@dataclass(frozen=True)
class _Named:
    """What the phrase of a subject or object refers to."""

    thing: Thing | None
    """The one thing of the clip that the phrase fits; None without a phrase."""
    contradicts_track: bool = False
    """Whether the phrase gives another colour than that of the claim's track."""


def _evaluated(claim: Claim, view: SceneView, intervals: tuple[Interval, ...]) -> Checked:
    return UNKNOWN if runs_over_break(claim.predicate, intervals, view.scene) else _verdict(claim, view, intervals)


def _verdict(claim: Claim, view: SceneView, intervals: tuple[Interval, ...]) -> Checked:
    if PREDICATES[claim.predicate].names is not Names.THINGS:
        return CHECKS[claim.predicate](Case(view, claim, None, None, intervals))
    absent = _absent_phrases(claim)
    if absent:
        return false_by(max(absence(phrase, view) for phrase in absent), MarginKind.ABSENCE)
    by_identity = claim.predicate in _IDENTITIES
    # an identity claim names its subject by the first interval and its object by the second
    then = () if claim.predicate in _ANY_TIME else intervals
    at_first, at_second = (intervals[:1], intervals[1:2]) if by_identity else (then, then)
    subject = _named(claim.subject_tracks, claim.subject_phrases, view, at_first, by_identity=by_identity)
    if isinstance(subject, Checked):
        return subject
    object_ = _named(claim.object_tracks, claim.object_phrases, view, at_second, by_identity=by_identity)
    if isinstance(object_, Checked):
        return object_
    if subject.thing is not None and subject.thing is object_.thing and not by_identity:
        return UNKNOWN
    found = CHECKS[claim.predicate](Case(view, claim, subject.thing, object_.thing, intervals))
    things = [named.thing for named in (subject, object_) if named.thing is not None]
    checked = loosened(found, claim.model_copy(update={"intervals": intervals}), things, view)
    # the claim is about the tracks, but a reader goes by the phrases: if a phrase fits another thing, the answer counts
    # as false only if it is false of that thing too
    contradicts = subject.contradicts_track or object_.contradicts_track
    return UNKNOWN if contradicts and checked.truth is not TruthValue.FALSE else checked


def _named(
    tracks: Sequence[str], phrases: Sequence[str], view: SceneView, intervals: Sequence[Interval], *, by_identity: bool
) -> _Named | Checked:
    """What a phrase refers to, or the verdict on the claim if the phrase alone decides it."""
    if not phrases:
        return _Named(None)
    thing, phrase = view.thing(tracks[0]), phrases[0]
    if thing is None:
        return UNKNOWN
    fitting = sole(phrase, view, intervals, seen_then=by_identity)
    wrong_by = contradiction(phrase, thing)
    if wrong_by > 0 and fitting is None:
        return false_by(wrong_by if absence(phrase, view) > 0 else 0.0, MarginKind.COLOUR)
    if wrong_by == 0 and fitting is not thing:
        return UNKNOWN
    return _Named(fitting, contradicts_track=wrong_by > 0)


def _absent_phrases(claim: Claim) -> tuple[str, ...]:
    phrases = () if claim.subject_tracks else claim.subject_phrases
    return phrases if claim.object_tracks else phrases + claim.object_phrases


def _is_universal(claim: Claim, found: Checked) -> bool:
    """Whether the verdict describes the claim's subject at every moment of its intervals.

    That two boxes meet needs one moment, that they never do needs all.
    """
    meets = TruthValue.TRUE if claim.predicate is Predicate.OVERLAPS else TruthValue.FALSE
    if claim.predicate in (Predicate.OVERLAPS, Predicate.APART) and found.truth is meets:
        return False
    return bool(claim.subject_tracks) and claim.predicate not in (*_IDENTITIES, *_ANY_TIME)


def _covered(claim: Claim, view: SceneView, hidden_seconds: float) -> bool:
    """Whether every named thing is known for all of each interval."""
    things = [view.thing(track_id) for track_id in (*claim.subject_tracks, *claim.object_tracks)]
    return all(
        thing is not None and is_known(thing, interval, hidden_seconds)
        for thing in things
        for interval in claim.intervals
    )


def is_known(thing: Thing, interval: Interval, hidden_seconds: float = HIDDEN_SECONDS) -> bool:
    """Whether a thing is visible during all of an interval but `hidden_seconds` at its ends."""
    start, end = interval.start_seconds + hidden_seconds, interval.end_seconds - hidden_seconds
    if start >= end:
        return thing.seen_seconds(interval) >= interval.duration_seconds - _FIT_SECONDS
    inner = Interval(start_seconds=start, end_seconds=end)
    return thing.seen_seconds(inner) >= inner.duration_seconds - _FIT_SECONDS


def _with_moved_edges(
    intervals: tuple[Interval, ...], view: SceneView, edge_seconds: float
) -> Iterator[tuple[Interval, ...] | None]:
    """The intervals with their starts and ends moved in both directions; None if one of them becomes empty."""
    for start_by in (-edge_seconds, edge_seconds):
        for end_by in (-edge_seconds, edge_seconds):
            moved = [_moved(interval, start_by, end_by, view.scene) for interval in intervals]
            kept = tuple(interval for interval in moved if interval is not None)
            yield kept if len(kept) == len(moved) else None


def _moved(interval: Interval, start_by: float, end_by: float, scene: Scene) -> Interval | None:
    start, end = interval.start_seconds, interval.end_seconds
    # the edges of "about three seconds in" do not refer to a cut
    by_clock = _is_full_second((start + end) / 2 - scene.start_seconds)
    if not (start_by < 0 and _on_border(start, scene, by_clock=by_clock)):
        start += start_by
    if not (end_by > 0 and _on_border(end, scene, by_clock=by_clock)):
        end += end_by
    start, end = max(start, scene.start_seconds), min(end, scene.end_seconds)
    return Interval(start_seconds=start, end_seconds=end) if start < end else None


def _on_border(moment: float, scene: Scene, *, by_clock: bool) -> bool:
    if min(abs(moment - scene.start_seconds), abs(moment - scene.end_seconds)) <= _HARD_EDGE_SECONDS:
        return True
    if by_clock or _is_full_second(moment - scene.start_seconds):
        return False
    return any(abs(moment - cut.pts_seconds) <= _EXACT_SECONDS for cut in scene.cuts)


def _is_full_second(seconds: float) -> bool:
    return abs(seconds - round(seconds)) <= _EXACT_SECONDS


def gap_seconds(claim: Claim) -> float | None:
    """Seconds between the two intervals of a cross_frame claim, in either order; None if the claim has not two."""
    if PREDICATES[claim.predicate].axis is not Axis.CROSS_FRAME or len(claim.intervals) != 2:
        return None
    return -claim.intervals[0].overlap_seconds(claim.intervals[1])
