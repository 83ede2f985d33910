"""The frames of a world, drawn.

Array names: H rows, W columns, C colour channels (RGB).
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.demo.world.letters import DARK, LIGHT, laid_over, written_on
from pipeline.demo.world.palette import PALETTE
from pipeline.demo.world.scenery import paint
from pipeline.demo.world.shapes import Patch, patch_of
from pipeline.demo.world.world import CameraView, DrawnPlace, DrawnThing, Shot, World, pose_of
from stages.seeding import rng_for

_NOISES = 6  # noise pictures per clip, each used at many offsets


_OFFSETS = 32


def frames_of(world: World, indices: Sequence[int] | None = None) -> Iterator[NDArray[np.uint8]]:
    """The frames as (height, width, 3) RGB, all of them or those of `indices`."""
    wanted = range(world.frame_count) if indices is None else indices
    if world.noise == 0.0:
        yield from (_picture(world, index / world.fps) for index in wanted)
        return
    noises = _noises(world)
    rng = rng_for(world.seed, "noise", world.name)
    draws = rng.integers(0, [_NOISES, _OFFSETS, _OFFSETS], (world.frame_count, 3))
    for index in wanted:
        frame_HWC = _picture(world, index / world.fps)
        which, down, right = draws[index]
        noise_HWC = noises[which][down : down + world.height, right : right + world.width]
        yield np.asarray(cv2.add(frame_HWC, noise_HWC, dtype=cv2.CV_8U), np.uint8)


def _picture(world: World, seconds: float) -> NDArray[np.uint8]:
    shot = world.shot_at(seconds)
    frame_HWC = _background(world, shot, world.view_at(seconds))
    for thing in world.things:
        pose = pose_of(thing, world, seconds)
        patch = patch_of(thing.shape, pose, world.width, world.height) if pose else None
        if pose and patch:
            _blend(frame_HWC, patch, _shaded(thing, patch, pose.y * world.height, pose.size * world.height))
            letters = thing.writing and written_on(thing.writing, pose, world.width, world.height)
            if thing.writing and letters:
                _blend(frame_HWC, letters, _letters_colour(dark=thing.writing.dark))
    gain = world.gain_at(seconds)
    if gain != 1.0:
        frame_HWC = np.asarray(cv2.convertScaleAbs(frame_HWC, alpha=gain), np.uint8)
    for caption in world.captions:
        covered = laid_over(caption, world.width, world.height)
        if covered and caption.start_seconds <= seconds < caption.end_seconds:
            for part, dark in zip(covered, (not caption.writing.dark, caption.writing.dark), strict=True):
                _blend(frame_HWC, part, _letters_colour(dark=dark))
    return frame_HWC


def _letters_colour(*, dark: bool) -> NDArray[np.float32]:
    return np.array(DARK if dark else LIGHT, np.float32)


def _blend(frame_HWC: NDArray[np.uint8], patch: Patch, colour_HWC: NDArray[np.float32]) -> None:
    under_HWC = frame_HWC[patch.rows, patch.columns]
    alpha_HWC = patch.alpha[..., None]
    frame_HWC[patch.rows, patch.columns] = np.round(under_HWC * (1 - alpha_HWC) + colour_HWC * alpha_HWC)


def _shaded(thing: DrawnThing, patch: Patch, y: float, size: float) -> NDArray[np.float32]:
    """The thing's colour, a little lighter at the top and darker at the bottom."""
    rows = np.arange(patch.rows.start, patch.rows.stop, dtype=np.float32)
    light_H = 1.0 - 0.12 * np.clip((rows + 0.5 - y) / size, -0.5, 0.5)
    colour_C = np.array(PALETTE[thing.colour], np.float32)
    return np.asarray(np.clip(light_H[:, None, None] * colour_C, 0, 255), np.float32)


def _background(world: World, shot: Shot, view: CameraView) -> NDArray[np.uint8]:
    if len(shot.views) == 1 and (view.x, view.y, view.zoom) == (0.0, 0.0, 1.0):
        return _scenery(shot.place, world.width, world.height, world.height).copy()
    left, top, right, bottom = _extent(shot)
    canvas_HWC = _scenery(
        shot.place,
        int(np.ceil((right - left) * world.width)),
        int(np.ceil((bottom - top) * world.height)),
        world.height,
    )
    # pixel p of the frame shows the canvas at (p - half) / zoom + half + camera
    half = (world.width / 2, world.height / 2)
    offset = ((view.x - left) * world.width, (view.y - top) * world.height)
    matrix = np.array(
        [[1 / view.zoom, 0, half[0] - half[0] / view.zoom + offset[0]],
         [0, 1 / view.zoom, half[1] - half[1] / view.zoom + offset[1]]]
    )  # fmt: skip
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    warped = cv2.warpAffine(canvas_HWC, matrix, (world.width, world.height), flags=flags, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(warped, np.uint8)


def _extent(shot: Shot) -> tuple[float, float, float, float]:
    """The area that the camera sees during a shot, in frame sides: left, top, right, bottom."""
    reach = [0.5 / view.zoom for view in shot.views]
    return (
        min(view.x + 0.5 - r for view, r in zip(shot.views, reach, strict=True)),
        min(view.y + 0.5 - r for view, r in zip(shot.views, reach, strict=True)),
        max(view.x + 0.5 + r for view, r in zip(shot.views, reach, strict=True)),
        max(view.y + 0.5 + r for view, r in zip(shot.views, reach, strict=True)),
    )


@lru_cache(maxsize=8)
def _scenery(place: DrawnPlace, width: int, height: int, unit: int) -> NDArray[np.uint8]:
    return paint(place, width, height, unit)


def _noises(world: World) -> list[NDArray[np.int16]]:
    rng = rng_for(world.seed, "noises", world.name)
    shape = (world.height + _OFFSETS, world.width + _OFFSETS, 1)
    grey = (rng.standard_normal(shape, np.float32) * world.noise for _ in range(_NOISES))
    return [np.repeat(np.round(noise).astype(np.int16), 3, axis=2) for noise in grey]
