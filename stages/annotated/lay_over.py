"""The Scene of a clip that pixels show, with what a manifest's annotations say laid over it."""

from collections.abc import Collection, Sequence

import numpy as np

from schemas.annotations import Annotations
from schemas.box import PathPoint
from schemas.scene import OBJECT, Scene, Track
from stages.annotated.happenings import happenings_in
from stages.annotated.picture import agreed
from stages.annotated.searches import searches_of
from stages.annotated.things import KnownThing, crossings, things_in
from stages.annotated.times import times_of
from stages.annotated.writing import lines_of
from stages.payloads import DecodedClip

_PART_SHARE = 0.6
"""A moving region with this share of it inside the box of a thing that moves is that thing, or a part of it."""
_SAME_MOMENT_SECONDS = 1e-6


def lay_over(scene: Scene, clip: DecodedClip, annotations: Annotations) -> Scene:
    """The scene with named tracks, searches, named events and writing by the annotations.

    A moving region inside a named thing that moves has a name now: its own track goes. Regions and named things may
    overlap in other ways, so if anything named may move, no stretch is left in which every moving thing has one track.
    """
    times = times_of(clip, scene, annotations)
    things = things_in(annotations, times)
    named = [thing.track for thing in things if thing.track is not None]
    happenings = happenings_in(annotations, things, times)
    gone = {track.track_id for track in scene.tracks if track.label == OBJECT and _has_a_name(track, things)}
    kept = _without(agreed(scene, annotations, times), gone)
    some_move = any(thing.moves for thing in things)
    return kept.model_copy(
        update={
            "tracked": () if some_move else kept.tracked,
            "tracks": (*kept.tracks, *named, *lines_of(annotations, times)),
            "searched": (*kept.searched, *searches_of(annotations, things, times)),
            "events": tuple(
                sorted(
                    (*kept.events, *crossings(things, times), *happenings.events),
                    key=lambda event: (event.pts_seconds, event.event_id),
                )
            ),
            "events_complete": happenings.complete,
            "ordered": happenings.ordered,
        }
    )


def _without(scene: Scene, gone: Collection[str]) -> Scene:
    """The scene without some tracks."""
    return scene.model_copy(
        update={
            "tracks": tuple(track for track in scene.tracks if track.track_id not in gone),
            "links": tuple(link for link in scene.links if not {link.track_a, link.track_b} & set(gone)),
            "events": tuple(event for event in scene.events if not set(event.track_ids) & set(gone)),
        }
    )


def _has_a_name(region: Track, things: Sequence[KnownThing]) -> bool:
    """Whether a moving region lies inside one named thing that moves, whenever both are seen."""
    for thing in things:
        if thing.track is None or not thing.moves:
            continue
        shares = _shares_inside(region.path, thing.track.path)
        if shares and float(np.mean(shares)) >= _PART_SHARE:
            return True
    return False


def _shares_inside(region: Sequence[PathPoint], named: Sequence[PathPoint]) -> list[float]:
    """The share of the region's box that is inside the thing's box, at each moment at which both are known."""
    places = {round(point.pts_seconds / _SAME_MOMENT_SECONDS): point for point in named}
    both = ((point, places.get(round(point.pts_seconds / _SAME_MOMENT_SECONDS))) for point in region)
    return [point.shared_area(other) / point.area for point, other in both if other is not None]
