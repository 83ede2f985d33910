"""The foreground of one shot, frame after frame, to the trails of what moves in it.

Each frame's regions are linked to where the tracks are expected; a region that several tracks may share is split per
pixel by their colours; what no track explains is born as a new one. H W C = rows, columns, channels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from schemas.record import Record
from stages.motion import colour
from stages.motion.objects.regions import (
    Expected,
    PixelBox,
    Region,
    at_border,
    main_piece,
    meet,
    opened,
    regions_of,
    shared_out,
    union,
    united,
)
from stages.motion.objects.trail import Sighting, Trail, absorb, surroundings

_SEEN_PIXELS = 3
_NO_JUMP = 1e3
_SIZE_NOISE, _SIZE_STEP = 2, 0.1  # pixels and share by which a thing's sides may differ from frame to frame
_STOPS_AT_ONCE = 2.0  # so many times the step that is expected of it
_STAYS_PIXELS = 2  # an edge that moves no further does not move
_MATURE_DEPTH = 4.5  # pixels: codecs mix colours over about four


class LinkingConfig(Record):
    """How regions become trails."""

    least_area: int = 10
    """Regions with fewer pixels are specks."""
    birth_area: int = 24
    """A new track has at least so many pixels, inside the frame; at its border `least_area` suffices."""
    reach: int = 4
    """A region belongs to a track if it comes within so many pixels of the expected box."""
    tolerance: float = 22.0
    """Lab distance beyond which a pixel does not have its track's colour."""
    young_tolerance: float = 60.0
    """The same while only a sliver of the track has been seen."""
    slack: float = 16.0
    """Pixels outside the expected box that count as much as the whole tolerance."""
    young_slack: float = 60.0
    """The same before a track has been seen three times."""
    jump: float = 24.0
    """A region so many pixels from where a track was expected may still be the track."""
    young_jump: float = 72.0
    """The same before its speed is known."""
    alike: float = 16.0
    """Tracks whose colours are nearer than this in Lab cannot be told apart by colour."""
    lost_frames: int = 4
    """A track not seen for more frames than this is over."""
    velocity_frames: int = 6
    """Over so many frames an edge's speed is fitted."""


@dataclass(eq=False)
class _Live:
    trail: Trail
    lab: NDArray[np.float32]
    depth: float = 0.0
    rest: PixelBox | None = None
    """Where it stands still, as last seen with nothing before it: what comes out on the other side of that is it."""

    @property
    def is_young(self) -> bool:
        """Whether only a sliver of it has been seen, whose colour is mixed with what is behind."""
        return self.depth < _MATURE_DEPTH

    def expected_edges(self, frame: int, config: LinkingConfig) -> tuple[float, float, float, float]:
        """Where its edges should be, by a line through each over the last frames; outside the frame they may cross."""
        recent = self.trail.sightings[-config.velocity_frames :]
        last = np.array(recent[-1].box, dtype=np.float64)
        times = np.array([one.frame for one in recent], dtype=np.float64)
        if len(recent) > 1:
            edges = np.array([one.box for one in recent], dtype=np.float64)
            times -= times.mean()
            slopes = (times[:, None] * (edges - edges.mean(axis=0))).sum(axis=0) / (times**2).sum()
            last += slopes * (frame - recent[-1].frame)
        x0, y0, x1, y1 = last.tolist()
        return x0, y0, x1, y1

    def expected_box(self, frame: int, config: LinkingConfig) -> tuple[float, float, float, float]:
        """Where its box should be, with all that may be covered of it where it stands still."""
        x0, y0, x1, y1 = self.expected_edges(frame, config)
        x0, y0, x1, y1 = min(x0, x1 - 2), min(y0, y1 - 2), max(x1, x0 + 2), max(y1, y0 + 2)
        if self.rest is None or not self.trail.last.touching:
            return x0, y0, x1, y1
        left, top, right, bottom = self.rest
        return min(x0, left), min(y0, top), max(x1, right), max(y1, bottom)

    def note_rest(self, config: LinkingConfig) -> None:
        """Remember where it stands still, or that it moves."""
        last = self.trail.last
        if not last.touching:
            before = self.trail.sightings[-config.velocity_frames :][0]
            stays = len(self.trail.sightings) >= config.velocity_frames and not before.touching
            self.rest = last.box if stays and _differ(last.box, before.box) <= _STAYS_PIXELS else None
        elif self.rest is not None and _differ(union([self.rest, last.box]), self.rest) > _STAYS_PIXELS:
            self.rest = None

    def expected(self, frame: int, config: LinkingConfig) -> Expected:
        """Where and how it should look on a frame; what is fast may stop at once, and then is not where expected."""
        box = self.expected_box(frame, config)
        far = max(abs(now - before) for now, before in zip(box, self.trail.last.box, strict=True))
        slack = max(config.slack, _STOPS_AT_ONCE * far) if len(self.trail.sightings) > 2 else config.young_slack
        return Expected(
            box=box,
            lab=self.lab,
            tolerance=config.young_tolerance if self.is_young else config.tolerance,
            slack=slack,
        )


