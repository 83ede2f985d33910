"""The camera's motion, measured over seconds rather than single steps, on the picture without what moves in it.

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
from stages.motion.camera.shades import ShadeConfig, Shades, judge_shades

_FAR_PIXELS = 4.0  # if the picture has moved this far from its reference, a nearer frame may become the reference
_FRAMES_OF_MEDIAN = 15  # enough to remove what moves
_LAST = 10  # the camera must be found where it was in the last tenth of the medians
_LEAST_WINDOW = 4  # frames
_FINE, _COARSE = 0.8, 5.0  # pixels: details between these two blurs are compared
_CONTRAST_PERCENTILE = 90  # of the details, is scaled to _CONTRAST grey levels
_CONTRAST = 50


class CameraConfig(Record):
    """When the camera's motion is known, and when it stands still."""

    corners: CornerConfig = CornerConfig()
    """When corners agree on one motion."""
    shades: ShadeConfig = ShadeConfig()
    """When the shades of a ground without corners prove that the camera stands still."""
    window_frames: int = Field(default=12, ge=4)
    """Number of frames in each median (about a second) by which it is decided whether the camera stands still."""
    least_detail: float = Field(default=2.5, ge=0)
    """If nine tenths of the pixels stand out from their surroundings by less than this, 0..255, there are no corners
    but those of noise. Strong compression can freeze noise while the camera moves."""
    max_windows: int = Field(default=40, ge=2)
    """Most medians of one piece; longer pieces get longer windows."""
    min_known: float = Field(default=0.7, gt=0, le=1)
    """Least share of the medians whose motion must be known."""
    min_seen_at_first: float = Field(default=0.5, gt=0, le=1)
    """Least share that must be compared with the first of them; the rest may be compared with the latest of those."""
    patience_frames: int = Field(default=3, gt=0)
    """After this many frames in a row without a known motion a new chain begins."""


@dataclass(frozen=True)
class Camera:
    """The camera's motion over a clip, in chains of frames that can be compared with each other."""

    motions: tuple[Matrix | None, ...]
    """For each frame: how the picture has moved since the first frame of its chain; None if unknown."""
    chains: tuple[int, ...]
    """For each frame: the number of its chain. Frames of different chains cannot be compared."""
    still: tuple[bool | None, ...]
    """For each piece without a cut: whether the camera stands still during all of it; None if unknown."""
    steady: tuple[bool, ...]
    """For each piece: whether nothing but things changes in the picture, although it is not known whether the camera
    stands still, because the ground is too plain to show it."""

    def between(self, first: int, last: int) -> Matrix | None:
        """The motion from one frame to another; None if unknown."""
        start, end = self.motions[first], self.motions[last]
        if start is None or end is None or self.chains[first] != self.chains[last]:
            return None
        return compose(end, np.asarray(cv2.invertAffineTransform(start), dtype=np.float64))


def shift_and_scale(motion: Matrix, shape: tuple[int, int]) -> tuple[float, float, float]:
    """Shift of the frame's centre in frame widths and heights, and scale. `shape` is (rows, columns)."""
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
    """The camera's motion in each frame.

    `pieces` are the parts of the clip without a cut, as frames [first, end). In the `faded` ones no motion can be
    measured.
    """
    second_starts = {first for _, first, _ in analysis.seconds()}
    motions: list[Matrix | None] = []
    chains: list[int] = []
    still: list[bool | None] = []
    steady: list[bool] = []
    for first, end in pieces:
        greys_NHW = analysis.greys_NHW[first:end]
        is_faded = (first, end) in faded
        details = _details(greys_NHW, config)
        is_still, is_steady = (None, False) if is_faded else _stillness(greys_NHW, details, config)
        still.append(is_still)
        steady.append(is_steady)
        if is_faded:
            steps = [_Step(None, begins_chain=i == 0) for i in range(end - first)]
        elif is_still:
            steps = [_Step(IDENTITY, begins_chain=i == 0) for i in range(end - first)]
        else:
            starts = [i in second_starts for i in range(first, end)]
            is_faint = max(_strength(detail) for detail in details) < config.least_detail
            steps = _follow(greys_NHW, starts, config, may_stay=not is_faint)
        for step in steps:
            motions.append(step.motion)
            chains.append((chains[-1] if chains else -1) + step.begins_chain)
    return Camera(tuple(motions), tuple(chains), tuple(still), tuple(steady))


