"""Short clips drawn with numpy: a camera over a still textured world, at known shifts."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from stages.motion.analysis_frames import AnalysisFrames

FPS = 10
HEIGHT, WIDTH = 120, 160

Picture = NDArray[np.uint8]


def world(seed: int, width: int = 600, height: int = 400) -> Picture:
    """A still texture of soft blobs, RGB."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(30, 226, (height // 8, width // 8, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def seen(picture: Picture, x: float, y: float, zoom: float = 1.0) -> Picture:
    """What a camera whose upper left corner is at (x, y) sees; a zoom keeps the centre."""
    matrix = np.array(
        [[zoom, 0, -zoom * (x + WIDTH / 2) + WIDTH / 2], [0, zoom, -zoom * (y + HEIGHT / 2) + HEIGHT / 2]]
    )
    return np.asarray(cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT)), dtype=np.uint8)


def film(seconds: float, frame_at: Callable[[float], Picture], start_seconds: float = 0.0) -> AnalysisFrames:
    """A clip of `seconds` at 10 frames a second with a little noise; `frame_at` gets the seconds since its start."""
    times = np.arange(round(seconds * FPS)) / FPS
    rng = np.random.default_rng(1)
    frames = np.stack([frame_at(float(t)) for t in times]).astype(np.float64)
    frames += rng.normal(0, 1, frames.shape)
    return AnalysisFrames(
        frames_NHWC=np.clip(frames, 0, 255).astype(np.uint8),
        pts_seconds=start_seconds + times,
        start_seconds=start_seconds,
        end_seconds=start_seconds + seconds,
    )
