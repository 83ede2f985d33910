"""A scene as the checker reads it: things with their places as arrays, and the measures; built once per scene."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from schemas.claim import Claim
from schemas.colour import ColourName, Hue
from schemas.interval import Interval
from schemas.scene import MEASURE_SECONDS, PlaceDistance, Scene
from stages.claims.thing import Floats, Stretches, Thing, merged, things_of

WITH_SECONDS = 0.25
"""Two events no further apart than this happen at the same time; things that share this long are seen together."""
LEAST_MEASURED = 0.9
"""Share of an interval that measures must cover before anything is said of it."""


class SceneView:
    """Access to a scene by noun."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.things = things_of(scene)
        self._by_track = {track.track_id: thing for thing in self.things for track in thing.tracks}
        self._hues = {hue.name: hue for hue in scene.hues}
        self._places = {(place.shot_a, place.shot_b): place for place in scene.places}
        self.tracked: Stretches = merged(tuple((s.start_seconds, s.end_seconds) for s in scene.tracked))

    @cached_property
    def whole_clip(self) -> Interval:
        """The whole clip."""
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
        """Background shift in x, in y, and log scale of each analysis second; NaN where it cannot be told."""
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
        """End of each analysis second; the last one of a clip, or the first one of a reversed clip, may be short."""
        following = np.append(self.measure_starts_M[1:], self.scene.end_seconds)
        return np.asarray(np.minimum(self.measure_starts_M + MEASURE_SECONDS, following))

    def seconds_M(self, interval: Interval) -> Floats:
        """How many seconds of each analysis second lie in the interval: what it weighs in a mean over the interval."""
        starts_M, ends_M = self.measure_starts_M, self.measure_ends_M
        inside_M = np.minimum(ends_M, interval.end_seconds) - np.maximum(starts_M, interval.start_seconds)
        return np.asarray(np.clip(inside_M, 0.0, None))

    def shares_M(self, interval: Interval) -> Floats:
        """Which share of each analysis second lies in the interval, 0..1."""
        return np.asarray(self.seconds_M(interval) / np.maximum(self.measure_ends_M - self.measure_starts_M, 1e-9))

    def is_measured(self, interval: Interval) -> bool:
        """Whether measures cover the interval, all but a tenth."""
        return float(self.seconds_M(interval).sum()) >= LEAST_MEASURED * interval.duration_seconds

    def shots(self, interval: Interval) -> range:
        """Numbers of the shots that an interval shows something of."""
        first = sum(cut.pts_seconds <= interval.start_seconds for cut in self.scene.cuts)
        last = sum(cut.pts_seconds < interval.end_seconds for cut in self.scene.cuts)
        return range(first, last + 1)

    def place_distance(self, shot_a: int, shot_b: int) -> PlaceDistance | None:
        """How unlike two shots are, in either order; None where that was not measured."""
        return self._places.get((min(shot_a, shot_b), max(shot_a, shot_b)))

    @cached_property
    def movers(self) -> tuple[Thing, ...]:
        """The things that move at some time of the clip; faces apart."""
        return tuple(thing for thing in self.things if thing.moves and not thing.is_face)

    @cached_property
    def perhaps_movers(self) -> tuple[Thing, ...]:
        """Things that stand still wherever they are seen, but may be one with a thing that moves elsewhere."""
        still = (thing for thing in self.things if not thing.moves and not thing.is_face)
        return tuple(thing for thing in still if any(self.parting(thing, mover) is None for mover in self.movers))

    def parting(self, a: Thing, b: Thing) -> float | None:
        """How clearly a and b are two: by a link that says so, or because they are seen together for long enough to be
        no slip of the tracker; None where neither.
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
        """The thing that a track is of; None where the scene has no such track."""
        return self._by_track.get(track_id)

    def hue(self, name: ColourName) -> Hue | None:
        """How much of a colour the clip shows; None where that was not measured."""
        return self._hues.get(name)

    def is_tracked(self, start_seconds: float, end_seconds: float) -> bool:
        """Whether every thing that moves has a track from start to end."""
        return any(start <= start_seconds + 1e-6 and end_seconds - 1e-6 <= end for start, end in self.tracked)


@dataclass(frozen=True)
class Case:
    """A claim whose phrases have been resolved."""

    view: SceneView
    claim: Claim
    a: Thing | None
    """The subject, where the claim has one."""
    b: Thing | None
    """The object, where the claim has one."""
    intervals: tuple[Interval, ...]
    """The worded stretches, as read."""

    @property
    def subject(self) -> Thing:
        """The subject of a claim that has one."""
        if self.a is None:
            raise ValueError(f"{self.claim.predicate} has no subject here")
        return self.a

    @property
    def object(self) -> Thing:
        """The object of a claim that has one."""
        if self.b is None:
            raise ValueError(f"{self.claim.predicate} has no object here")
        return self.b

    @property
    def interval(self) -> Interval:
        """The only or first worded stretch."""
        return self.intervals[0]

    @property
    def value(self) -> str:
        """The value of a claim that has one."""
        if self.claim.value is None:
            raise ValueError(f"{self.claim.predicate} has no value here")
        return self.claim.value
