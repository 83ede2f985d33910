"""What is absent from one video must be true of another: else its rarity gives the answer away."""

from collections.abc import Iterable, Mapping

from pipeline.finalise.alternatives import Alternative
from schemas.pair import normalise_text

Presence = Mapping[str, Mapping[str, int]]
"""By absent entity: in how many alternatives of each video a true answer names it."""


def presence(alternatives: Iterable[Alternative], absent: frozenset[str]) -> Presence:
    """Count, for each of the `absent` names, the videos whose true answers name it."""
    words = {name: frozenset(normalise_text(name).split()) for name in absent}
    found: dict[str, dict[str, int]] = {name: {} for name in absent}
    for alternative in alternatives:
        for name, parts in words.items():
            if parts <= alternative.true_words:
                found[name][alternative.cluster] = found[name].get(alternative.cluster, 0) + 1
    return found


def elsewhere(alternative: Alternative, where: Presence) -> int:
    """In how many other videos the rarest of its absent entities is named by a true answer."""
    return min((len(where[name].keys() - {alternative.cluster}) for name in alternative.absent), default=1)
