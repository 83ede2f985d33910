"""Predicates about named events: when one happens, and which of two happens first."""

from schemas.scene import Event, EventKind, Scene
from stages.claims.checked import UNKNOWN, Checked, MarginKind, by_sign, false_by, true_by
from stages.claims.scene_view import Case


def happens_in(case: Case) -> Checked:
    """The event lies in I; false if it lies wholly outside, and every event of the clip is known."""
    event = _event(case.claim.subject_phrases[0], case.view.scene)
    if event is None:
        return UNKNOWN
    inside = min(event.start_seconds - case.interval.start_seconds, case.interval.end_seconds - event.end_seconds)
    if inside > 0:
        return true_by(inside, MarginKind.EVENT)
    outside = max(case.interval.start_seconds - event.end_seconds, event.start_seconds - case.interval.end_seconds)
    return false_by(outside, MarginKind.EVENT) if case.view.scene.events_complete else UNKNOWN


def happens_before(case: Case) -> Checked:
    """The first event ends before the second one starts; false if the second ends before the first starts."""
    scene = case.view.scene
    first, second = (_event(phrase, scene) for phrase in (case.claim.subject_phrases[0], case.claim.object_phrases[0]))
    if first is None or second is None:
        return UNKNOWN
    gap = second.start_seconds - first.end_seconds
    if gap <= 0:
        gap = min(0.0, second.end_seconds - first.start_seconds)
    return by_sign(gap, MarginKind.ORDER)


def _event(phrase: str, scene: Scene) -> Event | None:
    """The only named event with that phrase; None if there is none, or several."""
    found = [e for e in scene.events if e.kind is EventKind.NAMED and (e.phrase or "").casefold() == phrase.casefold()]
    return found[0] if len(found) == 1 else None
