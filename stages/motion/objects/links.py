"""Tracks of a clip to links between them: one object seen again, or certainly two."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.interval import shared_seconds
from schemas.scene import Link, Track
from stages.motion.objects.identity import IdentityConfig, Look, colour_distance, families, likeness
from stages.motion.objects.tracks import ShotTracks

_AT_ONCE_SECONDS = 0.25  # tracks in view together for less may be of two shots


@dataclass(frozen=True, eq=False)
class _Seen:
    track: Track
    look: Look


def link_tracks(shots: Sequence[ShotTracks], config: IdentityConfig) -> tuple[Link, ...]:
    """What is certain of each two tracks of a clip, given its shots in order; ids must be unique in the clip.

    Two tracks are different where both are in view at once, or their colours are far apart. They are the same where
    colour, size and shape agree, for all tracks of like colour: were one of them another thing, or not seen well
    enough, or did a thing of that colour move without a track, colour would tell nothing. Else there is no link.
    """
    tracks = [track for shot in shots for track in shot.tracks]
    looks = [look for shot in shots for look in shot.looks]
    seen = [_Seen(track, look) for track, look in zip(tracks, looks, strict=True) if look is not None]
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


def _different(seen: Sequence[_Seen], config: IdentityConfig) -> Iterator[Link]:
    for a, b in combinations(seen, 2):
        distance = colour_distance(a.look, b.look)
        names = {track.colour and track.colour.name for track in (a.track, b.track)}
        if distance > config.different_lab and len(names - {None}) == 2 and not _meet(a.track, b.track):
            yield _link(a.track, b.track, same=False, score=min(1.0, distance / (2 * config.different_lab)))


def _same(
    seen: Sequence[_Seen], unclear: Sequence[Track], strays: Sequence[NDArray[np.float32]], config: IdentityConfig
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
