"""Whether things are the only ones of their kind: nothing else that may be one was seen there, however faintly."""

from collections.abc import Iterable, Sequence

import numpy as np

from schemas.box import Rectangle
from schemas.interval import Interval
from schemas.search import Candidate, SearchedFrame
from stages.claims.looked_at import frames_inside, frames_of, searches_for
from stages.claims.nouns import words_about
from stages.claims.scene_view import SceneView
from stages.claims.thing import SAME_MOMENT_SECONDS, Thing

_ANNOTATIONS = "annotations"
_SAME_BOX_IOU = 0.5  # a candidate without a track that overlaps a thing's box by this much is that thing


def are_all(things: Sequence[Thing], noun: str, view: SceneView, spans: Iterable[Interval], *, always: bool) -> bool:
    """Whether nothing of that kind but these things may be in view in the spans.

    A search must have looked at all of each span. Where annotations cover it, they decide; elsewhere no search for the
    noun, a narrower or a wider one may have seen another candidate, even a faint one. With `always`, each frame that
    was looked at must show each of the things.
    """
    return all(_are_all_in(things, noun, view, span, always=always) for span in spans)


def _are_all_in(things: Sequence[Thing], noun: str, view: SceneView, span: Interval, *, always: bool) -> bool:
    covering = [search for search in searches_for(noun, view.scene) if frames_of(search, span) is not None]
    words = words_about(noun)
    related = [search for search in view.scene.searched if search.noun in words]
    deciding = [search for search in covering if search.source == _ANNOTATIONS] or related
    if not covering or any(
        _shows_another(frame, things) for search in deciding for frame in frames_inside(search, span)
    ):
        return False
    return not always or any(
        all(_shows_each(frame, things) for frame in frames_inside(search, span)) for search in covering
    )


def _shows_another(frame: SearchedFrame, things: Sequence[Thing]) -> bool:
    return any(not any(_is_of(c, thing, frame.pts_seconds) for thing in things) for c in frame.candidates)


def _shows_each(frame: SearchedFrame, things: Sequence[Thing]) -> bool:
    return all(any(_is_of(c, thing, frame.pts_seconds) for c in frame.candidates) for thing in things)


def _is_of(candidate: Candidate, thing: Thing, pts_seconds: float) -> bool:
    """Whether a candidate is that thing: by its track, or, without one, by its place."""
    if candidate.track_id is not None:
        return any(track.track_id == candidate.track_id for track in thing.tracks)
    (then,) = np.nonzero(np.abs(thing.path.times_T - pts_seconds) <= SAME_MOMENT_SECONDS)
    if not len(then):
        return False
    x0, y0, x1, y1 = thing.path.boxes_T4[then[0]].tolist()
    return Rectangle(x0=x0, y0=y0, x1=x1, y1=y1).iou(candidate) >= _SAME_BOX_IOU
