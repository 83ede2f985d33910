"""When nothing is asserted about the moving regions of a shot, because they may not be things."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.record import Record
from stages.motion.objects.background import Image, largest_difference, smoothed
from stages.motion.objects.events import ShotExtent
from stages.motion.objects.parts import Part
from stages.motion.objects.trail import Sighting

_LEAST_SHIFT = 0.02  # of the frame's height: a thing that shifts less does not move
_LOOKS = 25  # frames of a shot that are compared with its median
_OFTEN = 0.4  # a pixel that differs from the median in more than this share of the frames is not stable
_LEAST_BESIDE = 0.3  # share of the frame that shows whether the rest is stable
_MEAN_LUMA = 0.5  # `stable_difference` is given at this luma
_LEAST_DIFFERENCE = 4.0  # 0..255: smaller differences are noise however dark the shot is
_AT_START, _AT_END = 3, 2  # frames: a part this near to the start, or end, of the shot is cut off by it
_WHOLE = 0.8  # a thing that is shown all at once has this share of its usual area from its first sighting on
_LEAST_FULL = 5  # sightings in full that show that a look stays the same, ...
_OFTEN_FULL = 0.3  # ... and share of all sightings
_MOSTLY_FULL = 0.5  # share of the sightings in full of a thing whose coming or going is unknown
_CLEAR_SHIFT = 0.1  # of the frame's height: such a thing moves at least this far
_USUAL = 0.1, 0.9  # the areas between these quantiles count
_SAME_AREA = 1.4  # the largest of them is at most this many times the smallest one
_SAME_NAMES = 0.2  # share of the pixels that usually have another colour name than on the median
_PRESENT_FRAMES = 1.5  # a part within this many frames of the shot's start, or end, is in view then


class Abstention(StrEnum):
    """Why nothing is asserted about a shot's moving regions."""

    TOO_SHORT = "too_short"
    NOT_STABLE = "not_stable"
    TOO_MUCH_FOREGROUND = "too_much_foreground"
    NOT_THINGS = "not_things"


class ThingsConfig(Record):
    """When the moving regions of a shot count as things."""

    least_frames: int = 8
    """The background of a shorter shot cannot be found."""
    least_stable: float = 0.9
    """Least share of the pixels, beside things that surely are some, that look mostly as in the shot's median."""
    least_ever_stable: float = 0.6
    """Below this share nothing is looked for."""
    stable_difference: float = 14.0
    """A pixel looks as in the median if it differs by at most this, 0..255; scaled down if the mean luma is < 0.5."""
    most_foreground: float = 0.3
    """Largest share of foreground in any frame."""
    most_unexplained: float = 0.1
    """Largest share of all foreground of the shot in chains that cannot be things."""
    most_unexplained_trails: float = 0.34
    """Largest share of the chains that cannot be things."""


