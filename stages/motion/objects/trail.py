"""What is seen of one track on one analysis frame, and the run of such sightings that tracking yields.

H W = frame rows, columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from stages.motion.objects.regions import PixelBox, Region, union


@dataclass(frozen=True, eq=False)
class Sighting:
    """The visible part of a track on one frame."""

    frame: int
    """Index of the analysis frame within the shot."""
    box: PixelBox
    """Box of the visible part."""
    area: int
    """Visible pixels."""
    free: tuple[bool, bool, bool, bool]
    """Whether its left, top, right, bottom edge is its own: neither the frame's border nor covered by another."""
    touching: tuple[int, ...]
    """Numbers of the tracks that it touches."""
    depth: float
    """How many pixels its innermost pixel lies inside it."""
    lab: NDArray[np.float32]
    """Median colour of its innermost pixels in Lab, [3]."""
    names: NDArray[np.int64]
    """Counts of its inner pixels by colour name, [13]."""
    shape: NDArray[np.float32] | None
    """Covered share of each cell of a grid laid over its box, [cells * cells]; None where it was put together."""


@dataclass(eq=False)
class Trail:
    """The sightings of one track, in order of time."""

    number: int
    """Its number within the shot."""
    born_touching: tuple[int, ...] = ()
    """Numbers of the tracks that it touched when it was first seen."""
    confused_with: set[int] = field(default_factory=set)
    """Numbers of the tracks alike in colour with which it shared a region: it may have changed places with them."""
    sightings: list[Sighting] = field(default_factory=list)

    @property
    def last(self) -> Sighting:
        """The last sighting."""
        return self.sightings[-1]


def surroundings(
    region: Region, owners_HW: NDArray[np.int32], own: int, frame_box: PixelBox
) -> tuple[tuple[bool, bool, bool, bool], tuple[int, ...]]:
    """Which edges (left, top, right, bottom) are the region's own, and the numbers of the tracks that it touches."""
    x0, y0, x1, y1 = region.box
    reach = 3
    left, top = max(frame_box[0], x0 - reach), max(frame_box[1], y0 - reach)
    right, bottom = min(frame_box[2], x1 + reach), min(frame_box[3], y1 + reach)
    around = owners_HW[top:bottom, left:right]
    others = ((around != 0) & (around != own)).astype(np.uint8)
    if not others.any():
        clear = (x0 > frame_box[0], y0 > frame_box[1], x1 < frame_box[2], y1 < frame_box[3])
        return clear, ()
    near = cv2.dilate(others, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    mine = around == own
    touched = cv2.dilate(mine.astype(np.uint8), np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0
    touching = tuple(int(number) - 1 for number in np.unique(around[touched & (others > 0)]))
    rows, columns = np.nonzero(mine)
    columns, rows = columns + left, rows + top
    inner = near[mine]
    free = tuple(
        inside and float(inner[edge].mean()) < 0.3
        for inside, edge in (
            (x0 > frame_box[0], columns < x0 + 2),
            (y0 > frame_box[1], rows < y0 + 2),
            (x1 < frame_box[2], columns >= x1 - 2),
            (y1 < frame_box[3], rows >= y1 - 2),
        )
    )
    return (free[0], free[1], free[2], free[3]), touching


SLIVER_PIXELS = 2.5
"""The foreground is so much wider than its thing, and so much of a thing must be in view to count."""
_ATTACHED = 0.7  # share of a trail's sightings that touch another's, from which on the two may be one thing


def unified(trails: Sequence[Trail], frame_box: PixelBox) -> list[Trail]:
    """The trails, those that touch another all their life and move with it made part of it."""
    kept: list[Trail] = []
    hosts: dict[int, Trail] = {}
    for trail in sorted(trails, key=lambda one: (-len(one.sightings), one.number)):
        host = next((hosts[n] for n in _companions(trail) if n in hosts and _moves_with(trail, hosts[n])), None)
        if host is None:
            hosts[trail.number] = trail
            kept.append(trail)
        else:
            absorb(host, trail, frame_box)
    return sorted(kept, key=lambda one: one.number)


def _companions(trail: Trail) -> list[int]:
    """Numbers of the trails that it touches nearly always."""
    counts: dict[int, int] = {}
    for one in trail.sightings:
        for number in one.touching:
            counts[number] = counts.get(number, 0) + 1
    return sorted(n for n, count in counts.items() if count >= _ATTACHED * len(trail.sightings))


def _moves_with(trail: Trail, host: Trail) -> bool:
    """Whether the trail lies at nearly the same place in the host's box throughout."""
    boxes = {one.frame: one.box for one in host.sightings}
    offsets = np.array(
        [
            ((one.box[0] + one.box[2]) - (boxes[one.frame][0] + boxes[one.frame][2]),
             (one.box[1] + one.box[3]) - (boxes[one.frame][1] + boxes[one.frame][3]))
            for one in trail.sightings if one.frame in boxes
        ],
        dtype=np.float64,
    ) / 2  # fmt: skip
    if len(offsets) < _ATTACHED * len(trail.sightings):
        return False
    sizes = np.median([(box[2] - box[0], box[3] - box[1]) for box in boxes.values()], axis=0)
    spread = np.quantile(offsets, 0.9, axis=0) - np.quantile(offsets, 0.1, axis=0)
    return bool((spread <= 0.5 * sizes + 2).all())


def absorb(host: Trail, trail: Trail, frame_box: PixelBox) -> None:
    """Make the trail a part of the host, in place: its pixels are the host's, what touched it touches the host."""
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
    """The trail, cut where the thing was outside the frame for a moment between two sightings at a border."""
    pieces = [trail]
    for index in range(2, len(trail.sightings) - 2):
        if _was_outside(trail.sightings[index - 2 : index + 4], frame_box):
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

    Lines through the edge that leads inside tell when it crossed the border on its way out and back in.
    """
    if len(around) < 5:
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
    """Which edges of the united box are free: where nothing else touches it, all inside the frame."""
    left, top, right, bottom = frame_box
    inside = (box[0] > left, box[1] > top, box[2] < right, box[3] < bottom)
    if alone:
        return inside
    free = [inside[edge] and any(one.free[edge] for one in pieces if one.box[edge] == box[edge]) for edge in range(4)]
    return free[0], free[1], free[2], free[3]
