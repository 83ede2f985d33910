"""The motion of the picture between two frames, by corners from all over the frame that agree on it.

H W = rows, columns. A motion is a 2x3 similarity matrix in pixels, from positions in one frame to those in another.
"""

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record

Matrix = NDArray[np.float64]
Points = NDArray[np.float32]

IDENTITY: Matrix = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
"""The picture stays in place."""

_GRID = (6, 4)  # columns and rows of the grid from whose cells corners are taken
_NO_CORNER = 1e-6  # strength of a corner on a surface without any structure
_MARGIN = 4  # pixels around a corner that must be inside the frame
_BACK_PIXELS = 1.0  # followed to the other frame and back, a corner ends at most this far from where it was
_PATCH = 4  # pixels around a corner, on each side, that are compared
_SPREAD_PERCENTILES = 5, 95  # corners between these percentiles must be spread over the frame
_DETAILED = 0.25  # share of the pixels of a cell that are details, if it has many
_FINE, _COARSE = 0.8, 3.0  # pixels, at half size: details between these two blurs are compared


class CornerConfig(Record):
    """When corners agree on one motion."""

    corners_per_cell: int = Field(default=6, gt=0)
    """Most corners in each cell of a 6x4 grid, so that one thing with many corners does not outvote the rest."""
    min_features: int = Field(default=14, gt=2)
    """Fewest corners that must agree on one motion."""
    min_agreeing: float = Field(default=0.55, gt=0.5, le=1)
    """Least share of the corners found again that must agree; more than half, so that only one motion can win."""
    min_agreeing_moving: float = Field(default=0.7, gt=0.5, le=1)
    """The same if the picture moves. If near and far things move differently, there is no single motion."""
    min_found: float = Field(default=0.2, gt=0, le=1)
    """Least share of the corners in view that must be found again."""
    min_alike: float = Field(default=0.75, gt=0, lt=1)
    """Least correlation of a corner's surroundings in both frames, so that noise does not look like a still picture."""
    min_spread: float = Field(default=0.35, gt=0, le=1)
    """Least share of the frame's width, and of its height, over which the agreeing corners are spread."""
    min_explained: float = Field(default=0.5, gt=0, lt=1)
    """Least correlation of the picture, moved by the motion, with the picture of the other frame."""
    least_detail: float = Field(default=0.8, ge=0)
    """A pixel is a detail if it stands out from its surroundings by this, 0..255."""
    min_detailed_cells: int = Field(default=10, ge=0, le=24)
    """Least number of the 24 cells with many details, so that things before a plain ground are not taken for it."""
    stay_pixels: float = Field(default=0.7, gt=0)
    """A corner stays in place if it is less than this from where it was."""
    still_pixels: float = Field(default=1.2, gt=0)
    """The picture stays in place if the motion moves its corners by less than this, which is noise."""
    agree_pixels: float = Field(default=1.5, gt=0)
    """A corner agrees with a motion if it is at most this far from where the motion moves it."""
    step_pixels: float = Field(default=0.7, gt=0)
    """If the picture moves, a corner may be this far from where the motion moves it, ..."""
    parallax: float = Field(default=0.2, ge=0, lt=1)
    """... plus this share of the distance that it has moved."""


def corner_shift(motion: Matrix, shape: tuple[int, ...]) -> float:
    """How far a motion moves the corner of the frame that it moves most, in pixels. `shape` is (rows, columns)."""
    height, width = shape[:2]
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], dtype=np.float64)
    return float(np.linalg.norm(corners @ motion[:, :2].T + motion[:, 2] - corners, axis=1).max())


def compose(second: Matrix, first: Matrix) -> Matrix:
    """The motion that does `first`, then `second`."""
    return np.hstack([second[:, :2] @ first[:, :2], (second[:, :2] @ first[:, 2] + second[:, 2])[:, None]])


class Reference:
    """A frame whose corners are looked for in later frames."""

    def __init__(self, grey: NDArray[np.uint8], config: CornerConfig) -> None:
        self.grey = grey
        self._points = _corners(grey, config)
        self._config = config
        self._last = IDENTITY
        self._detail: NDArray[np.float32] | None = None
        self._found = 0
        self._most_found = 0

    @property
    def is_worn(self) -> bool:
        """Whether fewer than half as many corners are found as at best."""
        return 2 * self._found < self._most_found

    def motion_to(self, grey: NDArray[np.uint8]) -> Matrix | None:
        """The motion from this frame to another one; None if unknown."""
        guess = _apply(self._last, self._points)
        seen = _inside(guess, grey.shape, margin=_MARGIN)
        if seen.sum() < self._config.min_features:
            return None
        here, guess = self._points[seen], guess[seen]
        there, found = _followed(self.grey, grey, here, guess)
        back, found_back = _followed(grey, self.grey, there, here)
        kept = found & found_back & (np.linalg.norm(back - here, axis=1) < _BACK_PIXELS)
        kept &= _likeness(_patches(self.grey, here), _patches(grey, there)) > self._config.min_alike
        self._found = int(kept.sum())
        self._most_found = max(self._found, self._most_found)
        if self._found < max(self._config.min_features, self._config.min_found * len(here)):
            return None
        motion = _agreed_motion(here[kept], there[kept], grey.shape, self._config)
        if motion is None or (motion is not IDENTITY and not self._explains(motion, grey)):
            return None
        self._last = motion
        return motion

    def _explains(self, motion: Matrix, grey: NDArray[np.uint8]) -> bool:
        """Whether the picture as a whole, not only its corners, has moved by the motion."""
        if self._detail is None:
            self._detail = _detail(self.grey)
        before, now = self._detail, _detail(grey)
        if _detailed_cells(before, self._config.least_detail) < self._config.min_detailed_cells:
            return False
        size = (before.shape[1], before.shape[0])
        halved = motion * np.array([1.0, 1.0, 0.5])
        in_view = cv2.warpAffine(np.ones_like(before), halved, size) > 0.5
        moved = np.asarray(cv2.warpAffine(before, halved, size), dtype=np.float32)
        explained = float(_likeness(moved[in_view][None], now[in_view][None])[0])
        unmoved = float(_likeness(before.reshape(1, -1), now.reshape(1, -1))[0])
        return explained > max(unmoved, self._config.min_explained)


