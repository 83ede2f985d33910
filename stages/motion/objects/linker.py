"""Links the foreground regions of a shot, frame after frame, to the trails of the things that move in it.

On each frame the regions are compared with where the live trails are expected. A region that several trails may share
is split by colour, pixel by pixel. What no trail explains begins a new trail. H W C = rows, columns, channels;
T R = trails, regions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from stages.motion import colour
from stages.motion.objects.live_trail import KNOWN_SIGHTINGS, LinkingConfig, LiveTrail
from stages.motion.objects.regions import (
    PixelBox,
    Region,
    at_border,
    main_piece,
    meet,
    meeting,
    opened,
    regions_of,
    shared_out,
    united,
)
from stages.motion.objects.trail import Sighting, Trail, absorb, surroundings

_SEEN_PIXELS = 3  # the least part of a shared region that counts as a sighting
_NO_JUMP = 1e3  # the cost of a match that is impossible; any match with cost < 1 is possible
_SIZE_NOISE, _SIZE_STEP = 2, 0.1  # pixels and share by which a thing's sides may differ from frame to frame
_HALF_PIXEL = 0.5  # an expected box that reaches less than this into the frame is outside
_INNERMOST = 0.7  # pixels at this share of the largest depth, or deeper, have the thing's own colour
_INNER = 0.4  # pixels at this share of the largest depth, or deeper, are counted by colour name
_SLOW_CHANGE = 0.2  # weight of the colour of a new sighting in the colour of its trail


class Linker:
    """Takes the frames of one shot in order. `trails` are those found so far."""

    def __init__(self, config: LinkingConfig, background_RGB: NDArray[np.uint8]) -> None:
        self._config = config
        self._frame_box = (0, 0, background_RGB.shape[1], background_RGB.shape[0])
        self._behind_HWC = lab_of(background_RGB)
        self._live: list[LiveTrail] = []
        self._next_number = 0
        self.trails: list[Trail] = []

    def add(self, frame: int, frame_RGB: NDArray[np.uint8], mask_HW: NDArray[np.uint8]) -> None:
        """Link the foreground of the next frame."""
        regions = regions_of(mask_HW, self._config.least_area)
        self._live = [one for one in self._live if self._may_be_seen(one, frame)]
        if not regions:
            return
        lab_HWC = lab_of(frame_RGB)
        claimed: list[tuple[LiveTrail, Region]] = []
        newborn: list[Region] = []
        for members, group in list(self._groups(frame, regions)):
            if len(members) > 1:
                members = self._grown_together(frame, members, group)  # noqa: PLW2901 - a subset of them
            if members:
                parts, rest = self._split(frame, members, united(group), lab_HWC)
                claimed += parts
                newborn += rest
            else:
                newborn += group
        newborn = [region for region in newborn if self._may_be_born(region)]
        rejoined = self._rejoined(frame, newborn, {id(one) for one, _ in claimed}, lab_HWC)
        claimed += [(rejoined.get(index) or self._born(), region) for index, region in enumerate(newborn)]
        self._record(frame, claimed, frame_RGB, lab_HWC)

    def _groups(self, frame: int, regions: Sequence[Region]) -> Iterable[tuple[list[LiveTrail], list[Region]]]:
        """Yield sets of trails with the regions that they may share; a region that no trail expects comes alone."""
        expected = [_pixel_box(one.expected_box(frame, self._config)) for one in self._live]
        meet_TR = meeting(expected, [region.box for region in regions], self._config.reach)
        left_R = np.ones(len(regions), np.bool_)
        while left_R.any():
            reached_R = np.arange(len(regions)) == left_R.argmax()
            while True:
                members_T = meet_TR[:, reached_R].any(axis=1)
                more_R = reached_R | meet_TR[members_T].any(axis=0)
                if np.array_equal(more_R, reached_R):
                    break
                reached_R = more_R
            left_R &= ~reached_R
            members, reached = np.flatnonzero(members_T).tolist(), np.flatnonzero(reached_R).tolist()
            yield [self._live[i] for i in members], [regions[r] for r in reached]

    def _grown_together(self, frame: int, members: list[LiveTrail], regions: Sequence[Region]) -> list[LiveTrail]:
        """The members without those that turn out to be parts of another one, now that more of it has entered."""
        boxes = {id(one): _pixel_box(one.expected_box(frame, self._config)) for one in members}
        kept: list[LiveTrail] = []
        for one in sorted(members, key=lambda one: (-one.depth, one.trail.number)):
            host = next(
                (
                    other
                    for other in kept
                    if self._could_be_one(one, other)
                    and any(meet(boxes[id(one)], r.box) and meet(boxes[id(other)], r.box) for r in regions)
                ),
                None,
            )
            if host is None:
                kept.append(one)
            else:
                absorb(host.trail, one.trail, self._frame_box)
                self._live.remove(one)
                self.trails.remove(one.trail)
        return kept

    def _could_be_one(self, one: LiveTrail, other: LiveTrail) -> bool:
        """Whether both have only been seen at the frame's border, and their colours agree as far as they are known."""
        if not all(at_border(seen.box, self._frame_box) for seen in one.trail.sightings + other.trail.sightings):
            return False
        limit = self._config.young_tolerance if one.is_young else self._config.alike
        return float(np.linalg.norm(one.lab - other.lab)) < limit

    def _split(
        self, frame: int, members: Sequence[LiveTrail], region: Region, lab_HWC: NDArray[np.float32]
    ) -> tuple[list[tuple[LiveTrail, Region]], list[Region]]:
        """Split a region: each member's part of it, and the parts that belong to none of them."""
        if len(members) == 1 and members[0].is_young:
            return [(members[0], region)], []
        expected = [one.expected(frame, self._config) for one in members]
        if len(members) == 1 and self._is_all_of_it(members[0], region):
            expected = [replace(expected[0], slack=np.inf)]
        owner, cost = shared_out(region, lab_HWC, self._behind_HWC, expected)
        origin = (region.box[0], region.box[1])
        odd = ((cost > 1) & (region.mask_hw > 0)).astype(np.uint8)
        rest = [part for part in regions_of(opened(odd), self._config.least_area, origin) if part.core().any()]
        taken = np.zeros_like(odd)
        for part in rest:
            x0, y0, x1, y1 = part.box
            taken[y0 - origin[1] : y1 - origin[1], x0 - origin[0] : x1 - origin[0]] |= part.mask_hw
        parts = []
        for index, one in enumerate(members):
            own = ((owner == index) & (region.mask_hw > 0) & (taken == 0)).astype(np.uint8)
            if len(members) > 1 or rest:
                own = opened(own)
            pieces = regions_of(own, _SEEN_PIXELS, origin)
            if pieces:
                parts.append((one, main_piece(pieces)))
        return parts, rest

    def _is_all_of_it(self, one: LiveTrail, region: Region) -> bool:
        """Whether a region has the size of the thing when it was last seen, uncovered and inside the frame.

        The region then is the thing, even if it is not where it was expected.
        """
        last = one.trail.last.box
        if at_border(last, self._frame_box) or one.trail.last.touching:
            return False
        sides = [(box[2] - box[0], box[3] - box[1]) for box in (last, region.box)]
        return all(abs(now - before) <= _SIZE_NOISE + _SIZE_STEP * before for before, now in zip(*sides, strict=True))

    def _may_be_seen(self, one: LiveTrail, frame: int) -> bool:
        """Whether a trail may go on: it has not been lost for long, and is not expected to be outside by now."""
        if frame - one.trail.last.frame > self._config.lost_frames:
            return False
        x0, y0, x1, y1 = one.expected_edges(frame, self._config)
        left, top, right, bottom = self._frame_box
        return (
            x1 > left + _HALF_PIXEL
            and y1 > top + _HALF_PIXEL
            and x0 < right - _HALF_PIXEL
            and y0 < bottom - _HALF_PIXEL
        )

    def _rejoined(
        self, frame: int, newborn: Sequence[Region], claimed: set[int], lab_HWC: NDArray[np.float32]
    ) -> dict[int, LiveTrail]:
        """Match new regions to the trails that have no region on this frame: region index -> trail."""
        waiting = [one for one in self._live if id(one) not in claimed]
        if not waiting or not newborn:
            return {}
        costs = np.array([[self._jump(one, region, frame, lab_HWC) for region in newborn] for one in waiting])
        rows, columns = linear_sum_assignment(costs)
        return {int(c): waiting[r] for r, c in zip(rows, columns, strict=True) if costs[r, c] < 1}

    def _jump(self, one: LiveTrail, region: Region, frame: int, lab_HWC: NDArray[np.float32]) -> float:
        """Cost of matching the region to the trail: distance divided by the allowed distance; 1 and more: no match."""
        x0, y0, x1, y1 = one.expected_box(frame, self._config)
        left, top, right, bottom = region.box
        apart = float(np.hypot((x0 + x1 - left - right) / 2, (y0 + y1 - top - bottom) / 2))
        young = len(one.trail.sightings) <= KNOWN_SIGHTINGS
        cost = apart / (self._config.young_jump if young else self._config.jump)
        lab, _ = _innermost_colour(region, region.depths(), lab_HWC)
        if not one.is_young and float(np.linalg.norm(lab - one.lab)) > self._config.tolerance:
            return _NO_JUMP
        return min(cost, _NO_JUMP)

    def _may_be_born(self, region: Region) -> bool:
        if at_border(region.box, self._frame_box):
            return True
        return region.area >= self._config.birth_area and bool(region.core().any())

    def _born(self) -> LiveTrail:
        trail = Trail(number=self._next_number)
        self._next_number += 1
        self.trails.append(trail)
        live = LiveTrail(trail, np.zeros(3, np.float32))
        self._live.append(live)
        return live

    def _record(
        self,
        frame: int,
        claimed: Sequence[tuple[LiveTrail, Region]],
        frame_RGB: NDArray[np.uint8],
        lab_HWC: NDArray[np.float32],
    ) -> None:
        height, width = frame_RGB.shape[:2]
        owners = np.zeros((height, width), np.int32)
        for one, region in claimed:
            owners[region.crop][region.mask_hw > 0] = one.trail.number + 1
        for one, region in claimed:
            depths = region.depths()
            lab, depth = _innermost_colour(region, depths, lab_HWC)
            free, touching = surroundings(region, owners, one.trail.number + 1, self._frame_box)
            if not one.trail.sightings:
                one.trail.born_touching = touching
            one.trail.sightings.append(
                Sighting(
                    frame=frame,
                    box=region.box,
                    area=region.area,
                    free=free,
                    touching=touching,
                    depth=depth,
                    lab=lab,
                    shape=region.shape(),
                    names=colour.count_names(frame_RGB[region.crop][depths >= _INNER * depth]),
                )
            )
            if depth >= one.depth:
                one.lab, one.depth = lab, depth
            elif not touching and depth >= _INNERMOST * one.depth:
                one.lab = ((1 - _SLOW_CHANGE) * one.lab + _SLOW_CHANGE * lab).astype(np.float32)
            one.note_rest(self._config)
        self._note_confusions(claimed)

    def _note_confusions(self, claimed: Sequence[tuple[LiveTrail, Region]]) -> None:
        by_number = {one.trail.number: one for one, _ in claimed}
        for one, _ in claimed:
            for number in one.trail.last.touching:
                other = by_number[number]
                if float(np.linalg.norm(one.lab - other.lab)) < self._config.alike:
                    one.trail.confused_with.add(number)


def lab_of(frame_RGB: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The slightly blurred frame in Lab, with L in 0..100; [H, W, 3]."""
    lab_HWC = cv2.cvtColor(cv2.blur(frame_RGB, (3, 3)), cv2.COLOR_RGB2LAB).astype(np.float32)
    lab_HWC[..., 0] *= 100.0 / 255.0
    return lab_HWC


def _pixel_box(box: tuple[float, float, float, float]) -> PixelBox:
    return int(box[0]), int(box[1]), int(box[2]) + 1, int(box[3]) + 1


def _innermost_colour(
    region: Region, depths_hw: NDArray[np.float32], lab_HWC: NDArray[np.float32]
) -> tuple[NDArray[np.float32], float]:
    """Median Lab colour of the region's innermost pixels, and the largest depth."""
    depth = float(depths_hw.max())
    innermost = depths_hw >= _INNERMOST * depth
    return np.median(lab_HWC[region.crop][innermost], axis=0).astype(np.float32), depth
