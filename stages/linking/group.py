"""Which chains and which tracks of other parts show one thing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

import numpy as np
from pydantic import Field

from schemas.corners import Corners, area, contained, overlap
from schemas.interval import shared_seconds
from schemas.record import Record
from schemas.scene import ANNOTATIONS, OBJECT, Scene, Track
from stages.claims.nouns import is_one
from stages.linking.ends import NamedRun
from stages.linking.follow import Chain
from stages.linking.shots import LookedShot
from stages.linking.sighting import are_related

_AT_ONCE_SECONDS = 0.25
"""Tracks that are in view together for less may be parts of one thing's course."""
_SAME_MOMENT_SECONDS = 1e-3


class JoinConfig(Record):
    """When a named box and something else show one thing."""

    same_overlap: float = Field(0.5, gt=0, le=1)
    """Least median of the intersection over union of their boxes."""
    least_common: int = Field(2, ge=1)
    """Fewest frames in which both are seen."""
    least_share: float = Field(0.8, gt=0, le=1)
    """Least share of the frames of one of them in which the other is seen, too."""
    inside: float = Field(0.9, gt=0, le=1)
    """A moving region of which at least this share lies in a named box in every frame is a part of the thing, ..."""
    least_part: float = Field(0.25, gt=0, le=1)
    """... if it also covers at least this share of the box: a ball that rolls before a sofa is no part of it."""


@dataclass(frozen=True)
class NamedThing:
    """A chain of one noun in one shot, with what is known of its course."""

    noun: str
    chain: Chain
    runs: tuple[NamedRun, ...]
    shot: LookedShot

    @property
    def extent(self) -> tuple[float, float]:
        """Times of its first and last sighting."""
        return self.chain[0].pts_seconds, self.chain[-1].pts_seconds


@dataclass(frozen=True)
class Group:
    """What shows one thing."""

    things: tuple[NamedThing, ...]
    """At least one, in order of time."""
    tracks: tuple[Track, ...] = ()
    """The tracks of other parts that show it, in order of time."""
    parts: tuple[Track, ...] = ()
    """Moving regions without a clear colour that are parts of it, if no track shows all of it."""

    @property
    def given(self) -> Track | None:
        """The track that people have given it, if there is one."""
        return next((track for track in self.tracks if track.source == ANNOTATIONS), None)

    def noun(self, may_be_asked: Callable[[str], bool]) -> str:
        """What the thing is called: the narrowest of its nouns that questions may name, or of all if they name none."""
        labels = {track.label for track in self.tracks} - {OBJECT}
        nouns = sorted({thing.noun for thing in self.things} | labels)
        nouns = [noun for noun in nouns if may_be_asked(noun)] or nouns
        return next(noun for noun in nouns if not any(is_narrower(other, noun) for other in nouns))


def is_narrower(noun: str, than: str) -> bool:
    """Whether everything called so is of the other noun, too, and not the other way round."""
    return is_one(noun, than) and not is_one(than, noun)


def _may_be(track: Track, noun: str) -> bool:
    """Whether a track may show a thing of that noun: it has no name yet, or one of a related noun."""
    return track.label == OBJECT or are_related(track.label, noun)


def groups_of(things: Sequence[NamedThing], scene: Scene, config: JoinConfig) -> list[Group]:
    """One group for each named thing. Chains of related nouns, and motion tracks, join where their boxes agree."""
    nouns = {thing.noun for thing in things}
    bases = [track for track in scene.tracks if any(_may_be(track, noun) for noun in nouns)]
    edges = [*_alike(things, config), *_on_tracks(things, bases, config)]
    owner = list(range(len(things) + len(bases)))
    for _, left, right in sorted(edges, key=lambda edge: (-edge[0], edge[1], edge[2])):
        some = [node for node, name in enumerate(owner) if name == owner[left]]
        others = [node for node, name in enumerate(owner) if name == owner[right]]
        if owner[left] != owner[right] and _may_be_one(some, others, things, bases, scene):
            for node in others:
                owner[node] = owner[left]
    groups = []
    for name in dict.fromkeys(owner[: len(things)]):
        own = [things[node] for node in range(len(things)) if owner[node] == name]
        joined = [bases[node - len(things)] for node in range(len(things), len(owner)) if owner[node] == name]
        groups.append(
            Group(
                tuple(sorted(own, key=lambda thing: (thing.extent, thing.noun))),
                tuple(sorted(joined, key=lambda track: (track.first_seconds, track.track_id))),
            )
        )
    joined_ids = {track.track_id for group in groups for track in group.tracks}
    return _with_parts(groups, [track for track in bases if track.track_id not in joined_ids], config)


Edge = tuple[float, int, int]
"""How well two nodes agree, and their numbers: first the things, then the tracks."""