class Linker:
    """Takes the frames of one shot in order; `trails` are what it has found so far."""

    def __init__(self, config: LinkingConfig, background_RGB: NDArray[np.uint8]) -> None:
        self._config = config
        self._frame_box = (0, 0, background_RGB.shape[1], background_RGB.shape[0])
        self._behind_HWC = lab_of(background_RGB)
        self._live: list[_Live] = []
        self._next_number = 0
        self.trails: list[Trail] = []

    def add(self, frame: int, frame_RGB: NDArray[np.uint8], mask_HW: NDArray[np.uint8]) -> None:
        """Link the foreground of one frame."""
        regions = regions_of(mask_HW, self._config.least_area)
        self._live = [one for one in self._live if self._may_be_seen(one, frame)]
        if not regions:
            return
        lab_HWC = lab_of(frame_RGB)
        claimed: list[tuple[_Live, Region]] = []
        newborn: list[Region] = []
        for members, group in list(self._groups(frame, regions)):
            if len(members) > 1:
                members = self._grown_together(frame, members, group)  # noqa: PLW2901 - fewer of the same
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

    def _groups(self, frame: int, regions: Sequence[Region]) -> Iterable[tuple[list[_Live], list[Region]]]:
        """Tracks and the regions that they may share, connected sets of both; regions nobody expects are alone."""
        boxes = [one.expected_box(frame, self._config) for one in self._live]
        whole = [_whole(box) for box in boxes]
        free = set(range(len(self._live)))
        left = set(range(len(regions)))
        while left:
            reached, members = {min(left)}, set[int]()
            while True:
                joined = {i for i in free if any(meet(whole[i], regions[r].box, self._config.reach) for r in reached)}
                more = {r for r in left if any(meet(whole[i], regions[r].box, self._config.reach) for i in joined)}
                if joined <= members and more <= reached:
                    break
                members |= joined
                reached |= more
            left -= reached
            free -= members
            yield [self._live[i] for i in sorted(members)], [regions[r] for r in sorted(reached)]

    def _grown_together(self, frame: int, members: list[_Live], regions: Sequence[Region]) -> list[_Live]:
        """The members without those that prove to be points of another, now that more of it has come in."""
        boxes = {id(one): _whole(one.expected_box(frame, self._config)) for one in members}
        kept: list[_Live] = []
        for one in sorted(members, key=lambda one: (-one.depth, one.trail.number)):
            whole = next(
                (
                    other
                    for other in kept
                    if self._could_be_one(one, other)
                    and any(meet(boxes[id(one)], r.box) and meet(boxes[id(other)], r.box) for r in regions)
                ),
                None,
            )
            if whole is None:
                kept.append(one)
            else:
                absorb(whole.trail, one.trail, self._frame_box)
                self._live.remove(one)
                self.trails.remove(one.trail)
        return kept

    def _could_be_one(self, one: _Live, other: _Live) -> bool:
        """Whether neither has yet been seen apart from the border, and their colours agree as far as they show."""
        if not all(at_border(seen.box, self._frame_box) for seen in one.trail.sightings + other.trail.sightings):
            return False
        limit = self._config.young_tolerance if one.is_young else self._config.alike
        return float(np.linalg.norm(one.lab - other.lab)) < limit

    def _split(
        self, frame: int, members: Sequence[_Live], region: Region, lab_HWC: NDArray[np.float32]
    ) -> tuple[list[tuple[_Live, Region]], list[Region]]:
        """Each member's part of the region, and what none of them explains."""
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

    def _is_all_of_it(self, one: _Live, region: Region) -> bool:
        """Whether a region has the size of the track, last seen all inside the frame: it is there, if not expected."""
        last = one.trail.last.box
        if at_border(last, self._frame_box) or one.trail.last.touching:
            return False
        sides = [(box[2] - box[0], box[3] - box[1]) for box in (last, region.box)]
        return all(abs(now - before) <= _SIZE_NOISE + _SIZE_STEP * before for before, now in zip(*sides, strict=True))

    def _may_be_seen(self, one: _Live, frame: int) -> bool:
        """Whether a track may be in view: neither lost for long, nor on its way out and by now outside."""
        if frame - one.trail.last.frame > self._config.lost_frames:
            return False
        x0, y0, x1, y1 = one.expected_edges(frame, self._config)
        left, top, right, bottom = self._frame_box
        return x1 > left + 0.5 and y1 > top + 0.5 and x0 < right - 0.5 and y0 < bottom - 0.5

    def _rejoined(
        self, frame: int, newborn: Sequence[Region], claimed: set[int], lab_HWC: NDArray[np.float32]
    ) -> dict[int, _Live]:
        """Tracks that nothing was claimed for on this frame, by the index of the new region that each jumped to."""
        waiting = [one for one in self._live if id(one) not in claimed]
        if not waiting or not newborn:
            return {}
        costs = np.array([[self._jump(one, region, frame, lab_HWC) for region in newborn] for one in waiting])
        rows, columns = linear_sum_assignment(costs)
        return {int(c): waiting[r] for r, c in zip(rows, columns, strict=True) if costs[r, c] < 1}

    def _jump(self, one: _Live, region: Region, frame: int, lab_HWC: NDArray[np.float32]) -> float:
        """Cost of the region being the track: its distance over what is allowed; 1 and more: it is not."""
        x0, y0, x1, y1 = one.expected_box(frame, self._config)
        left, top, right, bottom = region.box
        apart = float(np.hypot((x0 + x1 - left - right) / 2, (y0 + y1 - top - bottom) / 2))
        young = len(one.trail.sightings) <= 2
        cost = apart / (self._config.young_jump if young else self._config.jump)
        lab, _ = _innermost_colour(region, region.depths(), lab_HWC)
        if not one.is_young and float(np.linalg.norm(lab - one.lab)) > self._config.tolerance:
            return _NO_JUMP
        return min(cost, _NO_JUMP)

    def _may_be_born(self, region: Region) -> bool:
        if at_border(region.box, self._frame_box):
            return True
        return region.area >= self._config.birth_area and bool(region.core().any())

    def _born(self) -> _Live:
        trail = Trail(number=self._next_number)
        self._next_number += 1
        self.trails.append(trail)
        live = _Live(trail, np.zeros(3, np.float32))
        self._live.append(live)
        return live

    def _record(
        self,
        frame: int,
        claimed: Sequence[tuple[_Live, Region]],
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
                    names=colour.count_names(frame_RGB[region.crop][depths >= 0.4 * depth]),
                )
            )
            if depth >= one.depth:
                one.lab, one.depth = lab, depth
            elif not touching and depth >= 0.7 * one.depth:
                one.lab = (0.8 * one.lab + 0.2 * lab).astype(np.float32)
            one.note_rest(self._config)
        self._note_confusions(claimed)

    def _note_confusions(self, claimed: Sequence[tuple[_Live, Region]]) -> None:
        by_number = {one.trail.number: one for one, _ in claimed}
        for one, _ in claimed:
            for number in one.trail.last.touching:
                other = by_number[number]
                if float(np.linalg.norm(one.lab - other.lab)) < self._config.alike:
                    one.trail.confused_with.add(number)


def lab_of(frame_RGB: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Lab with L in 0..100, [H, W, 3]."""
    lab_HWC = cv2.cvtColor(cv2.blur(frame_RGB, (3, 3)), cv2.COLOR_RGB2LAB).astype(np.float32)
    lab_HWC[..., 0] *= 100.0 / 255.0
    return lab_HWC


def _whole(box: tuple[float, float, float, float]) -> PixelBox:
    return int(box[0]), int(box[1]), int(box[2]) + 1, int(box[3]) + 1


def _innermost_colour(
    region: Region, depths_hw: NDArray[np.float32], lab_HWC: NDArray[np.float32]
) -> tuple[NDArray[np.float32], float]:
    """Median Lab of the region's innermost pixels, and how deep they lie."""
    depth = float(depths_hw.max())
    innermost = depths_hw >= 0.7 * depth
    return np.median(lab_HWC[region.crop][innermost], axis=0).astype(np.float32), depth


def _differ(a: PixelBox, b: PixelBox) -> int:
    """By how many pixels the edges of two boxes differ at most."""
    return max(abs(x - y) for x, y in zip(a, b, strict=True))
