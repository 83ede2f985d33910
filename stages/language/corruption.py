"""Which frames an adversary is shown, so that it cannot see what the question needs."""

from collections.abc import Sequence

from numpy.random import Generator

from schemas.clip import Frame
from schemas.interval import Interval
from schemas.pair import FramesCorruption
from stages.language.asking import timed
from stages.models.chat import ChatFrames

_FEWEST = 2
"""A clip that is shown has at least this many frames."""


def corrupted(
    frames: Sequence[Frame],
    start_seconds: float,
    evidence: Sequence[Interval],
    kind: FramesCorruption,
    coverage: float,
    rng: Generator,
) -> ChatFrames | None:
    """The frames of a clip as a kind of corruption shows them; None if fewer than two are left, or nothing changes.

    Args:
        frames: the frames in order of time.
        start_seconds: where the clip starts; the times that are shown count from there.
        evidence: when the answer can be seen.
        kind: sparse shows at most a share `coverage` of the evidence, and of the rest; disjoint shows no evidence;
            partial shows its first half, and nothing after that; shuffled and reversed show all frames in
            another order, with times that run forward.
        coverage: 0..1, for sparse.
        rng: chooses the frames and the order.
    """
    seen = [any(interval.contains(frame.pts_seconds) for interval in evidence) for frame in frames]
    places: Sequence[int] = range(len(frames))
    if kind is FramesCorruption.SPARSE:
        places = sorted((*_few(places, seen, coverage, rng), *_few(places, [not s for s in seen], coverage, rng)))
    elif kind is FramesCorruption.DISJOINT:
        places = [place for place in places if not seen[place]]
    elif kind is FramesCorruption.PARTIAL:
        shown = [place for place in places if seen[place]]
        places = list(range(shown[(len(shown) - 1) // 2] + 1)) if shown else []
    elif kind is FramesCorruption.SHUFFLED:
        places = [int(place) for place in rng.permutation(len(frames))]
    elif kind is FramesCorruption.REVERSED:
        places = list(reversed(places))
    unchanged = list(places) == list(range(len(frames)))
    if len(places) < _FEWEST or unchanged is not (kind is FramesCorruption.NONE):
        return None
    chosen = tuple(frames[place] for place in places)
    return timed(chosen, start_seconds)


def _few(places: Sequence[int], wanted: Sequence[bool], coverage: float, rng: Generator) -> list[int]:
    """At most a share of the wanted places, at random, but never all of them."""
    of_kind = [place for place in places if wanted[place]]
    count = min(int(coverage * len(of_kind)), len(of_kind) - 1)
    return [of_kind[int(place)] for place in rng.permutation(len(of_kind))[: max(0, count)]]
