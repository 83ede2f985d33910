"""The frames of a film, drawn and encoded.

Array names: H rows, W columns, C colour channels (RGB).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import ffmpeg
import imageio_ffmpeg
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from pipeline.demo.truth.scene import truth_of
from pipeline.demo.world.shapes import patch_of
from pipeline.demo.world.world import CameraView, DrawnThing, pose_of
from schemas.scene import Scene
from stages.seeding import rng_for
from tests.prove.kept_apart.film import RGB, Film, Finish, Ground

Floats = NDArray[np.float32]
_AROUND = 0.55  # frames: how far the ground reaches beyond the frame on each side, for a camera that moves
_SMALLER = 4  # shades are drawn at this fraction of the size


def write_film(film: Film, path: Path) -> None:
    """Encode the film as H.264 in MP4. The same film gives the same bytes."""
    world = film.world
    source = ffmpeg.input("pipe:", format="rawvideo", pix_fmt="rgb24", s=f"{world.width}x{world.height}", r=world.fps)
    command = source.output(
        str(path), vcodec="libx264", pix_fmt="yuv420p", crf=film.crf, preset="medium", threads=1, fflags="+bitexact"
    ).global_args("-loglevel", "error", "-nostdin")
    process = command.run_async(cmd=imageio_ffmpeg.get_ffmpeg_exe(), pipe_stdin=True, overwrite_output=True)
    for frame_HWC in film_frames(film):
        process.stdin.write(frame_HWC.tobytes())
    process.stdin.close()
    if process.wait() != 0:
        raise RuntimeError(f"ffmpeg could not write {path} (exit {process.returncode})")


def truth_of_film(film: Film) -> Scene:
    """The scene that a perfect detector would report."""
    truth = truth_of(film.world)
    every = film.world.fps
    lumas = [_luma(frame_HWC) for frame_HWC in film_frames(film, range(0, film.world.frame_count, every))]
    measures = zip(truth.measures, lumas, strict=True)
    return truth.model_copy(update={"measures": tuple(m.model_copy(update={"luma": luma}) for m, luma in measures)})


def _luma(frame_HWC: NDArray[np.uint8]) -> float:
    return float(cv2.cvtColor(frame_HWC, cv2.COLOR_RGB2GRAY).mean()) / 255


def film_frames(film: Film, indices: Sequence[int] | None = None) -> Iterator[NDArray[np.uint8]]:
    """The frames as (height, width, 3) RGB, all of them or those of `indices`."""
    world = film.world
    canvas_HW = _ground(film)
    lens_HW = _lens(film)
    for index in range(world.frame_count) if indices is None else indices:
        seconds = index / world.fps
        frame_HWC = _seen(canvas_HW, world.view_at(seconds), film)[..., None] * np.array(film.tint, np.float32)
        for thing in world.things:
            _paint(frame_HWC, thing, film, seconds)
        frame_HWC = frame_HWC * lens_HW[..., None] + _grain(film, index)
        yield np.clip(np.round(frame_HWC), 0, 255).astype(np.uint8)


def _seen(canvas_HW: Floats, view: CameraView, film: Film) -> Floats:
    """The part of the ground that the camera sees."""
    width, height = film.world.width, film.world.height
    left = (0.5 + view.x - 0.5 / view.zoom + _AROUND) * width
    top = (0.5 + view.y - 0.5 / view.zoom + _AROUND) * height
    matrix = np.array([[1 / view.zoom, 0, left], [0, 1 / view.zoom, top]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(canvas_HW, matrix, (width, height), flags=flags), np.float32)


def _paint(frame_HWC: Floats, thing: DrawnThing, film: Film, seconds: float) -> None:
    pose = pose_of(thing, film.world, seconds)
    patch = patch_of(thing.shape, pose, film.world.width, film.world.height) if pose else None
    if pose is None or patch is None:
        return
    cover_HW = np.pad(patch.alpha, 4)
    if film.blur:
        cover_HW = np.asarray(cv2.GaussianBlur(cover_HW, (0, 0), film.blur), np.float32)
    rows = np.arange(patch.top, patch.top + patch.alpha.shape[0]) - pose.y * film.world.height
    columns = np.arange(patch.left, patch.left + patch.alpha.shape[1]) - pose.x * film.world.width
    out_HW = np.hypot(rows[:, None], columns[None]) / (pose.size * film.world.height / 2)  # 0 centre, 1 contour
    light_HW = _light(film.finish, np.pad(out_HW, 4, mode="edge").astype(np.float32))
    colour_HWC = light_HW[..., None] * np.array(RGB[thing.colour], np.float32) * film.strength
    first_row, first_column = patch.top - 4, patch.left - 4
    a, b = max(0, -first_row), max(0, -first_column)
    rest = frame_HWC[max(0, first_row) :, max(0, first_column) :]
    cover_HW = cover_HW[a : a + rest.shape[0], b : b + rest.shape[1], None]
    colour_HWC = colour_HWC[a : a + rest.shape[0], b : b + rest.shape[1]]
    under_HWC = rest[: cover_HW.shape[0], : cover_HW.shape[1]]
    under_HWC += cover_HW * (colour_HWC - under_HWC)


def _light(finish: Finish, out_HW: Floats) -> Floats:
    if finish is Finish.DOMED:
        return np.asarray(1.08 - 0.18 * np.clip(out_HW, 0, 1) ** 2, np.float32)
    if finish is Finish.RIMMED:
        return np.where(out_HW > 0.8, np.float32(0.86), np.float32(1.0))
    return np.ones_like(out_HW)


def _ground(film: Film) -> Floats:
    """The brightness of the ground, 0..255, on a canvas that reaches beyond the frame."""
    rng = rng_for(film.seed, "ground", film.ground)
    wide = 1 + 2 * _AROUND
    width, height = int(wide * film.world.width), int(wide * film.world.height)
    small = np.mgrid[0 : height // _SMALLER + 1, 0 : width // _SMALLER + 1].astype(np.float32)
    shade_HW = _shade(film, rng, small * _SMALLER / film.world.height)
    shade_HW = np.asarray(cv2.resize(shade_HW, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    light_HW = film.luma + (film.depth * (shade_HW - 0.5) if film.ground is not Ground.PLAIN else 0 * shade_HW)
    return np.clip(light_HW, 0.03, 0.97) * np.float32(255)


def _shade(film: Film, rng: Generator, place_2HW: Floats) -> Floats:
    """Mostly between 0 and 1; `place_2HW` are rows and columns in frame heights."""
    rows_HW, columns_HW = place_2HW
    high, wide = rows_HW.max(), columns_HW.max()
    sigma = film.softness * film.world.height / _SMALLER
    if film.ground is Ground.WALL:
        lamp = rng.uniform(0.2, 0.8, 2) * (high, wide)
        return np.asarray(1 / (1 + ((rows_HW - lamp[0]) ** 2 + (columns_HW - lamp[1]) ** 2) / 1.5), np.float32)
    if film.ground is Ground.CLOUDS:
        blurred = np.asarray(cv2.GaussianBlur(rng.standard_normal(rows_HW.shape).astype(np.float32), (0, 0), sigma))
        return np.asarray(0.5 + 0.3 * (blurred - blurred.mean()) / blurred.std(), np.float32)
    if film.ground is Ground.LIGHTS:
        return _lights(rng, rows_HW.shape, film.world.height / _SMALLER, sigma)
    turn = rng.uniform(0, 2 * np.pi)
    along_HW = np.cos(turn) * (rows_HW - high / 2) + np.sin(turn) * (columns_HW - wide / 2)
    if film.ground is Ground.HORIZON:
        return np.asarray(1 / (1 + np.exp(-(along_HW - rng.uniform(-0.2, 0.2)) / (film.softness / 3))), np.float32)
    return np.asarray(0.5 + along_HW / 2, np.float32)


def _lights(rng: Generator, shape: tuple[int, ...], height: float, sigma: float) -> Floats:
    shade_HW = np.zeros(shape, np.float32)
    for _ in range(int(rng.integers(20, 45))):
        centre = (int(rng.integers(shape[1])), int(rng.integers(shape[0])))
        disc_HW = cv2.circle(np.zeros(shape, np.float32), centre, int(height * rng.uniform(0.04, 0.15)), (1.0,), -1)
        shade_HW += float(rng.uniform(0.3, 0.8)) * np.asarray(disc_HW)
    return np.asarray(cv2.GaussianBlur(np.minimum(shade_HW, 1.5), (0, 0), sigma / 3), np.float32)


def _lens(film: Film) -> Floats:
    rows = np.linspace(-1, 1, film.world.height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, film.world.width, dtype=np.float32)[None]
    return np.asarray(1 - film.vignette * (rows**2 + columns**2) / 2, np.float32)


def _grain(film: Film, index: int) -> Floats:
    rng = rng_for(film.seed, "grain", str(index))
    shape = (film.world.height, film.world.width, 3 if film.coloured_grain else 1)
    grain_HWC = rng.standard_normal(shape, np.float32)
    if film.coarse_grain:
        blurred = np.asarray(cv2.GaussianBlur(grain_HWC, (0, 0), 0.8), np.float32).reshape(shape)
        grain_HWC = blurred / blurred.std()
    return np.asarray(grain_HWC * film.grain, np.float32)