def _alike(things: Sequence[NamedThing], config: JoinConfig) -> Iterator[Edge]:
    """Chains of related nouns that show one thing: "woman" and "person"."""
    for (left, a), (right, b) in combinations(enumerate(things), 2):
        if a.shot is b.shot and a.noun != b.noun and are_related(a.noun, b.noun):
            boxes = {one.pts_seconds: one.box for one in b.chain}
            common = [overlap(one.box, boxes[one.pts_seconds]) for one in a.chain if one.pts_seconds in boxes]
            if _agree(common, min(len(a.chain), len(b.chain)), config):
                yield median(common) * len(common), left, right


def _on_tracks(things: Sequence[NamedThing], bases: Sequence[Track], config: JoinConfig) -> Iterator[Edge]:
    for left, thing in enumerate(things):
        for number, track in enumerate(bases):
            if _may_be(track, thing.noun):
                places = _places(thing, track)
                common = [overlap(box, place) for box, place in places]
                shorter = min(len(thing.chain), round(len(places) * _outside(thing, track)))
                if _agree(common, shorter, config):
                    yield median(common) * len(common), left, len(things) + number


def _outside(thing: NamedThing, track: Track) -> float:
    """How many times longer the track is in view in the thing's shot than together with the thing; at least 1."""
    low, high = thing.runs[0].start_seconds, thing.runs[-1].end_seconds
    shot = thing.shot
    seconds = [(s.start_seconds, s.end_seconds) for s in track.visible]
    together = sum(max(0.0, min(high, end) - max(low, start)) for start, end in seconds)
    in_shot = sum(max(0.0, min(shot.end_seconds, end) - max(shot.start_seconds, start)) for start, end in seconds)
    return in_shot / together if together else 1.0


def _agree(common: Sequence[float], shorter: int, config: JoinConfig) -> bool:
    is_enough = len(common) >= max(config.least_common, config.least_share * shorter)
    return is_enough and median(common) >= config.same_overlap


def _places(thing: NamedThing, track: Track) -> list[tuple[Corners, Corners]]:
    """The boxes of a thing and of a track in the frames in which both are seen."""
    times = np.array([point.pts_seconds for point in track.path])
    edges = np.array([(point.x0, point.y0, point.x1, point.y1) for point in track.path])
    found = []
    for one in thing.chain:
        if any(stretch.contains(one.pts_seconds) for stretch in track.visible):
            x0, y0, x1, y1 = (float(np.interp(one.pts_seconds, times, edges[:, edge])) for edge in range(4))
            found.append((one.box, (x0, y0, x1, y1)))
    return found


def _may_be_one(
    some: Sequence[int], others: Sequence[int], things: Sequence[NamedThing], bases: Sequence[Track], scene: Scene
) -> bool:
    """Whether nothing says that two groups are two things: one noun at two places, or tracks that are seen at once."""
    split = len(things)
    for a in some:
        for b in others:
            if a < split and b < split and not _may_be_one_thing(things[a], things[b]):
                return False
            if a >= split and b >= split and not _may_be_one_track(bases[a - split], bases[b - split], scene):
                return False
    return True


def _may_be_one_thing(a: NamedThing, b: NamedThing) -> bool:
    if a.noun != b.noun:
        return are_related(a.noun, b.noun)
    (start_a, end_a), (start_b, end_b) = a.extent, b.extent
    return end_a < start_b or end_b < start_a


def _may_be_one_track(a: Track, b: Track, scene: Scene) -> bool:
    ids = {a.track_id, b.track_id}
    are_two = any({link.track_a, link.track_b} == ids and not link.same for link in scene.links)
    by_people = a.source == b.source == ANNOTATIONS  # who names two things means two
    is_one_kind = a.label == b.label and not by_people
    return is_one_kind and not are_two and shared_seconds(a.visible, b.visible) < _AT_ONCE_SECONDS


def _with_parts(groups: Sequence[Group], free: Sequence[Track], config: JoinConfig) -> list[Group]:
    """The groups with the moving regions that are parts of exactly one of them."""
    parts: dict[int, list[Track]] = {}
    for track in free:
        holders = [number for number, group in enumerate(groups) if not group.tracks and _holds(group, track, config)]
        if len(holders) == 1 and track.label == OBJECT and track.colour is None:
            parts.setdefault(holders[0], []).append(track)
    return [Group(group.things, group.tracks, tuple(parts.get(number, ()))) for number, group in enumerate(groups)]


def _holds(group: Group, track: Track, config: JoinConfig) -> bool:
    """Whether a track lies in the thing's boxes all the time."""
    start = min(thing.runs[0].start_seconds for thing in group.things)
    end = max(thing.runs[-1].end_seconds for thing in group.things)
    if track.first_seconds < start - _SAME_MOMENT_SECONDS or track.last_seconds > end + _SAME_MOMENT_SECONDS:
        return False
    places = [place for thing in group.things for place in _places(thing, track)]
    is_inside = all(contained(inner, box) >= config.inside for box, inner in places)
    is_large = len(places) >= config.least_common and median(area(i) / area(b) for b, i in places) >= config.least_part
    return is_inside and is_large
