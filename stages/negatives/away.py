"""How long before or after a stretch the things that a claim names are in view.

A thing that goes by a name is known to be away only where nothing of its kind is in view: what is found of the kind in
another shot may be the same thing, though nothing links the two.
"""

from schemas.claim import Claim, Predicate
from schemas.interval import Interval
from stages.claims.annotated_things import is_annotated
from stages.claims.checked import TruthValue
from stages.claims.checker import check
from stages.claims.phrases import meaning_of
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing


def away_seconds(claim: Claim, interval: Interval, view: SceneView, around_seconds: float) -> float | None:
    """The seconds between the interval and the nearest sight of the thing of the claim that is farthest from it; at
    most 0 if all are seen in it; None if one of them may be there unseen.

    `around_seconds`: nothing of a thing's kind may be in view so long before and after the interval.
    """
    if not view.is_tracked(interval.start_seconds, interval.end_seconds):
        return None
    gaps = [0.0]
    for track_id, phrase in (
        *zip(claim.subject_tracks, claim.subject_phrases, strict=False),
        *zip(claim.object_tracks, claim.object_phrases, strict=False),
    ):
        thing = view.thing(track_id)
        if thing is None or thing.is_face:
            continue
        gap = min(max(start - interval.end_seconds, interval.start_seconds - end) for start, end in thing.visible)
        if gap > 0 and not _may_be_seen(thing, phrase, _widened(interval, around_seconds, view), view):
            gaps.append(gap)
    return max(gaps)


def _may_be_seen(thing: Thing, phrase: str, interval: Interval, view: SceneView) -> bool:
    """Whether something that may be the thing is in view in an interval in which none of its tracks is."""
    noun = meaning_of(phrase).kind
    if noun not in view.nouns or is_annotated(thing):
        return False  # the colour that names it is nowhere else, or people have said when it is in view
    absent = Claim(predicate=Predicate.PRESENT, noun=noun, intervals=(interval,))
    return check(absent, view).truth is not TruthValue.FALSE


def _widened(interval: Interval, seconds: float, view: SceneView) -> Interval:
    clip = view.whole_clip
    return Interval(
        start_seconds=max(clip.start_seconds, interval.start_seconds - seconds),
        end_seconds=min(clip.end_seconds, interval.end_seconds + seconds),
    )
