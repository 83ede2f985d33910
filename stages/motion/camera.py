"""Analysis frames to the camera's motion: features of a reference frame followed over seconds, not steps.

N H W = frames, rows, columns. A motion is a 2x3 similarity in pixels: positions in one frame to positions in another.
"""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record
from stages.motion.film import Film

Matrix = NDArray[np.float64]
Points = NDArray[np.float32]

_IDENTITY: Matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])


class CameraConfig(Record):
    """When the camera's motion can be told, and when it is none."""

    max_features: int = Field(default=150, gt=0)
    """Most corners followed at a time."""
    min_features: int = Field(default=14, gt=2)
    """Fewest corners that must agree on one motion."""
    min_agreeing: float = Field(default=0.55, gt=0.5, le=1)
    """Least share of the corners found again that must agree; more than half, or two things may move two ways."""
    min_found: float = Field(default=0.4, gt=0, le=1)
    """Least share of the corners in view that must be found again."""
    min_spread: float = Field(default=0.45, gt=0, le=1)
    """Least share of the frame's width, and of its height, over which those that agree are spread."""
    agree_pixels: float = Field(default=1.5, gt=0)
    """How far a corner may lie from where the motion takes it."""
    still_pixels: float = Field(default=1.5, gt=0)
    """How far a still camera's picture may stray at its corners over a whole stretch."""
    patience_frames: int = Field(default=3, gt=0)
    """Frames in a row without a motion after which a new chain begins, unconnected with the one before."""


@dataclass(frozen=True)
class Camera:
    """Where the first picture of a stretch has gone in every frame."""

    motions: tuple[Matrix | None, ...]
    """Per frame, from the first frame of its chain; None where it cannot be told."""
    chains: tuple[int, ...]
    """Frames of one chain can be compared, frames of two cannot."""
    steadiness: tuple[float | None, ...]
    """Per frame: share of the picture's parts that have stayed where they were at the last reference (at most a
    second before); None where too few parts have corners."""

    def between(self, first: int, last: int) -> Matrix | None:
        """The motion from one frame to another, None where it cannot be told."""
        start, end = self.motions[first], self.motions[last]
        if start is None or end is None or self.chains[first] != self.chains[last]:
            return None
        return _compose(end, np.asarray(cv2.invertAffineTransform(start), dtype=np.float64))

    def is_still(self, first: int, end: int, shape: tuple[int, int], config: CameraConfig) -> bool | None:
        """Whether the picture stays where it is over frames [first, end); None where that cannot be told.

        Args:
            first: the first frame.
            end: the frame after the last.
            shape: rows and columns of a frame.
            config: what counts as still.
        """
        motions = [self.between(first, i) for i in range(first, end)]
        told = [motion for motion in motions if motion is not None]
        if any(corner_shift(motion, shape) > config.still_pixels for motion in told):
            return False
        if any(share is not None and share < 0.3 for share in self.steadiness[first:end]):
            return False
        return True if len(told) >= 0.9 * len(motions) and motions[-1] is not None else None


def corner_shift(motion: Matrix, shape: tuple[int, int]) -> float:
    """How far, in pixels, a motion takes the corner of a frame (rows, columns) that it moves most."""
    height, width = shape
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], dtype=np.float64)
    return float(np.linalg.norm(corners @ motion[:, :2].T + motion[:, 2] - corners, axis=1).max())


def shift_and_scale(motion: Matrix, shape: tuple[int, int]) -> tuple[float, float, float]:
    """Shift of the frame's centre in frame widths and heights, and the scale."""
    height, width = shape
    centre = np.array([width / 2, height / 2])
    moved = motion[:, :2] @ centre + motion[:, 2] - centre
    return float(moved[0] / width), float(moved[1] / height), float(np.hypot(motion[0, 0], motion[1, 0]))


def follow_camera(film: Film, pieces: list[tuple[int, int]], config: CameraConfig) -> Camera:
    """The camera's motion in every frame; `pieces` are the stretches [first, end) without a cut."""
    second_starts = {first for _, first, _ in film.seconds()}
    motions: list[Matrix | None] = []
    chains: list[int] = []
    steadiness: list[float | None] = []
    for first, end in pieces:
        follower = _Follower(film.greys_NHW[first], config)
        motions.append(_IDENTITY)
        chains.append(chains[-1] + 1 if chains else 0)
        steadiness.append(None)
        for i in range(first + 1, end):
            seen = follower.look_at(film.greys_NHW[i], new_reference=i in second_starts)
            motions.append(seen.motion)
            chains.append(chains[-1] + seen.is_new_chain)
            steadiness.append(seen.steadiness)
    return Camera(tuple(motions), tuple(chains), tuple(steadiness))


@dataclass(frozen=True)
class _Seen:
    motion: Matrix | None
    is_new_chain: bool
    steadiness: float | None


