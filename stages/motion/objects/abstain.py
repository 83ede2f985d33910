"""Whether the moving regions of a shot may be spoken of as things at all."""

from collections.abc import Sequence
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.record import Record
from stages.motion.objects.background import Image, largest_difference, smoothed
from stages.motion.objects.events import ShotExtent
from stages.motion.objects.parts import Part

_LEAST_SHIFT = 0.02  # of the frame's height: what shifts less is not said to move

_NO_SPECK = 24  # pixels
_LOOKS = 25
_OFTEN = 0.4  # a pixel that is not as usual in more of the looks than this is not stable


class Abstention(StrEnum):
    """Why nothing is asserted of a shot's moving regions."""

    TOO_SHORT = "too_short"
    NOT_STABLE = "not_stable"
    TOO_MUCH_FOREGROUND = "too_much_foreground"
    NOT_THINGS = "not_things"


class ThingsConfig(Record):
    """When the moving regions of a shot may be spoken of as things."""

    least_frames: int = 8
    """A shorter shot has no background to speak of."""
    least_stable: float = 0.9
    """At least this share of the pixels mostly looks as in the shot's median."""
    stable_difference: float = 14.0
    """A pixel looks as usual if it differs by at most this at mean luma 0.5, scaled with the shot's luma."""
    most_foreground: float = 0.3
    """No frame has a larger share of foreground."""
    most_unexplained: float = 0.1
    """Trails that are no things have at most this share of all foreground over the shot."""
    most_unexplained_trails: float = 0.34
    """And at most this share of the trails."""


def stable_share(frames_NHWC: Image, difference: float) -> float:
    """Share of pixels that mostly look as in the shot's median, 0..1; `difference` is scaled with the shot's luma."""
    luma = float(frames_NHWC[:: max(1, len(frames_NHWC) // 8), ::4, ::4].mean()) / 255
    limit = max(4.0, difference * min(1.0, luma / 0.5))
    looks = np.linspace(0, len(frames_NHWC) - 1, min(_LOOKS, len(frames_NHWC))).astype(int)
    coarse_NHWC = np.stack([_coarse(frames_NHWC[index]) for index in looks])
    usual_HWC = np.median(coarse_NHWC, axis=0).astype(np.uint8)
    changed = [largest_difference(look, usual_HWC) > limit for look in coarse_NHWC]
    return float((np.mean(changed, axis=0) <= _OFTEN).mean())


def _coarse(frame_HWC: Image) -> NDArray[np.uint8]:
    small = cv2.resize(frame_HWC, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return smoothed(small.astype(np.uint8, copy=False))


def is_moving(chain: Sequence[Part], span: ShotExtent) -> bool:
    """Whether the thing moves at some time, or comes or goes."""
    if any(part.enters or part.leaves or part.turns for part in chain):
        return True
    edges = np.concatenate([part.course.edges for part in chain])
    shift = min(np.ptp(edges[:, :2] + edges[:, 2:], axis=0).max() / 2, np.ptp(edges, axis=0).max())
    return bool(shift > _LEAST_SHIFT * span.height)


def cut_short(part: Part, span: ShotExtent) -> bool:
    """Whether the shot begins just before it goes, or ends just after it comes: no speck, and yet hardly seen."""
    begins = part.course.times[0] <= span.start_seconds + 3 * span.frame_seconds
    ends = part.course.times[-1] >= span.last_seconds - 2 * span.frame_seconds
    return bool((begins or ends) and max(one.area for one in part.trail.sightings) >= _NO_SPECK)


def too_odd(chains: Sequence[Sequence[Part]], odd: Sequence[Sequence[Part]], config: ThingsConfig) -> bool:
    """Whether so much of what moves is unexplained that none of it may be spoken of as things.

    What only came out from behind another, or went there, weighs nothing: a thing like the others, if not all seen.
    """
    if not odd:
        return False
    everything = sum(part.weight for chain in chains for part in chain)
    oddities = sum(part.weight for chain in odd if not _is_veiled(chain) for part in chain)
    return oddities > config.most_unexplained * everything or len(odd) > config.most_unexplained_trails * len(chains)


def unexplained(chain: Sequence[Part], span: ShotExtent) -> bool:
    """Whether the life of what moves is no thing's: no clear colour, or born or gone in the middle of it all, or
    perhaps exchanged with another of like colour.
    """
    ends_known = comes_to_be(chain, span) and goes(chain, span)
    return not (ends_known and _is_coloured(chain)) or any(part.trail.confused_with for part in chain)


def comes_to_be(chain: Sequence[Part], span: ShotExtent) -> bool:
    """Whether it comes in over a border or is there when the shot begins."""
    first = chain[0]
    return first.enters is not None or bool(first.course.times[0] <= span.start_seconds + 1.5 * span.frame_seconds)


def goes(chain: Sequence[Part], span: ShotExtent) -> bool:
    """Whether it goes out over a border or is there when the shot ends."""
    last = chain[-1]
    return last.leaves is not None or bool(last.course.times[-1] >= span.last_seconds - 1.5 * span.frame_seconds)


def _is_coloured(chain: Sequence[Part]) -> bool:
    return max(chain, key=lambda part: part.weight).colour is not None


def _is_veiled(chain: Sequence[Part]) -> bool:
    """Whether it has one life and one colour, came over a border at one end, and touched another thing at the other."""
    if len(chain) > 1 or not _is_coloured(chain) or chain[0].trail.confused_with:
        return False
    (part,) = chain
    came_out = part.leaves is not None and bool(part.trail.born_touching)
    went_behind = part.enters is not None and bool(part.trail.last.touching)
    return came_out or went_behind