def _details(greys_NHW: NDArray[np.uint8], config: CameraConfig) -> list[NDArray[np.float32]]:
    """The details of the median picture of each second, which are free of what moves in the picture."""
    count = max(1, min(config.max_windows, max(2, len(greys_NHW) // config.window_frames), len(greys_NHW)))
    edges = np.linspace(0, len(greys_NHW), count + 1).astype(int)
    return [_detail(greys_NHW[a:b]) for a, b in pairwise(edges)]


def _stillness(
    greys_NHW: NDArray[np.uint8], details: list[NDArray[np.float32]], config: CameraConfig
) -> tuple[bool | None, bool]:
    """Whether the camera stands still during a piece, and if that is unknown, whether the picture is steady."""
    if len(greys_NHW) < 2 * _LEAST_WINDOW:
        return None, False
    corners_stay = _corners_stay(details, config)
    if corners_stay:
        return True, False
    shades = judge_shades(greys_NHW, config.shades)
    if shades is Shades.STAY:  # the corners of a smooth ground are blurred, and may be found a little off
        return True, False
    return corners_stay, corners_stay is None and shades is Shades.FAINT


def _corners_stay(details: list[NDArray[np.float32]], config: CameraConfig) -> bool | None:
    """Whether the picture of each second is where the first one is; None if unknown."""
    if _strength(details[0]) < config.least_detail:
        return None
    medians = [_at_one_contrast(detail) for detail in details]
    reference = Reference(medians[0], config.corners)
    motions = [reference.motion_to(median) for median in medians[1:]]
    known = [number for number, motion in enumerate(motions, 1) if motion is not None]
    if any(motions[number - 1] is not IDENTITY for number in known):
        return False
    if len(known) < config.min_seen_at_first * len(motions):
        return None
    # things may come to cover most corners of the first picture, and noise wears them: later medians show what is left
    latest = known[-1]
    later = Reference(medians[latest], config.corners)
    after = [later.motion_to(median) for median in medians[latest + 1 :]]
    if any(motion is not None and motion is not IDENTITY for motion in after):
        return False
    motions = [*motions[:latest], *after]
    last = max(1, len(motions) // _LAST)
    are_enough = sum(motion is not None for motion in motions) >= config.min_known * len(motions)
    return True if are_enough and any(motion is not None for motion in motions[-last:]) else None


def _detail(greys_NHW: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much each pixel of the median picture stands out from its surroundings, in grey levels."""
    step = max(1, len(greys_NHW) // _FRAMES_OF_MEDIAN)
    median = np.median(greys_NHW[::step], axis=0).astype(np.float32)
    detail = cv2.GaussianBlur(median, (0, 0), _FINE) - cv2.GaussianBlur(median, (0, 0), _COARSE)
    return np.asarray(detail, dtype=np.float32)


def _strength(detail: NDArray[np.float32]) -> float:
    return float(np.percentile(np.abs(detail), _CONTRAST_PERCENTILE))


def _at_one_contrast(detail: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The details at one fixed contrast, so that a change of light changes nothing."""
    levels = np.clip(detail / (_strength(detail) + 0.5) * _CONTRAST + 128, 0, 255)
    return np.asarray(levels, dtype=np.uint8)


@dataclass(frozen=True)
class _Step:
    """The motion of one frame since the first frame of its chain, and whether it is that first frame."""

    motion: Matrix | None
    begins_chain: bool


def _follow(
    greys_NHW: NDArray[np.uint8], second_starts: list[bool], config: CameraConfig, *, may_stay: bool
) -> list[_Step]:
    """The motion in each frame of one piece. Unless it `may_stay`, a picture that stays in place is not believed."""
    follower = _Follower(greys_NHW[0], config, may_stay=may_stay)
    steps = [_Step(IDENTITY, begins_chain=True)]
    for grey, new_second in zip(greys_NHW[1:], second_starts[1:], strict=True):
        steps.append(follower.look_at(grey, new_second=new_second))
    return steps


class _Follower:
    """Follows the picture from frame to frame.

    While the picture stays in place the reference is kept, so that even the slowest drift is noticed. While it moves
    there is a new reference every second, and also when the old one has moved too far to be found.
    """

    def __init__(self, grey: NDArray[np.uint8], config: CameraConfig, *, may_stay: bool) -> None:
        self._config = config
        self._may_stay = may_stay
        self._missed = 0
        self._take_reference(grey, IDENTITY)

    def _take_reference(self, grey: NDArray[np.uint8], motion: Matrix) -> None:
        self._reference = Reference(grey, self._config.corners)
        self._to_reference = motion
        self._last = grey, IDENTITY

    def look_at(self, grey: NDArray[np.uint8], *, new_second: bool) -> _Step:
        step = self._reference.motion_to(grey)
        if step is None and self._missed == 0 and corner_shift(self._last[1], grey.shape) > _FAR_PIXELS:
            last_grey, last_step = self._last
            self._take_reference(last_grey, compose(last_step, self._to_reference))
            step = self._reference.motion_to(grey)
        if step is None or (step is IDENTITY and not self._may_stay):
            return self._miss(grey, give_up=new_second)
        self._missed = 0
        self._last = grey, step
        motion = compose(step, self._to_reference)
        if new_second and (step is not IDENTITY or self._reference.is_worn):
            self._take_reference(grey, motion)
        return _Step(motion, begins_chain=False)

    def _miss(self, grey: NDArray[np.uint8], *, give_up: bool) -> _Step:
        self._missed += 1
        if self._missed < self._config.patience_frames and not give_up:
            return _Step(None, begins_chain=False)
        self._missed = 0
        self._take_reference(grey, IDENTITY)
        return _Step(IDENTITY, begins_chain=True)