def stable_pixels(frames_NHWC: Image, difference: float) -> NDArray[np.bool_]:
    """Which pixels look most of the time as in the shot's median, at half the size; see `stable_difference`."""
    luma = float(frames_NHWC[:: max(1, len(frames_NHWC) // 8), ::4, ::4].mean()) / 255
    limit = max(_LEAST_DIFFERENCE, difference * min(1.0, luma / _MEAN_LUMA))
    looks = np.linspace(0, len(frames_NHWC) - 1, min(_LOOKS, len(frames_NHWC))).astype(int)
    coarse_NHWC = np.stack([_coarse(frames_NHWC[index]) for index in looks])
    usual_HWC = np.median(coarse_NHWC, axis=0).astype(np.uint8)
    changed = [largest_difference(look, usual_HWC) > limit for look in coarse_NHWC]
    return np.asarray(np.mean(changed, axis=0) <= _OFTEN)


def stable_share_beside(chains: Sequence[Sequence[Part]], stable_HW: NDArray[np.bool_]) -> float:
    """Share of the pixels, beside those that the chains ever cover, that are stable; 0 if too few are beside them."""
    beside_HW = np.ones(stable_HW.shape, np.bool_)
    for one in (one for chain in chains for part in chain for one in part.trail.sightings):
        x0, y0, x1, y1 = one.box
        beside_HW[y0 // 2 : y1 // 2 + 1, x0 // 2 : x1 // 2 + 1] = False
    return float(stable_HW[beside_HW].mean()) if beside_HW.mean() >= _LEAST_BESIDE else 0.0


def _coarse(frame_HWC: Image) -> NDArray[np.uint8]:
    small = cv2.resize(frame_HWC, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return smoothed(small.astype(np.uint8, copy=False))


def is_moving(chain: Sequence[Part], span: ShotExtent) -> bool:
    """Whether the thing moves, enters or leaves at some time."""
    if any(part.enters or part.leaves or part.turns.moments for part in chain):
        return True
    edges = np.concatenate([part.course.edges for part in chain])
    shift = min(np.ptp(edges[:, :2] + edges[:, 2:], axis=0).max() / 2, np.ptp(edges, axis=0).max())
    return bool(shift > _LEAST_SHIFT * span.height)


def cut_short(part: Part, span: ShotExtent) -> bool:
    """Whether a part is too short only because the shot begins or ends at that time; noise does not count."""
    begins = part.course.times[0] <= span.start_seconds + _AT_START * span.frame_seconds
    ends = part.course.times[-1] >= span.last_seconds - _AT_END * span.frame_seconds
    return bool((begins or ends) and not part.is_noise)


def too_odd(chains: Sequence[Sequence[Part]], odd: Sequence[Sequence[Part]], config: ThingsConfig) -> bool:
    """Whether so much of what moves is unexplained (`odd`) that nothing is asserted about any of it.

    Chains that come out from behind another thing, or go behind one, have no weight: they are things, partly unseen.
    """
    if not odd:
        return False
    everything = sum(part.weight for chain in chains for part in chain)
    oddities = sum(part.weight for chain in odd if not _is_partly_hidden(chain) for part in chain)
    return oddities > config.most_unexplained * everything or len(odd) > config.most_unexplained_trails * len(chains)


def unexplained(chain: Sequence[Part], span: ShotExtent) -> bool:
    """Whether the chain does not behave like one object.

    It appears or disappears bit by bit in the middle of the frame, or has neither a clear colour nor a look that stays
    the same, or may have been exchanged with another one of similar colour.
    """
    if any(part.trail.confused_with for part in chain):
        return True
    begins = comes_to_be(chain, span) or _is_whole_at(chain[0], 0)
    ends = goes(chain, span) or _is_whole_at(chain[-1], -1)
    return not (begins and ends and (_is_coloured(chain) or all(map(_keeps_its_look, chain))))


def is_sure(chain: Sequence[Part]) -> bool:
    """Whether a chain that behaves like one object is one even if much else in the shot is unexplained."""
    return all(map(_keeps_its_look, chain))


def is_seen_in_part(chain: Sequence[Part], span: ShotExtent) -> bool:
    """Whether an unexplained chain is one thing nevertheless, of which it is unknown when it comes and goes.

    It moves and keeps its look; a mark that a thing has left in the background may keep its look, and stays in place.
    """
    if len(chain) > 1 or chain[0].trail.confused_with or not is_sure(chain):
        return False
    full = _full_sightings(chain[0])
    edges = np.array([one.box for one in full], dtype=np.float64)
    shift = float(np.ptp(edges[:, :2] + edges[:, 2:], axis=0).max()) / 2
    return len(full) >= _MOSTLY_FULL * len(chain[0].trail.sightings) and shift >= _CLEAR_SHIFT * span.height


def comes_to_be(chain: Sequence[Part], span: ShotExtent) -> bool:
    """Whether it enters over a border, or is there when the shot begins."""
    first = chain[0]
    return first.enters is not None or bool(
        first.course.times[0] <= span.start_seconds + _PRESENT_FRAMES * span.frame_seconds
    )


def goes(chain: Sequence[Part], span: ShotExtent) -> bool:
    """Whether it leaves over a border, or is there when the shot ends."""
    last = chain[-1]
    return last.leaves is not None or bool(
        last.course.times[-1] >= span.last_seconds - _PRESENT_FRAMES * span.frame_seconds
    )


def _is_whole_at(part: Part, end: Literal[0, -1]) -> bool:
    """Whether a part is seen in full at its first (0) or last (-1) sighting, as a thing that is shown all at once."""
    return (
        _is_full(part.trail.sightings[end])
        and _keeps_its_look(part)
        and (part.trail.sightings[end].area >= _WHOLE * np.median([one.area for one in _full_sightings(part)]))
    )


def _keeps_its_look(part: Part) -> bool:
    """Whether it has the same size and the same colours whenever it is fully visible, and often is."""
    full = _full_sightings(part)
    if len(full) < max(_LEAST_FULL, _OFTEN_FULL * len(part.trail.sightings)):
        return False
    areas = np.array([one.area for one in full], dtype=np.float64)
    low, high = np.quantile(areas, _USUAL)
    names = np.array([one.names for one in full], dtype=np.float64)
    names /= np.maximum(names.sum(axis=1, keepdims=True), 1.0)
    apart = np.abs(names - np.median(names, axis=0)).sum(axis=1) / 2
    return bool(high <= _SAME_AREA * low and np.median(apart) <= _SAME_NAMES)


def _full_sightings(part: Part) -> list[Sighting]:
    return [one for one in part.trail.sightings if _is_full(one)]


def _is_full(one: Sighting) -> bool:
    return all(one.free) and not one.touching


def _is_coloured(chain: Sequence[Part]) -> bool:
    return max(chain, key=lambda part: part.weight).colour is not None


def _is_partly_hidden(chain: Sequence[Part]) -> bool:
    """Whether it has one part and one colour, crosses a border at one end and touches another thing at the other."""
    if len(chain) > 1 or not _is_coloured(chain) or chain[0].trail.confused_with:
        return False
    (part,) = chain
    came_out = part.leaves is not None and bool(part.trail.born_touching)
    went_behind = part.enters is not None and bool(part.trail.last.touching)
    return came_out or went_behind
