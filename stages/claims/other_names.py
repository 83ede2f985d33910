"""Annotated things that may be one: people give a thing a new name after a cut, if they are not sure that it is it."""

from itertools import pairwise

from schemas.interval import Interval
from schemas.scene import ANNOTATIONS
from stages.claims.looked_at import frames_of, searches_for
from stages.claims.nouns import is_one, lives
from stages.claims.scene_view import SceneView
from stages.claims.thing import Thing


def others_perhaps(thing: Thing, view: SceneView) -> tuple[Thing, ...]:
    """The annotated things that may be the same one: of its kind, and never in view together with it."""
    return tuple(
        other
        for other in view.things
        if other is not thing
        and _is_annotated(other)
        and _are_akin(thing, other)
        and view.parting(thing, other) is None
    )


def _are_akin(a: Thing, b: Thing) -> bool:
    labels = [(one.label, other.label) for one in a.tracks for other in b.tracks]
    return any(is_one(one, other) or is_one(other, one) for one, other in labels)


def may_meet(a: Thing, b: Thing, view: SceneView) -> bool:
    """Whether two things that are not seen together may be one, or be together under other names or unlisted."""
    names_a, names_b = (a, *others_perhaps(a, view)), (b, *others_perhaps(b, view))
    if any(one is other or _share(one, other) for one in names_a for other in names_b):
        return True
    return _may_be_unlisted(a, b, view) or _may_be_unlisted(b, a, view)


def _may_be_unlisted(thing: Thing, other: Thing, view: SceneView) -> bool:
    """Whether the thing may be in view, unlisted, in a shot that shows the other one."""
    return any(other.is_seen(shot) for shot in unlisted_shots(thing, view))


def unlisted_shots(thing: Thing, view: SceneView) -> list[Interval]:
    """The shots for which the thing is not listed, and of which nobody said that they show no such thing.

    People list the main things of each shot: a shoe that one shot shows alone is on a foot in the next. They leave out
    nobody who lives.
    """
    if lives(thing.noun):
        return []
    starts = (view.scene.start_seconds, *view.scene.shot_starts, view.scene.end_seconds)
    shots = [Interval(start_seconds=start, end_seconds=end) for start, end in pairwise(starts) if start < end]
    return [shot for shot in shots if not thing.is_seen(shot) and not _is_absent(thing, shot, view)]


def _is_absent(thing: Thing, interval: Interval, view: SceneView) -> bool:
    """Whether annotations say that nothing of its kind is in view in the interval."""
    searches = [s for s in searches_for(thing.noun or "", view.scene) if s.source == ANNOTATIONS]
    frames = [frames_of(search, interval) for search in searches]
    return any(seen is not None and not any(frame.candidates for frame in seen) for seen in frames)


def _share(a: Thing, b: Thing) -> bool:
    return any(min(e, f) > max(s, t) for s, e in a.visible for t, f in b.visible)


def unseen_seconds(thing: Thing, view: SceneView) -> float:
    """For how many seconds more it may be in view: under other names, or unlisted in other shots."""
    renamed = sum(other.seen_seconds(view.whole_clip) for other in others_perhaps(thing, view))
    return renamed + sum(shot.duration_seconds for shot in unlisted_shots(thing, view))


def _is_annotated(thing: Thing) -> bool:
    return any(track.source == ANNOTATIONS for track in thing.tracks)
