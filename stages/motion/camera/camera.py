"""Analysis frames to the camera's motion: judged over seconds, not steps, and on the picture without what moves in it.

N H W = frames, rows, columns.
"""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.camera.corners import IDENTITY, CornerConfig, Matrix, Reference, compose, corner_shift

_FAR_PIXELS = 4.0  # a reference this far behind may be given up for a nearer frame
_FRAMES_OF_MEDIAN = 15  # enough to take out what moves
_LAST = 10  # where the picture is at last shows in one of the last tenth of the medians, or the very last


class CameraConfig(Record):
    """When the camera's motion can be told, and when it is none."""

    corners: CornerConfig = CornerConfig()
    """When corners tell one motion."""
    window_frames: int = Field(default=12, ge=4)
    """Frames whose median stands for about a second in judging whether the camera stands still."""
    max_windows: int = Field(default=40, ge=2)
    """Most medians of one stretch; longer stretches get longer windows."""
    min_told: float = Field(default=0.7, gt=0, le=1)
    """Least share of the medians in which the picture must be found where it was."""
    patience_frames: int = Field(default=3, gt=0)
    """Frames in a row without a motion after which a new chain begins, unconnected with the one before."""


@dataclass(frozen=True)
class Camera:
    """Where the first picture of a chain has gone in every frame."""

    motions: tuple[Matrix | None, ...]
    """Per frame, from the first frame of its chain; None where it cannot be told."""
    chains: tuple[int, ...]
    """Frames of one chain can be compared, frames of two cannot."""
    still: tuple[bool | None, ...]
    """Per stretch without a cut: whether the camera stands still all along; None where that cannot be told."""

    def between(self, first: int, last: int) -> Matrix | None:
        """The motion from one frame to another, None where it cannot be told."""
        start, end = self.motions[first], self.motions[last]
        if start is None or end is None or self.chains[first] != self.chains[last]:
            return None
        return compose(end, np.asarray(cv2.invertAffineTransform(start), dtype=np.float64))


def shift_and_scale(motion: Matrix, shape: tuple[int, int]) -> tuple[float, float, float]:
    """Shift of the frame's centre in frame widths and heights, and the scale."""
    height, width = shape
    centre = np.array([width / 2, height / 2])
    moved = motion[:, :2] @ centre + motion[:, 2] - centre
    return float(moved[0] / width), float(moved[1] / height), float(np.hypot(motion[0, 0], motion[1, 0]))


def follow_camera(
    analysis: AnalysisFrames,
    pieces: list[tuple[int, int]],
    config: CameraConfig,
    faded: Collection[tuple[int, int]] = (),
) -> Camera:
    """The camera's motion in every frame; `pieces` are the stretches [first, end) without a cut, of which nothing can
    be told of the `faded` ones.
    """
    second_starts = {first for _, first, _ in analysis.seconds()}
    motions: list[Matrix | None] = []
    chains: list[int] = []
    still: list[bool | None] = []
    for first, end in pieces:
        greys_NHW = analysis.greys_NHW[first:end]
        is_faded = (first, end) in faded
        still.append(None if is_faded else _is_still(greys_NHW, config))
        if is_faded:
            steps = [_Seen(None, begins_chain=i == 0) for i in range(end - first)]
        elif still[-1]:
            steps = [_Seen(IDENTITY, begins_chain=i == 0) for i in range(end - first)]
        else:
            starts = [i in second_starts for i in range(first, end)]
            steps = _follow(greys_NHW, starts, config)
        for step in steps:
            motions.append(step.motion)
            chains.append((chains[-1] if chains else -1) + step.begins_chain)
    return Camera(tuple(motions), tuple(chains), tuple(still))


def _is_still(greys_NHW: NDArray[np.uint8], config: CameraConfig) -> bool | None:
    """Whether the median picture of each second, free of what moves, is where the first one is."""
    count = min(config.max_windows, max(2, len(greys_NHW) // config.window_frames))
    if len(greys_NHW) < 2 * 4:
        return None
    edges = np.linspace(0, len(greys_NHW), count + 1).astype(int)
    medians = [_median(greys_NHW[a:b]) for a, b in pairwise(edges)]
    reference = Reference(medians[0], config.corners)
    motions = [reference.motion_to(median) for median in medians[1:]]
    told = [motion for motion in motions if motion is not None]
    if any(motion is not IDENTITY for motion in told):
        return False
    if len(told) < config.min_told * len(motions):
        return None
    if any(motion is not None for motion in motions[-max(1, len(motions) // _LAST) :]):
        return True
    # things that have moved since may hold most of the first picture's corners: the last one that was found has others
    latest = max(number for number, motion in enumerate(motions, 1) if motion is not None)
    at_the_end = Reference(medians[latest], config.corners).motion_to(medians[-1])
    return None if at_the_end is None else at_the_end is IDENTITY


def _median(greys_NHW: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The median picture with the contrast of its details made equal, so that a change of light is no change."""
    step = max(1, len(greys_NHW) // _FRAMES_OF_MEDIAN)
    median = np.median(greys_NHW[::step], axis=0).astype(np.float32)
    detail = cv2.GaussianBlur(median, (0, 0), 0.8) - cv2.GaussianBlur(median, (0, 0), 5.0)
    strength = float(np.percentile(np.abs(np.asarray(detail)), 90)) + 0.5
    return np.clip(np.asarray(detail) / strength * 50 + 128, 0, 255).astype(np.uint8)


@dataclass(frozen=True)
class _Seen:
    motion: Matrix | None
    begins_chain: bool


def _follow(greys_NHW: NDArray[np.uint8], second_starts: list[bool], config: CameraConfig) -> list[_Seen]:
    """The motion in every frame of one stretch."""
    follower = _Follower(greys_NHW[0], config)
    seen = [_Seen(IDENTITY, begins_chain=True)]
    for grey, new_second in zip(greys_NHW[1:], second_starts[1:], strict=True):
        seen.append(follower.look_at(grey, new_second=new_second))
    return seen


class _Follower:
    """Follows the picture from frame to frame.

    A picture that stays keeps its reference, so that the slowest drift shows in the end; one that moves gets a new
    reference every second, and where the old one has gone too far to be found.
    """

    def __init__(self, grey: NDArray[np.uint8], config: CameraConfig) -> None:
        self._config = config
        self._missed = 0
        self._take_reference(grey, IDENTITY)

    def _take_reference(self, grey: NDArray[np.uint8], motion: Matrix) -> None:
        self._reference = Reference(grey, self._config.corners)
        self._to_reference = motion
        self._last = grey, IDENTITY

    def look_at(self, grey: NDArray[np.uint8], *, new_second: bool) -> _Seen:
        step = self._reference.motion_to(grey)
        if step is None and self._missed == 0 and corner_shift(self._last[1], grey.shape) > _FAR_PIXELS:
            last_grey, last_step = self._last
            self._take_reference(last_grey, compose(last_step, self._to_reference))
            step = self._reference.motion_to(grey)
        if step is None:
            return self._miss(grey, give_up=new_second)
        self._missed = 0
        self._last = grey, step
        motion = compose(step, self._to_reference)
        if new_second and (step is not IDENTITY or self._reference.is_worn):
            self._take_reference(grey, motion)
        return _Seen(motion, begins_chain=False)

    def _miss(self, grey: NDArray[np.uint8], *, give_up: bool) -> _Seen:
        self._missed += 1
        if self._missed < self._config.patience_frames and not give_up:
            return _Seen(None, begins_chain=False)
        self._missed = 0
        self._take_reference(grey, IDENTITY)
        return _Seen(IDENTITY, begins_chain=True)
