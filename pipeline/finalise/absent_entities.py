"""An entity named as absent must be a true answer in another video; otherwise its rarity gives it away."""

from collections.abc import Collection, Mapping

from pipeline.finalise.alternatives import Alternative
from schemas.pair import normalise_text

Presence = Mapping[str, frozenset[str]]
"""For each absent entity: the videos (content hashes) in which a true answer names it."""


def presence(alternatives: Collection[Alternative]) -> Presence:
    """Find, for every entity that some alternative names as absent, the videos whose true answers name it."""
    names = {name for alternative in alternatives for name in alternative.absent}
    words = {name: frozenset(normalise_text(name).split()) for name in names}
    found: dict[str, set[str]] = {name: set() for name in names}
    for alternative in alternatives:
        for name, parts in words.items():
            if parts <= alternative.true_words:
                found[name].add(alternative.content_sha256)
    return {name: frozenset(videos) for name, videos in found.items()}


def elsewhere(alternative: Alternative, where: Presence) -> int:
    """The number of other videos in which a true answer names the rarest of its absent entities; 1 if it has none."""
    return min((len(where[name] - {alternative.content_sha256}) for name in alternative.absent), default=1)


def rarest_absent(alternative: Alternative, where: Presence) -> str:
    """The absent entity that the fewest other videos name truly; ValueError if it names none."""
    return min(alternative.absent, key=lambda name: (len(where[name] - {alternative.content_sha256}), name))
