"""A scene prepared for the checker: its things with their boxes as arrays, and its measures as arrays."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from schemas.claim import Claim
from schemas.colour import ColourName, Hue
from schemas.interval import Interval
from schemas.scene import ANNOTATIONS, MEASURE_SECONDS, PlaceDistance, Scene
from stages.claims.lines import WrittenLine, certain_lines
from stages.claims.thing import Floats, Stretches, Thing, merged, things_of

_Made = TypeVar("_Made")
WITH_SECONDS = 0.25
"""Events at most this far apart happen "at the same time"; things visible together for this long are seen together."""
LEAST_MEASURED = 0.9
"""Least share of an interval that measures must cover before they prove anything about it."""


class SceneView:
    """A scene prepared for the checker. Building it takes longer than one check: build it once per scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.things = things_of(scene)
        self._by_track = {track.track_id: thing for thing in self.things for track in thing.tracks}
        self._hues = {hue.name: hue for hue in scene.hues}
        self._places = {(place.shot_a, place.shot_b): place for place in scene.places}
        self._remembered: dict[Hashable, Any] = {}
        self.tracked: Stretches = merged(tuple((s.start_seconds, s.end_seconds) for s in scene.tracked))

    def remembered(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """What `make` returns, which is made once for each key."""
        if key not in self._remembered:
            self._remembered[key] = make()
        made: _Made = self._remembered[key]
        return made

    @cached_property
    def whole_clip(self) -> Interval:
        """The interval of the whole clip."""
        return Interval(start_seconds=self.scene.start_seconds, end_seconds=self.scene.end_seconds)

    @cached_property
    def measure_starts_M(self) -> Floats:
        """Start of each analysis second."""
        return np.array([measure.pts_seconds for measure in self.scene.measures], dtype=np.float64)

    @cached_property
    def lumas_M(self) -> Floats:
        """Brightness of each analysis second, 0..1."""
        return np.array([measure.luma for measure in self.scene.measures], dtype=np.float64)

    @cached_property
    def motions_M3(self) -> Floats:
        """Motion of each analysis second in the left, centre and right third."""
        rows = [(m.motion_left, m.motion_centre, m.motion_right) for m in self.scene.measures]
        return np.array(rows, dtype=np.float64).reshape(-1, 3)

    @cached_property
    def camera_M3(self) -> Floats:
        """Background shift in x, in y, and log scale of each analysis second; NaN if unknown."""
        rows = [
            (
                np.nan if m.shift_x is None else m.shift_x,
                np.nan if m.shift_y is None else m.shift_y,
                np.nan if m.scale is None else np.log(m.scale),
            )
            for m in self.scene.measures
        ]
        return np.array(rows, dtype=np.float64).reshape(-1, 3)

    @cached_property
    def measure_ends_M(self) -> Floats:
        """End of each analysis second. The last one of a clip (the first one of a reversed clip) may be shorter."""
        following = np.append(self.measure_starts_M[1:], self.scene.end_seconds)
        return np.asarray(np.minimum(self.measure_starts_M + MEASURE_SECONDS, following))

    def seconds_M(self, interval: Interval) -> Floats:
        """How many seconds of each analysis second lie in the interval: its weight in a mean over the interval."""
        starts_M, ends_M = self.measure_starts_M, self.measure_ends_M
        inside_M = np.minimum(ends_M, interval.end_seconds) - np.maximum(starts_M, interval.start_seconds)
        return np.asarray(np.clip(inside_M, 0.0, None))

    def shares_M(self, interval: Interval) -> Floats:
        """The share of each analysis second that lies in the interval, 0..1."""
        return np.asarray(self.seconds_M(interval) / np.maximum(self.measure_ends_M - self.measure_starts_M, 1e-9))

    def is_measured(self, interval: Interval) -> bool:
        """Whether measures cover at least nine tenths of the interval."""
        return float(self.seconds_M(interval).sum()) >= LEAST_MEASURED * interval.duration_seconds

    def shots(self, interval: Interval) -> range:
        """Numbers of the shots that the interval overlaps."""
        first = sum(cut.pts_seconds <= interval.start_seconds for cut in self.scene.cuts)
        last = sum(cut.pts_seconds < interval.end_seconds for cut in self.scene.cuts)
        return range(first, last + 1)

    def place_distance(self, shot_a: int, shot_b: int) -> PlaceDistance | None:
        """How different two shots look, in either order; None if that was not measured."""
        return self._places.get((min(shot_a, shot_b), max(shot_a, shot_b)))

    @cached_property
    def nouns(self) -> frozenset[str]:
        """The kinds of things that were searched for, and those that were found."""
        found = {thing.noun for thing in self.things if thing.noun is not None}
        return frozenset(found | {search.noun for search in self.scene.searched})

    @cached_property
    def lines(self) -> tuple[WrittenLine, ...]:
        """The lines of writing whose spelling is certain."""
        return certain_lines(self.scene)

    @cached_property
    def movers(self) -> tuple[Thing, ...]:
        """The things that move at some time of the clip, without faces, writing and what was described by people.

        These lie on things that have tracks of their own.
        """
        return tuple(thing for thing in self._tracked_things if thing.moves)

    @cached_property
    def _tracked_things(self) -> tuple[Thing, ...]:
        described = {track.track_id for track in self.scene.tracks if track.source == ANNOTATIONS}
        return tuple(
            thing
            for thing in self.things
            if not thing.is_overlaid and not described.issuperset(track.track_id for track in thing.tracks)
        )

    @cached_property
    def perhaps_movers(self) -> tuple[Thing, ...]:
        """Things that stand still whenever they are visible, but may be one object with a thing that moves."""
        still = (thing for thing in self._tracked_things if not thing.moves)
        return tuple(thing for thing in still if any(self.parting(thing, mover) is None for mover in self.movers))

    def parting(self, a: Thing, b: Thing) -> float | None:
        """How certain it is that a and b are two objects, 0..1; None if it is not known.

        Known by a link that says so, or because both are visible together for longer than a tracking error lasts.
        """
        ids_a, ids_b = ({track.track_id for track in thing.tracks} for thing in (a, b))
        links = [link for link in self.scene.links if not link.same]
        scores = [link.score for link in links if link.track_a in ids_a and link.track_b in ids_b]
        scores += [link.score for link in links if link.track_a in ids_b and link.track_b in ids_a]
        together = sum(max(0.0, min(e, f) - max(s, t)) for s, e in a.visible for t, f in b.visible)
        if together >= WITH_SECONDS:
            scores.append(min(a.score, b.score))
        return max(scores, default=None)

    def thing(self, track_id: str) -> Thing | None:
        """The thing that a track belongs to; None if the scene has no such track."""
        return self._by_track.get(track_id)

    def hue(self, name: ColourName) -> Hue | None:
        """How much of a colour the clip shows; None if that was not measured."""
        return self._hues.get(name)

    @cached_property
    def annotated_moments(self) -> dict[str, list[float]] | None:
        """For each annotated track the looked-at moments at which it may be in view; None for a single frame."""
        searches = [search for search in self.scene.searched if search.source == ANNOTATIONS]
        if not any(len(search.frames) > 1 for search in searches):
            return None
        found: dict[str, list[float]] = {}
        for frame in (frame for search in searches for frame in search.frames):
            for candidate in frame.candidates:
                if candidate.track_id is not None:
                    found.setdefault(candidate.track_id, []).append(frame.pts_seconds)
        return found

    def is_tracked(self, start_seconds: float, end_seconds: float) -> bool:
        """Whether every thing that moves has a track during all of [start, end)."""
        return any(start <= start_seconds + 1e-6 and end_seconds - 1e-6 <= end for start, end in self.tracked)


@dataclass(frozen=True)
class Case:
    """A claim with the things that its phrases name."""

    view: SceneView
    claim: Claim
    a: Thing | None
    """The subject; None if the claim has none."""
    b: Thing | None
    """The object; None if the claim has none."""
    intervals: tuple[Interval, ...]
    """The claim's intervals, with the edges at which they are evaluated."""

    @property
    def subject(self) -> Thing:
        """The subject. ValueError if the claim has none."""
        if self.a is None:
            raise ValueError(f"{self.claim.predicate} has no subject here")
        return self.a

    @property
    def object(self) -> Thing:
        """The object. ValueError if the claim has none."""
        if self.b is None:
            raise ValueError(f"{self.claim.predicate} has no object here")
        return self.b

    @property
    def noun(self) -> str:
        """The kind of thing that the claim names. ValueError if it names none."""
        if self.claim.noun is None:
            raise ValueError(f"{self.claim.predicate} has no noun here")
        return self.claim.noun

    @property
    def interval(self) -> Interval:
        """The only or first interval."""
        return self.intervals[0]

    @property
    def value(self) -> str:
        """The value. ValueError if the claim has none."""
        if self.claim.value is None:
            raise ValueError(f"{self.claim.predicate} has no value here")
        return self.claim.value