def _agreed_motion(here: Points, there: Points, shape: tuple[int, ...], config: CornerConfig) -> Matrix | None:
    """The one motion on which most corners, from all over the frame, agree; `IDENTITY` if they stay in place."""
    least = max(config.min_features, config.min_agreeing * len(here))
    stays = np.linalg.norm(there - here, axis=1) < config.stay_pixels
    if stays.sum() >= least and _spreads(here[stays], shape, config):
        return IDENTITY
    estimate, agrees = cv2.estimateAffinePartial2D(here, there, ransacReprojThreshold=config.agree_pixels)
    if estimate is None:
        return None
    motion = np.asarray(estimate, dtype=np.float64)
    agreeing = agrees.ravel().astype(bool)
    if agreeing.sum() < least or not _spreads(there[agreeing], shape, config):
        return None
    if corner_shift(motion, shape) < config.still_pixels:
        return IDENTITY
    carried = _apply(motion, here)
    gone = np.linalg.norm(carried - here, axis=1)
    close = np.linalg.norm(carried - there, axis=1) < config.step_pixels + config.parallax * gone
    if np.median(gone) > config.still_pixels and close.mean() < config.min_agreeing_moving:
        return None
    return motion


def _spreads(points: Points, shape: tuple[int, ...], config: CornerConfig) -> bool:
    """Whether the points are spread over the frame."""
    low, high = (np.percentile(points, percentile, axis=0) for percentile in _SPREAD_PERCENTILES)
    across, down = high - low
    return bool(across >= config.min_spread * shape[1] and down >= config.min_spread * shape[0])


def _corners(grey_HW: NDArray[np.uint8], config: CornerConfig) -> Points:
    """The strongest corners of each grid cell, [n, 2] as x, y."""
    height, width = grey_HW.shape
    strength = cv2.cornerMinEigenVal(grey_HW, blockSize=5, ksize=3)
    peaks = (strength >= cv2.dilate(strength, np.ones((9, 9), np.uint8))) & (strength > _NO_CORNER)
    rows, columns = np.nonzero(peaks)
    cells = (rows * _GRID[1] // height) * _GRID[0] + columns * _GRID[0] // width
    strongest_first = np.lexsort((columns, rows, -strength[rows, columns], cells))
    rank_in_cell = np.arange(len(cells)) - np.searchsorted(cells[strongest_first], cells[strongest_first])
    chosen = strongest_first[rank_in_cell < config.corners_per_cell]
    return np.stack([columns[chosen], rows[chosen]], axis=1).astype(np.float32)


def _detail(grey_HW: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The details of the picture at half size, without coarse shades, so that a change of light changes nothing."""
    half = cv2.resize(grey_HW, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(half, (0, 0), _FINE) - cv2.GaussianBlur(half, (0, 0), _COARSE), dtype=np.float32)


def _detailed_cells(detail_HW: NDArray[np.float32], least: float) -> int:
    """In how many cells of the grid a quarter of the pixels stand out from their surroundings by `least` levels."""
    stands_out_HW = (np.abs(detail_HW) >= least).astype(np.float32)
    shares = np.asarray(cv2.resize(stands_out_HW, _GRID, interpolation=cv2.INTER_AREA))
    return int(np.count_nonzero(shares >= _DETAILED))


def _patches(grey_HW: NDArray[np.uint8], points: Points) -> NDArray[np.float32]:
    """The surroundings of each point, [n, 81]."""
    offsets = np.stack(np.meshgrid(*[np.arange(-_PATCH, _PATCH + 1)] * 2), axis=-1).reshape(1, -1, 2)
    where = (points[:, None, :] + offsets).astype(np.float32)
    around = cv2.remap(grey_HW, where[..., 0], where[..., 1], cv2.INTER_LINEAR)
    return np.asarray(around, dtype=np.float32).reshape(len(points), -1)


def _likeness(here: NDArray[np.float32], there: NDArray[np.float32]) -> NDArray[np.float64]:
    """Correlation of each patch with the one in the same row, [n]."""
    a, b = (patches - patches.mean(axis=1, keepdims=True) for patches in (here, there))
    energy = (a**2).sum(axis=1).astype(np.float64) * (b**2).sum(axis=1)
    return np.asarray((a * b).sum(axis=1) / np.sqrt(energy + 1.0), dtype=np.float64)


def _followed(
    start_HW: NDArray[np.uint8], end_HW: NDArray[np.uint8], points: Points, guess: Points
) -> tuple[Points, NDArray[np.bool_]]:
    """Where points of one picture are in another (pyramidal Lucas-Kanade, from a guess), and which were found."""
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
