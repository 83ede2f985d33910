"""Chains are split where a box might as well be another thing's.

A track that changes from one thing to another is worse than two tracks.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.corners import overlap
from schemas.record import Record
from stages.linking.follow import Chain
from stages.linking.sighting import NamedSighting

Point = NDArray[np.float64]

_REMEMBERED = 3
"""Where a thing will be is told from this many sightings at most."""


class DoubtConfig(Record):
    """When it is not certain which thing a box shows; distances are in widths and heights of the box."""

    rival_within: float = Field(0.5, ge=0)
    """Another chain is a rival if it is expected at most this much farther from the box than the chain itself, ..."""
    rival_seconds: float = Field(1.2, gt=0)
    """... and was seen at most this long before or after."""
    most_unexpected: float = Field(1.5, gt=0)
    """A box farther from where its thing is expected is not certain to show it."""
    over_break: float = Field(0.5, ge=0, le=1)
    """Least intersection over union of the boxes before and after a sudden change of the picture."""


def split_where_doubtful(chains: Sequence[Chain], breaks: Sequence[float], config: DoubtConfig) -> list[Chain]:
    """The chains of one noun and shot, split before every box that may be another thing's, in order of time.

    Over one of the `breaks` (container times of sudden changes) a chain goes on only at the same place.
    """
    pieces: list[Chain] = []
    for chain in chains:
        others = [other for other in chains if other is not chain]
        start = 0
        for place in range(1, len(chain)):
            if _jumps(chain, place, breaks, config) or _is_doubtful(chain, place, others, config):
                pieces.append(chain[start:place])
                start = place
        pieces.append(chain[start:])
    return sorted(pieces, key=lambda piece: (piece[0].pts_seconds, piece[0].box))


def _jumps(chain: Chain, place: int, breaks: Sequence[float], config: DoubtConfig) -> bool:
    before, after = chain[place - 1], chain[place]
    is_over_break = any(before.pts_seconds < moment <= after.pts_seconds for moment in breaks)
    return is_over_break and overlap(before.box, after.box) < config.over_break


def _is_doubtful(chain: Chain, place: int, others: Sequence[Chain], config: DoubtConfig) -> bool:
    box, before = chain[place], chain[place - 1].pts_seconds
    away = distance(chain[:place], box)
    if place > 1 and away > config.most_unexpected:
        return True
    rivals = (seen for other in others for seen in _near(other, before, box.pts_seconds, config.rival_seconds))
    return any(distance(seen, box) < away + config.rival_within for seen in rivals)


def distance(seen: Sequence[NamedSighting], box: NamedSighting) -> float:
    """How far a box is from where a thing is expected after what was seen of it, in sizes of the box."""
    return float(np.linalg.norm((_expected(seen, box.pts_seconds) - _centre(box)) / _size(box)))


def _near(other: Chain, before: float, at: float, seconds: float) -> Iterator[Sequence[NamedSighting]]:
    """What was seen of another chain shortly before the step, and shortly after it (in reverse)."""
    earlier = [one for one in other if before - seconds <= one.pts_seconds <= before]
    later = [one for one in other if at <= one.pts_seconds <= at + seconds]
    if earlier:
        yield earlier
    if later:
        yield later[::-1]


def _expected(seen: Sequence[NamedSighting], at: float) -> Point:
    """The centre at a moment, if the thing goes on evenly."""
    last = seen[-_REMEMBERED:]
    if len(last) < 2:
        return _centre(last[-1])
    steps = [(_centre(b) - _centre(a)) / (b.pts_seconds - a.pts_seconds) for a, b in pairwise(last)]
    return np.asarray(_centre(last[-1]) + np.mean(steps, axis=0) * (at - last[-1].pts_seconds))


def _centre(one: NamedSighting) -> Point:
    x0, y0, x1, y1 = one.box
    return np.array(((x0 + x1) / 2, (y0 + y1) / 2))


def _size(one: NamedSighting) -> Point:
    x0, y0, x1, y1 = one.box
    return np.array((x1 - x0, y1 - y0))
