"""Things: what a phrase names. A thing is one track, or several that identity links join to one object."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from schemas.colour import Colour
from schemas.interval import Interval
from schemas.scene import FACE, OBJECT, WRITING, EventKind, Scene, Track

Floats = NDArray[np.float64]
Stretches = tuple[tuple[float, float], ...]

SAME_MOMENT_SECONDS = 1e-6
"""Container times that differ by less belong to one frame."""


@dataclass(frozen=True, eq=False)
class BoxPath:
    """The boxes of one thing in order of time: times_T in seconds, boxes_T4 as xyxy in 0..1."""

    times_T: Floats
    boxes_T4: Floats

    def __len__(self) -> int:
        return len(self.times_T)

    def inside(self, interval: Interval) -> "BoxPath":
        """The part of the path at times in [start, end)."""
        ends = np.array((interval.start_seconds, interval.end_seconds)) - SAME_MOMENT_SECONDS
        first, last = np.searchsorted(self.times_T, ends)
        return BoxPath(self.times_T[first:last], self.boxes_T4[first:last])

    @property
    def centres_T2(self) -> Floats:
        """(x, y) of each box's centre."""
        return (self.boxes_T4[:, :2] + self.boxes_T4[:, 2:]) / 2

    @property
    def sides_T2(self) -> Floats:
        """Width and height of each box."""
        return np.asarray(self.boxes_T4[:, 2:] - self.boxes_T4[:, :2])

    @property
    def areas_T(self) -> Floats:
        """Share of the frame that each box covers."""
        return np.asarray(np.prod(self.sides_T2, axis=1))

    @property
    def span_seconds(self) -> float:
        """Seconds from the first to the last box; 0 without boxes."""
        return float(self.times_T[-1] - self.times_T[0]) if len(self) else 0.0


@dataclass(frozen=True, eq=False)
class Thing:
    """One object of the clip."""

    tracks: tuple[Track, ...]
    """Its tracks, in order of first appearance."""
    consistent: bool
    """False if links say of two of its tracks both that they are one object and that they are two."""
    link_score: float
    """Least score of the links that join its tracks; 1 for a single track."""
    path: BoxPath
    """Its box at every time at which it is visible."""
    visible: Stretches
    """When it is visible: (start, end) seconds, disjoint and in order."""
    event_seconds: dict[EventKind, tuple[float, ...]]
    """The moments of its events, by kind."""

    @property
    def is_face(self) -> bool:
        """Whether it is a face. Faces may be missed, so that a face without detection is not known to be absent."""
        return any(track.label == FACE for track in self.tracks)

    @property
    def is_overlaid(self) -> bool:
        """Whether it is a face or writing: these lie on things that have tracks of their own."""
        return any(track.label in (FACE, WRITING) for track in self.tracks)

    @cached_property
    def noun(self) -> str | None:
        """What kind of thing it is; None if no track of it says so, or two say different nouns."""
        nouns = {track.label for track in self.tracks if track.label != OBJECT}
        return nouns.pop() if len(nouns) == 1 else None

    @cached_property
    def phrase(self) -> str | None:
        """The phrase, in lower case, by which an annotation names it alone in the clip; None if there is none."""
        phrases = {track.phrase.casefold() for track in self.tracks if track.phrase is not None}
        return phrases.pop() if len(phrases) == 1 else None

    @property
    def moves(self) -> bool:
        """Whether it moves at some time of the clip."""
        return any(track.moves for track in self.tracks)

    @property
    def score(self) -> float:
        """The detector's confidence in its least certain track, 0..1."""
        return min(track.score for track in self.tracks)

    @property
    def colour(self) -> Colour | None:
        """Its colour, with the least margin of its tracks; None if they do not all have the same colour name."""
        colours = [track.colour for track in self.tracks if track.colour is not None]
        if len(colours) < len(self.tracks) or len({colour.name for colour in colours}) != 1:
            return None
        return min(colours, key=lambda colour: colour.margin)

    @property
    def may_be_several(self) -> bool:
        """Whether it may be more than one thing: a track of it has neither a name nor one clear colour.

        Two things that touch and travel alike look as the shirt and the trousers of one person do.
        """
        return any(track.label == OBJECT and track.colour is None for track in self.tracks)

    def seen_seconds(self, interval: Interval) -> float:
        """Seconds of the interval during which it is visible."""
        start, end = interval.start_seconds, interval.end_seconds
        return sum(max(0.0, min(end, last) - max(start, first)) for first, last in self.visible)

    def is_seen(self, interval: Interval) -> bool:
        """Whether it is visible at some time in the interval."""
        return self.seen_seconds(interval) > 0


