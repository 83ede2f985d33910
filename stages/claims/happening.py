"""Predicates about named events: when one happens, and which of two happens first.

Events are named by people, whose times are off by up to 0.2 s: margins are as measured, less that much.
"""

import re

from schemas.interval import Interval
from schemas.scene import Event, EventKind, Scene
from stages.claims.annotated_things import less_time_error
from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, true_by
from stages.claims.scene_view import Case

_END_SECONDS = 0.3  # an interval that begins or ends this near to an end of the clip reaches to it
_WORD = re.compile(r"\w+")
_ONE_OCCASION = re.compile(r"\bfor the (first|second|third|last|only) time\b", re.IGNORECASE)


def happens_in(case: Case) -> Checked:
    """The event lies in I; false if it lies wholly outside.

    An event may happen again without being named: it is false only if every event of the clip is known, or if the
    phrase names one occasion ("for the first time").
    """
    event = _event(case.claim.subject_phrases[0], case.view.scene)
    if event is None:
        return UNKNOWN
    inside = _inside(event, case.interval, case.view.whole_clip)
    if inside > 0:
        return less_time_error(true_by(inside, MarginKind.EVENT))
    outside = max(case.interval.start_seconds - event.end_seconds, event.start_seconds - case.interval.end_seconds)
    known = case.view.scene.events_complete or _ONE_OCCASION.search(event.phrase or "")
    return less_time_error(false_by(outside, MarginKind.EVENT)) if known else UNKNOWN


def happens_before(case: Case) -> Checked:
    """The first event ends before the second one starts; false if the second ends before the first starts.

    If the annotations say which comes first, the two may touch: then both start and end count, and not the gap.
    """
    scene = case.view.scene
    a, b = (_event(phrase, scene) for phrase in (case.claim.subject_phrases[0], case.claim.object_phrases[0]))
    if a is None or b is None or a is b:
        return UNKNOWN
    lead = _lead(a, b, scene)
    if lead == 0:
        lead = -_lead(b, a, scene)
    return less_time_error(by_sign(lead, MarginKind.ORDER))


def _lead(a: Event, b: Event, scene: Scene) -> float:
    """Seconds by which a certainly comes before b; 0 if that is not certain."""
    gap = b.start_seconds - a.end_seconds
    if any(pair.before == a.event_id and pair.after == b.event_id for pair in scene.ordered):
        gap = max(gap, min(b.start_seconds - a.start_seconds, b.end_seconds - a.end_seconds))
    return max(0.0, gap)


def _inside(event: Event, interval: Interval, clip: Interval) -> float:
    """Seconds from the event to the nearer end of the interval, negative if it reaches over one.

    An end of the interval that is an end of the clip is no limit: no event reaches over that.
    """
    from_start = event.start_seconds - interval.start_seconds
    if interval.start_seconds <= clip.start_seconds + _END_SECONDS:
        from_start = clip.duration_seconds
    from_end = interval.end_seconds - event.end_seconds
    if interval.end_seconds >= clip.end_seconds - _END_SECONDS:
        from_end = clip.duration_seconds
    return min(from_start, from_end)


def _event(phrase: str, scene: Scene) -> Event | None:
    """The named event with that phrase; None if there is none, or if the phrase may also mean another.

    "The hand goes out of the picture" fits "the hand goes out of the picture again", too.
    """
    words = set(_WORD.findall(phrase.casefold()))
    named = [event for event in scene.events if event.kind is EventKind.NAMED and event.phrase is not None]
    fitting = [event for event in named if words <= set(_WORD.findall((event.phrase or "").casefold()))]
    exact = [event for event in fitting if (event.phrase or "").casefold() == phrase.casefold()]
    return exact[0] if len(fitting) == 1 and exact else None
