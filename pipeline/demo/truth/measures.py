"""The measures of each second of a world: brightness, motion, and the shift of the camera.

Array names: H rows, W columns.
"""

from itertools import pairwise
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.demo.truth.visible import StretchInView, VisiblePart, moving_at
from pipeline.demo.world.frames import frames_of
from pipeline.demo.world.letters import laid_over
from pipeline.demo.world.world import Caption, World
from schemas.scene import Measure

_COVERED = 0.5  # share of a pixel that is covered, if it counts as changed


def measures_of(stretches: list[StretchInView], world: World) -> list[Measure]:
    """One measure per second; the last one covers the rest of the clip."""
    motion = _motion_per_frame(stretches, world)
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


def _motion_per_frame(stretches: list[StretchInView], world: World) -> NDArray[np.float64]:
    """(frames, 3): the share of the left, centre and right third whose pixels things that move by themselves enter or
    leave, from the frame a tenth of a second before.
    """
    step = max(1, world.fps // 10)
    third = world.width / 3 * world.height
    motion = np.zeros((world.frame_count, 3))
    for one in stretches:
        parts = {part.index: part for part in one.parts}
        for index in range(step, world.frame_count):
            seconds, before = index / world.fps, (index - step) / world.fps
            if world.shot_at(seconds) == world.shot_at(before) and (
                moving_at(one.thing, before) or moving_at(one.thing, seconds - 0.5 / world.fps)
            ):
                changed = _columns(parts.get(index), parts.get(index - step), world)
                edges = np.linspace(0, world.width, 4).round().astype(int)
                motion[index] += [changed[a:b].sum() / third for a, b in pairwise(edges)]
    for caption in world.captions:
        motion += _popping_up(caption, world, step) / third
    return motion


def _popping_up(caption: Caption, world: World, step: int) -> NDArray[np.float64]:
    """(frames, 3): the pixels of each third that a caption covers, on the frames right after it appears or vanishes."""
    motion = np.zeros((world.frame_count, 3))
    covered = laid_over(caption, world.width, world.height)
    if covered is None:
        return motion
    columns = np.zeros(world.width, np.int64)
    columns[covered[0].columns] = (covered[0].alpha >= _COVERED).sum(axis=0)
    edges = np.linspace(0, world.width, 4).round().astype(int)
    for moment in (caption.start_seconds, caption.end_seconds):
        first = ceil(moment * world.fps - 1e-6)
        if 0 < first < world.frame_count:
            motion[first : first + step] += [columns[a:b].sum() for a, b in pairwise(edges)]
    return motion


def _columns(now: VisiblePart | None, before: VisiblePart | None, world: World) -> NDArray[np.int64]:
    """How many pixels of each column are seen of a thing on one of the frames and not on the other."""
    changed = np.zeros(world.width, np.int64)
    for part, other in ((now, before), (before, now)):
        if part is None:
            continue
        only_HW = part.mask.copy()
        if other is not None:
            _take_out(only_HW, part, other)
        changed[part.left : part.left + only_HW.shape[1]] += only_HW.sum(axis=0)
    return changed


def _take_out(mask_HW: NDArray[np.bool_], part: VisiblePart, other: VisiblePart) -> None:
    height, width = mask_HW.shape
    top, left = max(part.top, other.top), max(part.left, other.left)
    bottom = min(part.top + height, other.top + other.mask.shape[0])
    right = min(part.left + width, other.left + other.mask.shape[1])
    if top < bottom and left < right:
        theirs = other.mask[top - other.top : bottom - other.top, left - other.left : right - other.left]
        mask_HW[top - part.top : bottom - part.top, left - part.left : right - part.left] &= ~theirs
