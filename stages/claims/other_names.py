"""Annotated things that may be one: people give a thing a new name after a cut, if they are not sure that it is it."""

from schemas.scene import ANNOTATIONS
from stages.claims.nouns import is_one
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
    """Whether two things that are not seen together may be one, or be together under other names."""
    names_a, names_b = (a, *others_perhaps(a, view)), (b, *others_perhaps(b, view))
    return any(one is other or _share(one, other) for one in names_a for other in names_b)


def _share(a: Thing, b: Thing) -> bool:
    return any(min(e, f) > max(s, t) for s, e in a.visible for t, f in b.visible)


def unseen_seconds(thing: Thing, view: SceneView) -> float:
    """For how many seconds more it is in view, if all things that may be the same one are."""
    return sum(other.seen_seconds(view.whole_clip) for other in others_perhaps(thing, view))


def _is_annotated(thing: Thing) -> bool:
    return any(track.source == ANNOTATIONS for track in thing.tracks)
