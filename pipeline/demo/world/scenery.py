"""Scenery: textures and smooth grounds of low saturation, drawn from a seed.

Array names: H rows, W columns, C colour channels (RGB).
"""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from pipeline.demo.world.world import SMOOTH_GROUNDS, DrawnPlace, Surface
from stages.seeding import rng_for

_TINTS = ((1.0, 1.0, 1.0), (1.03, 1.0, 0.96), (0.96, 1.0, 1.03), (1.0, 1.02, 0.97), (1.02, 0.99, 1.0))


def paint(place: DrawnPlace, width: int, height: int, unit: int) -> NDArray[np.uint8]:
    """The scenery as RGB (height, width, 3); the texture scales with `unit`, the height of a frame."""
    rng = rng_for(place.seed, "scenery", place.surface)
    light_HW = {
        Surface.PLASTER: _plaster,
        Surface.TILES: _tiles,
        Surface.PLANKS: _planks,
        Surface.PEBBLES: _pebbles,
        Surface.SMOOTH: _smooth,
        Surface.GRADIENT: _gradient,
        Surface.PLAIN: _plain,
        Surface.HILLS: _hills,
    }[place.surface](rng, width, height, unit)
    if place.surface not in SMOOTH_GROUNDS:
        light_HW += 0.05 * _waves(rng, width, height, unit)
    light_HW += place.luma - light_HW.mean()
    tint = np.array(_TINTS[rng.integers(len(_TINTS))], np.float32)
    return np.asarray(np.clip(light_HW[..., None] * tint * 255, 8, 247), np.uint8)


def _waves(rng: Generator, width: int, height: int, scale: float) -> NDArray[np.float32]:
    """Smooth noise of standard deviation 1 with hills about `scale` pixels wide."""
    rows, columns = int(height / scale) + 4, int(width / scale) + 4
    coarse = rng.standard_normal((rows, columns)).astype(np.float32)
    fine = cv2.resize(coarse, (int(columns * scale) + 1, int(rows * scale) + 1), interpolation=cv2.INTER_CUBIC)
    return np.asarray(fine[:height, :width], np.float32)


def _plaster(rng: Generator, width: int, height: int, unit: int) -> NDArray[np.float32]:
    return np.asarray(
        0.03 * _waves(rng, width, height, unit / 12) + 0.015 * _waves(rng, width, height, 3.0), np.float32
    )


def _tiles(rng: Generator, width: int, height: int, unit: int) -> NDArray[np.float32]:
    side = int(unit / rng.uniform(4, 7))
    tones = 0.03 * rng.standard_normal((height // side + 2, width // side + 2)).astype(np.float32)
    light_HW = np.kron(tones, np.ones((side, side), np.float32))[:height, :width]
    light_HW[::side] -= 0.07
    light_HW[:, ::side] -= 0.07
    return np.asarray(cv2.GaussianBlur(light_HW, (3, 3), 0) + 0.01 * _waves(rng, width, height, 4.0), np.float32)


def _planks(rng: Generator, width: int, height: int, unit: int) -> NDArray[np.float32]:
    side = int(unit / rng.uniform(5, 9))
    tones = 0.04 * rng.standard_normal((height // side + 2, 1)).astype(np.float32)
    light_HW = np.repeat(tones, side, axis=0)[:height] + np.zeros((1, width), np.float32)
    grain = cv2.GaussianBlur(rng.standard_normal((height, width)).astype(np.float32), (31, 1), 0)
    light_HW = light_HW + 0.05 * grain
    light_HW[::side] -= 0.08
    return np.asarray(cv2.GaussianBlur(light_HW, (3, 3), 0), np.float32)


def _pebbles(rng: Generator, width: int, height: int, unit: int) -> NDArray[np.float32]:
    light_HW = np.zeros((height, width), np.float32)
    for _ in range(int(90 * width * height / unit**2)):
        centre = (int(rng.integers(width)), int(rng.integers(height)))
        axes = (int(unit * rng.uniform(0.02, 0.07)), int(unit * rng.uniform(0.015, 0.05)))
        tone = float(rng.normal(0, 0.06))
        cv2.ellipse(light_HW, centre, axes, float(rng.uniform(0, 180)), 0, 360, (tone,), -1, cv2.LINE_AA)
    return np.asarray(cv2.GaussianBlur(light_HW, (5, 5), 0), np.float32)


def _smooth(rng: Generator, width: int, height: int, unit: int) -> NDArray[np.float32]:
    scale, depth = unit / rng.uniform(3, 12), rng.uniform(0.03, 0.1)
    return np.asarray(depth * _waves(rng, width, height, scale), np.float32)


def _gradient(rng: Generator, width: int, height: int, unit: int) -> NDArray[np.float32]:
    turn, depth = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.35)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) / unit
    return np.asarray(depth * np.tanh(np.cos(turn) * (rows - 0.5) + np.sin(turn) * (columns - 0.5)), np.float32)


def _plain(rng: Generator, width: int, height: int, unit: int) -> NDArray[np.float32]:
    del rng, unit
    return np.zeros((height, width), np.float32)


def _hills(rng: Generator, width: int, height: int, unit: int) -> NDArray[np.float32]:
    return np.asarray(
        0.16 * _waves(rng, width, height, unit / 2.5) + 0.02 * _waves(rng, width, height, 4.0), np.float32
    )