def merged(stretches: Stretches) -> Stretches:
    """The union of intervals as disjoint intervals, in order; gaps as short as a rounding error are closed."""
    union: list[tuple[float, float]] = []
    for start, end in sorted(stretches):
        if union and start <= union[-1][1] + SAME_MOMENT_SECONDS:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return tuple(union)


def shared_boxes(a: BoxPath, b: BoxPath) -> tuple[BoxPath, BoxPath]:
    """Both things' boxes at the times at which both are visible."""
    ticks_a = np.round(a.times_T / SAME_MOMENT_SECONDS).astype(np.int64)
    ticks_b = np.round(b.times_T / SAME_MOMENT_SECONDS).astype(np.int64)
    _, in_a, in_b = np.intersect1d(ticks_a, ticks_b, assume_unique=True, return_indices=True)
    return BoxPath(a.times_T[in_a], a.boxes_T4[in_a]), BoxPath(b.times_T[in_b], b.boxes_T4[in_b])


def shared_areas_T(a: BoxPath, b: BoxPath) -> Floats:
    """Share of the frame that both boxes cover, at each time of two paths with the same times."""
    starts_T2 = np.maximum(a.boxes_T4[:, :2], b.boxes_T4[:, :2])
    ends_T2 = np.minimum(a.boxes_T4[:, 2:], b.boxes_T4[:, 2:])
    return np.asarray(np.prod(np.clip(ends_T2 - starts_T2, 0.0, None), axis=1))


def overlaps_T(a: BoxPath, b: BoxPath) -> Floats:
    """Intersection over union at each time of two paths with the same times, 0..1."""
    shared_T = shared_areas_T(a, b)
    return np.asarray(shared_T / (a.areas_T + b.areas_T - shared_T))


def _path_of(tracks: tuple[Track, ...]) -> BoxPath:
    rows = []
    for track in tracks:
        # path points outside `visible` do not count: a box may be kept while the thing is covered
        rows += [
            (point.pts_seconds, point.x0, point.y0, point.x1, point.y1)
            for point in track.path
            if any(
                stretch.start_seconds - SAME_MOMENT_SECONDS
                <= point.pts_seconds
                <= stretch.end_seconds + SAME_MOMENT_SECONDS
                for stretch in track.visible
            )
        ]
    table = np.array(sorted(rows), dtype=np.float64).reshape(-1, 5)
    if len(table):
        table = table[np.concatenate(([True], np.diff(table[:, 0]) > SAME_MOMENT_SECONDS))]
    return BoxPath(table[:, 0], table[:, 1:])


def _thing(scene: Scene, tracks: tuple[Track, ...]) -> Thing:
    ids = {track.track_id for track in tracks}
    links = [link for link in scene.links if {link.track_a, link.track_b} <= ids]
    events: dict[EventKind, tuple[float, ...]] = {}
    for event in scene.events:
        if ids & set(event.track_ids):
            events[event.kind] = (*events.get(event.kind, ()), event.pts_seconds)
    visible = tuple((s.start_seconds, s.end_seconds) for track in tracks for s in track.visible)
    return Thing(
        tracks=tracks,
        consistent=all(link.same for link in links),
        link_score=min((link.score for link in links if link.same), default=1.0),
        path=_path_of(tracks),
        visible=merged(visible),
        event_seconds=events,
    )


def things_of(scene: Scene) -> tuple[Thing, ...]:
    """The things of a scene: its tracks, joined where links say that they are the same object."""
    leader = {track.track_id: track.track_id for track in scene.tracks}
    for link in scene.links:
        if link.same:
            kept, gone = leader[link.track_a], leader[link.track_b]
            leader = {track_id: kept if head == gone else head for track_id, head in leader.items()}
    chains: dict[str, list[Track]] = {}
    for track in scene.tracks:
        chains.setdefault(leader[track.track_id], []).append(track)
    return tuple(
        _thing(scene, tuple(sorted(chain, key=lambda track: track.first_seconds))) for chain in chains.values()
    )
