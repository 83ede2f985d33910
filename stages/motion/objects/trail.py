"""Trails: the sightings of one moving thing, one for each analysis frame on which it is seen.

H W = frame rows, columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from stages.motion.objects.regions import PixelBox, Region, union

SLIVER_PIXELS = 2.5
"""A thing that enters is seen once this much of it is inside the frame."""

_REACH = 3  # pixels: things that come this near touch each other
_AROUND = np.ones((2 * _REACH + 1, 2 * _REACH + 1), np.uint8)
_EDGE = 2  # pixels along an edge that decide whether it is free
_MOST_COVERED = 0.3  # an edge is free if a smaller share of its pixels is near another thing
_ATTACHED = 0.7  # two trails may be one thing if this share of the sightings of one touches the other
_STEADY = 0.5, 2  # share of the size of the larger one, and pixels, by which the offset of a part may vary
_LEAST_LASTING = 3  # sightings: what is seen more briefly cannot have been exchanged with another thing
_STEADY_QUANTILES = 0.1, 0.9  # the offsets between these quantiles count
_AROUND_BORDER = 2, 4  # sightings before and after a moment that show whether the thing was outside just then
_LEAST_AROUND_BORDER = 5


@dataclass(frozen=True, eq=False)
class Sighting:
    """The visible part of a thing on one frame."""

    frame: int
    """Index of the analysis frame within the shot."""
    box: PixelBox
    """Box of the visible part."""
    area: int
    """Visible pixels."""
    free: tuple[bool, bool, bool, bool]
    """Whether each edge (left, top, right, bottom) is its own: neither at the frame's border nor covered."""
    touching: tuple[int, ...]
    """Numbers of the trails that it touches."""
    depth: float
    """Distance of its innermost pixel from its contour, in pixels."""
    lab: NDArray[np.float32]
    """Median Lab colour of its innermost pixels, [3]."""
    names: NDArray[np.int64]
    """How many of its inner pixels have each colour name, [13]."""
    shape: NDArray[np.float32] | None
    """Covered share of each cell of a grid over its box, [cells * cells]; None if it was joined from two."""


@dataclass(eq=False)
class Trail:
    """The sightings of one moving thing, in order of time."""

    number: int
    """Unique within the shot."""
    born_touching: tuple[int, ...] = ()
    """Numbers of the trails that it touched at its first sighting."""
    confused_with: set[int] = field(default_factory=set)
    """Numbers of the trails of similar colour that it touched: the two may have been exchanged."""
    sightings: list[Sighting] = field(default_factory=list)

    @property
    def last(self) -> Sighting:
        """The latest sighting."""
        return self.sightings[-1]


def surroundings(
    region: Region, owners_HW: NDArray[np.int32], own: int, frame_box: PixelBox
) -> tuple[tuple[bool, bool, bool, bool], tuple[int, ...]]:
    """Which edges (left, top, right, bottom) are the region's own, and the numbers of the trails that it touches.

    `owners_HW` holds for each pixel the number of its trail plus 1, or 0. `own` is the region's own entry.
    """
    x0, y0, x1, y1 = region.box
    left, top = max(frame_box[0], x0 - _REACH), max(frame_box[1], y0 - _REACH)
    right, bottom = min(frame_box[2], x1 + _REACH), min(frame_box[3], y1 + _REACH)
    around = owners_HW[top:bottom, left:right]
    others = ((around != 0) & (around != own)).astype(np.uint8)
    if not others.any():
        clear = (x0 > frame_box[0], y0 > frame_box[1], x1 < frame_box[2], y1 < frame_box[3])
        return clear, ()
    near = cv2.dilate(others, _AROUND) > 0
    mine = around == own
    touched = cv2.dilate(mine.astype(np.uint8), _AROUND) > 0
    touching = tuple(int(number) - 1 for number in np.unique(around[touched & (others > 0)]))
    rows, columns = np.nonzero(mine)
    columns, rows = columns + left, rows + top
    inner = near[mine]
    free = tuple(
        inside and float(inner[edge].mean()) < _MOST_COVERED
        for inside, edge in (
            (x0 > frame_box[0], columns < x0 + _EDGE),
            (y0 > frame_box[1], rows < y0 + _EDGE),
            (x1 < frame_box[2], columns >= x1 - _EDGE),
            (y1 < frame_box[3], rows >= y1 - _EDGE),
        )
    )
    return (free[0], free[1], free[2], free[3]), touching


def unified(trails: Sequence[Trail], frame_box: PixelBox) -> list[Trail]:
    """The trails, in which all that move as one are one: each part has become a part of the longest of them.

    A part may touch nothing but other parts, as letters touch the board between them: so this is repeated until no
    trail touches and moves with another one.
    """
    kept = list(trails)
    whole = {trail.number: trail.number for trail in trails}
    count = len(kept) + 1
    while len(kept) < count:
        count = len(kept)
        kept = _unified_once(kept, whole, frame_box)
    lasting = {trail.number for trail in kept if len(trail.sightings) >= _LEAST_LASTING}
    for trail in kept:
        trail.confused_with = {whole.get(n, n) for n in trail.confused_with} & lasting - {trail.number}
    return sorted(kept, key=lambda one: one.number)


