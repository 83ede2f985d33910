"""Tracks of a clip to links between them: one object seen again, or certainly two."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from schemas.interval import shared_seconds
from schemas.scene import Link, Track
from stages.motion.identity import IdentityConfig, Look, colour_distance, likeness
from stages.motion.tracks import ShotTracks

_AT_ONCE_SECONDS = 0.25  # tracks in view together for less may be of two shots


def link_tracks(shots: Sequence[ShotTracks], config: IdentityConfig) -> tuple[Link, ...]:
    """What is certain of each two tracks of a clip, given its shots in order; ids must be unique in the clip.

    Two tracks are different where both are in view at once, or their colours are far apart. They are the same where
    colour, size and shape agree and no third track could be mistaken for either. Else there is no link.
    """
    seen = [(track, look) for shot in shots for track, look in zip(shot.tracks, shot.looks, strict=True)]
    seen.sort(key=lambda one: (one[0].first_seconds, one[0].track_id))
    return tuple(_links(seen, config))


def _links(seen: Sequence[tuple[Track, Look | None]], config: IdentityConfig) -> Iterator[Link]:
    for (track_a, look_a), (track_b, look_b) in combinations(seen, 2):
        ids = {"track_a": track_a.track_id, "track_b": track_b.track_id}
        if _meet(track_a, track_b):
            yield Link(**ids, same=False, score=1.0)
        elif look_a is None or look_b is None:
            continue
        elif (distance := colour_distance(look_a, look_b)) > config.different_lab and _named_apart(track_a, track_b):
            yield Link(**ids, same=False, score=min(1.0, distance / (2 * config.different_lab)))
        elif (score := likeness(look_a, look_b, config)) > 0 and not _mistakable(track_a, track_b, seen, config):
            yield Link(**ids, same=True, score=score)


def _meet(track_a: Track, track_b: Track) -> bool:
    return shared_seconds(track_a.visible, track_b.visible) >= _AT_ONCE_SECONDS


def _named_apart(track_a: Track, track_b: Track) -> bool:
    return track_a.colour is not None and track_b.colour is not None and track_a.colour.name != track_b.colour.name


def _mistakable(
    track_a: Track, track_b: Track, seen: Sequence[tuple[Track, Look | None]], config: IdentityConfig
) -> bool:
    """Whether a third track of like colour is another thing, or might be: then colour tells nothing."""
    looks = {track.track_id: look for track, look in seen}
    for track, look in seen:
        if look is None or track.track_id in (track_a.track_id, track_b.track_id):
            continue
        for ours in (track_a, track_b):
            own = looks[ours.track_id]
            if own is None or colour_distance(own, look) >= config.rival_lab:
                continue
            first, second = (own, look) if ours.first_seconds < track.first_seconds else (look, own)
            if _meet(ours, track) or likeness(first, second, config) <= 0:
                return True
    return False
