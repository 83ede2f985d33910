"""The sightings of one noun in one shot become chains, one for each thing."""

from collections.abc import Sequence
from itertools import combinations

from pydantic import Field

from schemas.corners import overlap
from schemas.record import Record
from stages.linking.sighting import NamedSighting
from stages.models.detector_settings import Certainty

Chain = tuple[NamedSighting, ...]
"""The sightings of one thing, in order of time."""


class FollowConfig(Record):
    """How sightings become chains."""

    least_similarity: float = Field(-0.5, ge=-1, lt=1)
    """Least generalised intersection over union of a box with the place where its thing is expected, -1..1."""
    forget_seconds: float = Field(1.0, gt=0)
    """A thing that was not seen for longer is another one."""
    least_sure: int = Field(2, ge=1)
    """Fewest sure sightings of a chain."""
    clearly_sure: int = Field(3, ge=1)
    """A chain with fewer sure sightings may be wrong boxes that happen to follow one another, ..."""
    few_overlap: float = Field(0.3, ge=0, le=1)
    """... unless two of them have at least this intersection over union."""


def follow(
    frames: Sequence[Sequence[NamedSighting]], fps: float, certainty: Certainty, config: FollowConfig
) -> list[Chain]:
    """The chains of one shot, in order of their first sighting.

    Args:
        frames: the sightings of each frame that was looked at, in order of time.
        fps: looked-at frames per second.
        certainty: the noun's thresholds; a chain begins with a sure sighting.
        config: when two sightings belong to one thing.
    """
    if not any(_sure(sightings, certainty) for sightings in frames):
        return []
    from stages.linking.byte_track import NOBODY, identities  # noqa: PLC0415 loads for seconds

    names = identities(
        frames,
        fps,
        sure=certainty.sure,
        least_similarity=config.least_similarity,
        forget_seconds=config.forget_seconds,
    )
    chains: dict[int, list[NamedSighting]] = {}
    for sightings, of_frame in zip(frames, names, strict=True):
        for one, name in zip(sightings, of_frame, strict=True):
            if name != NOBODY:
                chains.setdefault(name, []).append(one)
    kept = [tuple(chain) for chain in chains.values() if _sure(chain, certainty) >= config.least_sure]
    return sorted(kept, key=lambda chain: (chain[0].pts_seconds, chain[0].box))


def is_borne_out(chain: Chain, certainty: Certainty, config: FollowConfig) -> bool:
    """Whether a chain shows a thing, as far as its own boxes tell: it is often sure, or sure twice at one place.

    The first step of a chain may be wide, since nothing tells yet how fast its thing moves. So two wrong boxes make a
    chain too; a third one where the first two would go, or at the place of either, is not likely.
    """
    sure = [one.box for one in chain if one.score >= certainty.sure]
    return len(sure) >= config.clearly_sure or any(
        overlap(a, b) >= config.few_overlap for a, b in combinations(sure, 2)
    )


def _sure(sightings: Sequence[NamedSighting], certainty: Certainty) -> int:
    return sum(one.score >= certainty.sure for one in sightings)