def _unified_once(trails: Sequence[Trail], whole: dict[int, int], frame_box: PixelBox) -> list[Trail]:
    """The trails that are left after each has been compared with the longer ones; `whole` learns what it is part of."""
    hosts: dict[int, Trail] = {}
    for trail in sorted(trails, key=lambda one: (-len(one.sightings), one.number)):
        touched = (hosts[n] for n in _companions(trail, whole) if n in hosts)
        host = next((other for other in touched if _moves_with(trail, other)), None)
        if host is None:
            hosts[trail.number] = trail
            continue
        absorb(host, trail, frame_box)
        for number, of in whole.items():
            if of == trail.number:
                whole[number] = host.number
    return list(hosts.values())


def _companions(trail: Trail, whole: dict[int, int]) -> list[int]:
    """Numbers of the trails that it touches most of the time, directly or by a part of them."""
    counts: dict[int, int] = {}
    for one in trail.sightings:
        for number in {whole.get(n, n) for n in one.touching}:
            counts[number] = counts.get(number, 0) + 1
    return sorted(n for n, count in counts.items() if count >= _ATTACHED * len(trail.sightings))


def _moves_with(trail: Trail, host: Trail) -> bool:
    """Whether the two stay at nearly the same place in the box of the larger one."""
    boxes = {one.frame: one.box for one in host.sightings}
    common = [(one.box, boxes[one.frame]) for one in trail.sightings if one.frame in boxes]
    if len(common) < _ATTACHED * len(trail.sightings):
        return False
    edges_N24 = np.array(common, dtype=np.float64)
    apart_N4 = edges_N24[:, 0] - edges_N24[:, 1]
    sizes = np.median(edges_N24[:, :, 2:] - edges_N24[:, :, :2], axis=0).max(axis=0)
    low, high = np.quantile((apart_N4[:, :2] + apart_N4[:, 2:]) / 2, _STEADY_QUANTILES, axis=0)
    return bool((high - low <= _STEADY[0] * sizes + _STEADY[1]).all())


def absorb(host: Trail, trail: Trail, frame_box: PixelBox) -> None:
    """Make the trail a part of the host, in place: the host gets its pixels, and touches what it touched."""
    own = {host.number, trail.number}
    by_frame = {one.frame: one for one in host.sightings}
    for one in trail.sightings:
        mine = by_frame.get(one.frame)
        by_frame[one.frame] = one if mine is None else _together(mine, one, own, frame_box)
    host.sightings[:] = [
        replace(by_frame[frame], touching=tuple(n for n in by_frame[frame].touching if n not in own))
        for frame in sorted(by_frame)
    ]
    host.confused_with = (host.confused_with | trail.confused_with) - own


def _together(mine: Sighting, one: Sighting, own: set[int], frame_box: PixelBox) -> Sighting:
    box = union([mine.box, one.box])
    others = tuple(sorted((set(mine.touching) | set(one.touching)) - own))
    return replace(
        mine,
        box=box,
        area=mine.area + one.area,
        free=_free_edges(box, (mine, one), frame_box, not others),
        touching=others,
        depth=max(mine.depth, one.depth),
        lab=mine.lab if mine.depth >= one.depth else one.lab,
        names=mine.names + one.names,
        shape=None,
    )


def split_at_border(trail: Trail, frame_box: PixelBox, next_number: int) -> list[Trail]:
    """The trail, split at each moment at which the thing was briefly outside, between two sightings at a border."""
    pieces = [trail]
    before, after = _AROUND_BORDER
    for index in range(before, len(trail.sightings) - before):
        if _was_outside(trail.sightings[index - before : index + after], frame_box):
            start = len(trail.sightings) - len(pieces[-1].sightings)
            head = replace(pieces[-1], sightings=pieces[-1].sightings[: index + 1 - start])
            tail = Trail(
                number=next_number + len(pieces),
                confused_with=trail.confused_with,
                sightings=pieces[-1].sightings[index + 1 - start :],
            )
            pieces[-1:] = [head, tail]
    return pieces


def _was_outside(around: Sequence[Sighting], frame_box: PixelBox) -> bool:
    """Whether, of about six sightings, the third is the last before leaving and the fourth the first after entering.

    A line through the edge away from the border gives the time at which it crossed the border, once from the sightings
    before and once from those after. The thing was outside if it crossed outwards before it crossed inwards.
    """
    if len(around) < _LEAST_AROUND_BORDER:
        return False
    frames = [one.frame for one in around]
    for side in range(4):
        sign = 1 if side < 2 else -1
        if any(one.box[side] * sign > frame_box[side] * sign for one in around[2:4]):
            continue
        inside = [sign * (one.box[(side + 2) % 4] - frame_box[side]) for one in around]
        out_speed = (inside[0] - inside[2]) / (frames[2] - frames[0])
        in_speed = (inside[-1] - inside[3]) / (frames[-1] - frames[3])
        if out_speed <= 0 or in_speed <= 0:
            continue
        gone = frames[2] + (inside[2] - SLIVER_PIXELS) / out_speed
        back = frames[3] - (inside[3] - SLIVER_PIXELS) / in_speed
        if back > gone:
            return True
    return False


def _free_edges(
    box: PixelBox, pieces: Sequence[Sighting], frame_box: PixelBox, alone: bool
) -> tuple[bool, bool, bool, bool]:
    """Which edges of the united box are free: all inside the frame if nothing else touches it (`alone`)."""
    left, top, right, bottom = frame_box
    inside = (box[0] > left, box[1] > top, box[2] < right, box[3] < bottom)
    if alone:
        return inside
    free = [inside[edge] and any(one.free[edge] for one in pieces if one.box[edge] == box[edge]) for edge in range(4)]
    return free[0], free[1], free[2], free[3]
