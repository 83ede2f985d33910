"""Trivial clips drawn with numpy: rectangles over a textured background, at known speeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FPS = 10
HEIGHT, WIDTH = 120, 160

RED = (215, 30, 35)
BLUE = (30, 70, 210)
GREEN = (40, 160, 60)


@dataclass(frozen=True)
class Rectangle:
    """One thing; what is drawn later covers what is drawn before."""

    rgb: tuple[int, int, int]
    left_top: Callable[[float], tuple[float, float]]
    """Left and upper edge in pixels at a time in seconds."""
    side: int = 20


def clip(
    seconds: float, things: Sequence[Rectangle], pan: float = 0.0
) -> tuple[NDArray[np.uint8], NDArray[np.float64], float]:
    """Frames [N, H, W, C], their times and the end of the last one; `pan` moves the background, in pixels a second."""
    rng = np.random.default_rng(5)
    wide = np.kron(rng.integers(80, 150, (HEIGHT // 8, 60)), np.ones((8, 8))).astype(np.float64)
    times = np.arange(round(seconds * FPS)) / FPS
    frames = np.empty((len(times), HEIGHT, WIDTH, 3), np.uint8)
    for index, now in enumerate(times):
        shift = round(pan * now)
        frame = np.repeat(wide[:, shift : shift + WIDTH, None], 3, axis=2)
        for thing in things:
            x, y = (round(value) for value in thing.left_top(now))
            rows = slice(max(0, y), max(0, y + thing.side))
            columns = slice(max(0, x), max(0, x + thing.side))
            frame[rows, columns] = thing.rgb
        frames[index] = np.clip(frame + rng.normal(0, 2, frame.shape), 0, 255)
    return frames, times, len(times) / FPS
