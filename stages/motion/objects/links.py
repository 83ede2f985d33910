"""Links between the tracks of a clip: which are one object seen again, and which are certainly two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.interval import shared_seconds
from schemas.scene import Link, Track
from stages.motion.objects.identity import IdentityConfig, Look, colour_distance, families, likeness
from stages.motion.objects.tracks import ShotTracks

_AT_ONCE_SECONDS = 0.25  # tracks that are visible together for less may belong to two shots


@dataclass(frozen=True, eq=False)
class _TrackLook:
    track: Track
    look: Look


def link_tracks(shots: Sequence[ShotTracks], config: IdentityConfig) -> tuple[Link, ...]:
    """The links between the tracks of a clip, given its shots in order. Ids must be unique in the clip.

    Two tracks are two objects if both are visible at once, or if their colours are far apart. They are one object if
    colour, size and shape agree, and this holds for all tracks of similar colour: if one of these were another thing,
    or not seen well enough, or if a thing of that colour moved without a track, colour would prove nothing. Otherwise
    there is no link.
    """
    tracks = [track for shot in shots for track in shot.tracks]
    looks = [look for shot in shots for look in shot.looks]
    seen = [_TrackLook(track, look) for track, look in zip(tracks, looks, strict=True) if look is not None]
    links = [*_at_once(tracks), *_different(seen, config)]
    strays = [look for shot in shots for look in shot.strays]
    if None not in strays:
        unclear = [track for track, look in zip(tracks, looks, strict=True) if look is None]
        links += _same(seen, unclear, [look.lab for look in strays if look is not None], config)
    return tuple(sorted(links, key=lambda link: (link.track_a, link.track_b)))


def _at_once(tracks: Sequence[Track]) -> Iterator[Link]:
    for track_a, track_b in combinations(tracks, 2):
        if _meet(track_a, track_b):
            yield _link(track_a, track_b, same=False, score=1.0)


def _different(seen: Sequence[_TrackLook], config: IdentityConfig) -> Iterator[Link]:
    for a, b in combinations(seen, 2):
        distance = colour_distance(a.look, b.look)
        names = {track.colour and track.colour.name for track in (a.track, b.track)}
        if distance > config.different_lab and len(names - {None}) == 2 and not _meet(a.track, b.track):
            yield _link(a.track, b.track, same=False, score=min(1.0, distance / (2 * config.different_lab)))


def _same(
    seen: Sequence[_TrackLook], unclear: Sequence[Track], strays: Sequence[NDArray[np.float32]], config: IdentityConfig
) -> Iterator[Link]:
    for family in families([*(one.look.lab for one in seen), *strays], config):
        if family[-1] >= len(seen):
            continue
        alike = sorted((seen[i] for i in family), key=lambda one: one.track.first_seconds)
        names = {one.track.colour and one.track.colour.name for one in alike}
        if any(track.colour is None or track.colour.name in names for track in unclear):
            continue
        if any(_meet(a.track, b.track) for a, b in combinations(alike, 2)):
            continue
        scores = [likeness(a.look, b.look, config) for a, b in pairwise(alike)]
        if scores and min(scores) > 0:
            for (i, a), (j, b) in combinations(enumerate(alike), 2):
                yield _link(a.track, b.track, same=True, score=min(scores[i:j]))


def _meet(track_a: Track, track_b: Track) -> bool:
    return shared_seconds(track_a.visible, track_b.visible) >= _AT_ONCE_SECONDS


def _link(track_a: Track, track_b: Track, *, same: bool, score: float) -> Link:
    first, second = sorted((track_a, track_b), key=lambda track: (track.first_seconds, track.track_id))
    return Link(track_a=first.track_id, track_b=second.track_id, same=same, score=score)
