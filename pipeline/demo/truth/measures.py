"""What each second of a world shows as a whole: light, motion, and the camera's shift.

Array names: H rows, W columns.
"""

from itertools import pairwise
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.demo.truth.visible import Presence, Sight, moving_at
from pipeline.demo.world.frames import frames_of
from pipeline.demo.world.world import World
from schemas.scene import Measure


def measures_of(presences: list[Presence], world: World) -> list[Measure]:
    """One measure for every second, the last one for what is left."""
    motion = _motion_per_frame(presences, world)
    measures = []
    for second in range(ceil(world.duration_seconds - 1e-6)):
        frames = range(second * world.fps, min((second + 1) * world.fps, world.frame_count))
        left, centre, right = motion[frames.start : frames.stop].mean(axis=0)
        shift_x, shift_y, scale = _camera(world, frames)
        measures.append(
            Measure(
                pts_seconds=float(second),
                luma=_luma(world, frames),
                motion_left=float(left),
                motion_centre=float(centre),
                motion_right=float(right),
                shift_x=shift_x,
                shift_y=shift_y,
                scale=scale,
            )
        )
    return measures


def _luma(world: World, frames: range) -> float:
    """Mean brightness of about five of the frames, 0..1."""
    shown = frames_of(world, frames[:: max(1, len(frames) // 5)])
    return float(np.mean([cv2.cvtColor(frame_HWC, cv2.COLOR_RGB2GRAY).mean() for frame_HWC in shown])) / 255


def _camera(world: World, frames: range) -> tuple[float | None, float | None, float | None]:
    """How far the background shifts until the frame after these, and its growth; None where a cut lies between."""
    first = frames.start / world.fps
    shot = world.shot_at(first)
    if shot != world.shot_at((frames.stop - 1) / world.fps):
        return None, None, None
    after_all = frames.stop / world.fps
    last = after_all if world.shot_at(after_all) == shot else (frames.stop - 1) / world.fps
    before, after = world.view_at(first), world.view_at(last)
    return (before.x - after.x) * before.zoom, (before.y - after.y) * before.zoom, after.zoom / before.zoom


def _motion_per_frame(presences: list[Presence], world: World) -> NDArray[np.float64]:
    """(frames, 3): the share of the left, centre and right third whose pixels things that move by themselves enter or
    leave, from the frame a tenth of a second before.
    """
    step = max(1, world.fps // 10)
    third = world.width / 3 * world.height
    motion = np.zeros((world.frame_count, 3))
    for one in presences:
        sights = {sight.index: sight for sight in one.sights}
        for index in range(step, world.frame_count):
            seconds, before = index / world.fps, (index - step) / world.fps
            if world.shot_at(seconds) == world.shot_at(before) and (
                moving_at(one.thing, before) or moving_at(one.thing, seconds - 0.5 / world.fps)
            ):
                changed = _columns(sights.get(index), sights.get(index - step), world)
                edges = np.linspace(0, world.width, 4).round().astype(int)
                motion[index] += [changed[a:b].sum() / third for a, b in pairwise(edges)]
    return motion


def _columns(now: Sight | None, before: Sight | None, world: World) -> NDArray[np.int64]:
    """How many pixels of each column are seen of a thing on one of the frames and not on the other."""
    changed = np.zeros(world.width, np.int64)
    for sight, other in ((now, before), (before, now)):
        if sight is None:
            continue
        only_HW = sight.mask.copy()
        if other is not None:
            _take_out(only_HW, sight, other)
        changed[sight.left : sight.left + only_HW.shape[1]] += only_HW.sum(axis=0)
    return changed


def _take_out(mask_HW: NDArray[np.bool_], sight: Sight, other: Sight) -> None:
    height, width = mask_HW.shape
    top, left = max(sight.top, other.top), max(sight.left, other.left)
    bottom = min(sight.top + height, other.top + other.mask.shape[0])
    right = min(sight.left + width, other.left + other.mask.shape[1])
    if top < bottom and left < right:
        theirs = other.mask[top - other.top : bottom - other.top, left - other.left : right - other.left]
        mask_HW[top - sight.top : bottom - sight.top, left - sight.left : right - sight.left] &= ~theirs
