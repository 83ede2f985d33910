"""Joins trails that are one thing after a sharp turn, which the linker did not expect."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stages.motion.objects.trail import Sighting, Trail

_LOST_SECONDS = 0.5  # a thing that goes on after more than this may be another one
_CRUMB = 0.25  # at its end a trail may take specks for its thing: less than this share of its usual area, ...
_MOST_CRUMBS = 3  # ... on at most this many frames
_SAME_LAB = 10.0  # Lab distance between the usual colours before and after
_SAME_SIDE = 1.3  # ratio of the usual sides before and after
_RECENT = 5  # sightings before, and after, that show how fast it is and how it looks
_FASTER = 1.5  # in the turn it may be this many times as fast, ...
_AWAY = 0.1  # ... and this far away besides, in frame heights


def resumed(trails: Sequence[Trail], frame_seconds: float, rows: int) -> list[Trail]:
    """The trails, of which those that are one thing are joined: one ends where soon afterwards the other one begins.

    Both are seen in full there: uncovered, inside the frame, and alike. If a third one fits as well, none are joined.
    """
    lost_frames = round(_LOST_SECONDS / frame_seconds)
    kept = sorted(trails, key=lambda one: (one.sightings[0].frame, one.number))
    index = 0
    while index < len(kept):
        first = kept[index]
        after = [one for one in kept if one is not first and _goes_on(first, one, lost_frames, rows)]
        if len(after) == 1 and [one for one in kept if _goes_on(one, after[0], lost_frames, rows)] == [first]:
            _join(first, after[0], kept)
        else:
            index += 1
    return sorted(kept, key=lambda one: one.number)


def _goes_on(first: Trail, second: Trail, lost_frames: int, rows: int) -> bool:
    """Whether the second trail begins soon after the first one ends, near to it, and both look the same there."""
    before, after = _without_crumbs(first)[-_RECENT:], second.sightings[:_RECENT]
    gap = after[0].frame - before[-1].frame
    if first is second or not 0 < gap <= lost_frames or not (_is_full(before[-1]) and _is_full(after[0])):
        return False
    full_before, full_after = list(filter(_is_full, before)), list(filter(_is_full, after))
    if np.linalg.norm(_colour(full_before) - _colour(full_after)) > _SAME_LAB:
        return False
    sides = np.log(_sides(full_before) / _sides(full_after))
    if float(np.abs(sides).max()) > np.log(_SAME_SIDE):
        return False
    apart = float(np.hypot(*(_centre(before[-1]) - _centre(after[0]))))
    return apart <= _FASTER * max(_step(before), _step(after)) * gap + _AWAY * rows


def _join(first: Trail, second: Trail, trails: list[Trail]) -> None:
    """Make the second trail the rest of the first one, in place, and take it out of the others."""
    first.sightings[:] = [*_without_crumbs(first), *second.sightings]
    first.confused_with = (first.confused_with | second.confused_with) - {first.number, second.number}
    trails[:] = [one for one in trails if one is not second]
    for one in trails:
        if one is not first and second.number in one.confused_with:
            one.confused_with = one.confused_with - {second.number} | {first.number}


def _without_crumbs(trail: Trail) -> list[Sighting]:
    usual = float(np.median([one.area for one in trail.sightings]))
    kept = list(trail.sightings)
    while len(kept) > 1 and len(trail.sightings) - len(kept) < _MOST_CRUMBS and kept[-1].area < _CRUMB * usual:
        kept.pop()
    return kept


def _is_full(one: Sighting) -> bool:
    return all(one.free) and not one.touching


def _colour(sightings: Sequence[Sighting]) -> NDArray[np.float64]:
    return np.median([one.lab for one in sightings], axis=0).astype(np.float64)


def _sides(sightings: Sequence[Sighting]) -> NDArray[np.float64]:
    x0, y0, x1, y1 = np.median([one.box for one in sightings], axis=0)
    return np.array([x1 - x0, y1 - y0])


def _centre(one: Sighting) -> NDArray[np.float64]:
    x0, y0, x1, y1 = one.box
    return np.array([x0 + x1, y0 + y1]) / 2


def _step(sightings: Sequence[Sighting]) -> float:
    """How far it moves in a frame, in pixels."""
    frames = max(1, sightings[-1].frame - sightings[0].frame)
    return float(np.hypot(*(_centre(sightings[-1]) - _centre(sightings[0])))) / frames