class _Follower:
    """Follows the picture from frame to frame; takes a new reference every second, and where the old one fails."""

    def __init__(self, grey: NDArray[np.uint8], config: CameraConfig) -> None:
        self._config = config
        self._missed = 0
        self._take_reference(grey, _IDENTITY)

    def _take_reference(self, grey: NDArray[np.uint8], motion: Matrix) -> None:
        self._reference = _Reference(grey, self._config)
        self._to_reference = motion
        self._last_told = grey, motion

    def look_at(self, grey: NDArray[np.uint8], *, new_reference: bool) -> _Seen:
        step, steadiness = self._reference.motion_to(grey)
        if step is None and self._missed == 0 and self._last_told[0] is not self._reference.grey:
            # too far from the reference: try from the last frame that was told
            self._take_reference(*self._last_told)
            step, steadiness = self._reference.motion_to(grey)
        if step is None:
            return self._miss(grey, steadiness, give_up=new_reference)
        self._missed = 0
        motion = _compose(step, self._to_reference)
        self._last_told = grey, motion
        if new_reference:
            self._take_reference(grey, motion)
        return _Seen(motion, is_new_chain=False, steadiness=steadiness)

    def _miss(self, grey: NDArray[np.uint8], steadiness: float | None, *, give_up: bool) -> _Seen:
        self._missed += 1
        if self._missed < self._config.patience_frames and not give_up:
            return _Seen(None, is_new_chain=False, steadiness=steadiness)
        self._missed = 0
        self._take_reference(grey, _IDENTITY)
        return _Seen(_IDENTITY, is_new_chain=True, steadiness=steadiness)


class _Reference:
    """A frame whose corners are looked for in later ones."""

    def __init__(self, grey: NDArray[np.uint8], config: CameraConfig) -> None:
        self.grey = grey
        self._points = _corners(grey, config)
        self._config = config
        self._last = _IDENTITY

    def motion_to(self, grey: NDArray[np.uint8]) -> tuple[Matrix | None, float | None]:
        """Motion from here to another frame, and the share of the picture that has stayed."""
        guess = _apply(self._last, self._points)
        seen = _inside(guess, grey.shape, margin=4)
        if seen.sum() < self._config.min_features:
            return None, None
        here, guess = self._points[seen], guess[seen]
        there, found = _followed(self.grey, grey, here, guess)
        back, found_back = _followed(grey, self.grey, there, here)
        kept = found & found_back & (np.linalg.norm(back - here, axis=1) < 1.0)
        if kept.sum() < max(self._config.min_features, self._config.min_found * len(here)):
            return None, None
        motion = _agreed_motion(here[kept], there[kept], grey.shape, self._config)
        if motion is not None:
            self._last = motion
        return motion, _steadiness(here[kept], there[kept], grey.shape)


def _agreed_motion(here: Points, there: Points, shape: tuple[int, ...], config: CameraConfig) -> Matrix | None:
    """The one motion that most corners, from all over the frame, agree on."""
    motion, agrees = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=config.agree_pixels)
    if motion is None:
        return None
    inliers = there[agrees.ravel().astype(bool)]
    if len(inliers) < max(config.min_features, config.min_agreeing * len(here)):
        return None
    spread = np.percentile(inliers, 95, axis=0) - np.percentile(inliers, 5, axis=0)
    if spread[0] < config.min_spread * shape[1] or spread[1] < config.min_spread * shape[0]:
        return None
    return np.asarray(motion, dtype=np.float64)


def _steadiness(here: Points, there: Points, shape: tuple[int, ...]) -> float | None:
    """Share of the cells of a 4x3 grid whose corners stay within a pixel; None where fewer than 6 cells have any."""
    columns = (here[:, 0] * 4 / shape[1]).astype(int)
    rows = (here[:, 1] * 3 / shape[0]).astype(int)
    moved = np.linalg.norm(there - here, axis=1)
    in_cells = [moved[(columns == x) & (rows == y)] for x in range(4) for y in range(3)]
    stays = [bool(np.median(cell) < 1.0) for cell in in_cells if len(cell) >= 3]
    return sum(stays) / len(stays) if len(stays) >= 6 else None


def _corners(grey: NDArray[np.uint8], config: CameraConfig) -> Points:
    # OpenCV gives None, against its stubs, where there is no corner at all
    found = cast(
        "cv2.typing.MatLike | None",
        cv2.goodFeaturesToTrack(grey, config.max_features, qualityLevel=0.02, minDistance=9, blockSize=5),
    )
    return np.asarray([] if found is None else found, dtype=np.float32).reshape(-1, 2)


def _followed(
    start_HW: NDArray[np.uint8], end_HW: NDArray[np.uint8], points: Points, guess: Points
) -> tuple[Points, NDArray[np.bool_]]:
    """Where points of one picture lie in another (pyramidal Lucas-Kanade from a guess), and which were found."""
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        start_HW,
        end_HW,
        points,
        guess.copy(),
        winSize=(15, 15),
        maxLevel=3,
        criteria=(cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 20, 0.01),
        flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
    )
    return np.asarray(there, dtype=np.float32), np.asarray(found).ravel().astype(np.bool_)


def _apply(motion: Matrix, points: Points) -> Points:
    return (points @ motion[:, :2].T + motion[:, 2]).astype(np.float32)


def _inside(points: Points, shape: tuple[int, ...], margin: int) -> NDArray[np.bool_]:
    limit = np.array([shape[1] - margin, shape[0] - margin])
    return np.asarray(((points >= margin) & (points < limit)).all(axis=1), dtype=np.bool_)


def _compose(second: Matrix, first: Matrix) -> Matrix:
    """The motion that does `first`, then `second`."""
    return np.hstack([second[:, :2] @ first[:, :2], (second[:, :2] @ first[:, 2] + second[:, 2])[:, None]])
