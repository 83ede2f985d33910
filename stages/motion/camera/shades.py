"""Whether the camera stands still, by the shades of the picture: for grounds without corners, such as walls and skies.

If the ground gets lighter or darker from pixel to pixel, a moving camera changes every one of them a little. The motion
that explains these changes best is found for each frame; where the ground has shades all over the frame, even a small
motion would show. A camera changes the whole ground in one way, a thing changes a part of it and leaves the rest: the
motion must be that of most of the ground. N H W = frames, rows, columns, P = pixels, E = effects of a motion or light.
"""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from schemas.record import Record

Floats = NDArray[np.float32]

_SHRINK = 4  # the picture is looked at this many times smaller, in which noise and coding errors are averaged out
_BLUR = 1.0  # sigma in pixels of the smaller picture
_LEAST_GAIN = 0.2  # darker frames are not brought to the brightness of the others
_MOST_FRAMES = 150  # of a longer piece, evenly spread
_ROUNDS = 3  # in which the pixels that no motion explains are found
_NARROWING_ROUNDS = 12  # in which the pixels are found that change as most of the ground does
_NARROW = 1.5  # times the usual deviation of the ground: a pixel that deviates by more is not of it
_LEAST_NARROW = 0.6  # grey levels: smaller deviations are those of coding
_USUAL_DEVIATION = 1.4826  # times the median deviation: the standard deviation of even noise
_RIDGE = 1e-5  # keeps motions that change nothing at 0
_SMOOTHED = 2  # frames on either side with which the motion of a frame is smoothed
_GRID = (6, 4)  # columns and rows of cells
_STEEP = 1.0  # grey levels a pixel: steeper shades do not count for more, so that one thing cannot stand for the ground
_MOTIONS = 4  # right, down, larger, turned; then come two changes of light
_LEAST_PIXELS = 100  # that must be explained
_LARGEST_SHARE = 5  # the motion must explain the frames that moved most: one in this many


class Shades(StrEnum):
    """What the shades say about the camera during a piece without a cut."""

    STAY = "stay"
    """They are all over the frame and stay in place: the camera stands still."""
    MOVE = "move"
    """The picture moves as a whole."""
    FAINT = "faint"
    """Nothing but things changes, but the ground is too plain to show a motion of the camera."""
    UNCLEAR = "unclear"


class ShadeConfig(Record):
    """When shades prove that the camera stands still."""

    changed: float = Field(default=8.0, gt=0)
    """A pixel that differs by this much from what a motion makes of the median picture shows a thing, 0..255."""
    most_changed: float = Field(default=0.3, gt=0, lt=1)
    """Largest share of such pixels in nearly all frames."""
    shaded: float = Field(default=0.2, gt=0)
    """A cell of a 6x4 grid has shades if they change by this many grey levels a pixel, whatever the direction."""
    least_shaded: int = Field(default=12, gt=0, le=24)
    """Least number of the 24 cells that must have shades."""
    least_slope: float = Field(default=0.3, gt=0)
    """Least change of the whole frame's shades, grey levels a pixel. A motion of 2 % of the frame then changes the
    ground by 3 levels, which strong compression (x264 at crf 34) still shows in part."""
    still_pixels: float = Field(default=1.2, gt=0)
    """The picture stays in place if no part of the best motion varies by more than this in the frame's corners."""
    moved_pixels: float = Field(default=2.5, gt=0)
    """It may move if one part varies by more than this, ..."""
    moved_explained: float = Field(default=0.65, gt=0, lt=1)
    """... and does if the motion explains this share of what changes beside things."""
    most_beside_ground: float = Field(default=0.4, gt=0, lt=1)
    """Largest share of the pixels, in nearly all frames, that does not change as most of the ground does."""
    most_unexplained: float = Field(default=2.5, gt=0)
    """Largest standard deviation of what no motion explains beside things, 0..255, if nothing else is to change."""


def judge_shades(greys_NHW: NDArray[np.uint8], config: ShadeConfig) -> Shades:
    """What the shades of a piece say about the camera."""
    small_NHW = _at_one_light(_small(greys_NHW))
    usual_HW = np.median(small_NHW, axis=0).astype(np.float32)
    slopes = _slopes(usual_HW)
    fits = _Fits.of(small_NHW, usual_HW, slopes, config.changed)
    if float(np.percentile(fits.changed_N, 95)) > config.most_changed:
        return Shades.UNCLEAR
    ranges = np.ptp(_smoothed(fits.motions_N4), axis=0)
    if ranges.max() > config.moved_pixels and fits.explained() > config.moved_explained:
        return Shades.MOVE
    if _is_shaded(_slopes(_beside_lens(usual_HW)), config):
        stays = ranges.max() <= config.still_pixels or _ground_stays(small_NHW, usual_HW, slopes, config)
        return Shades.STAY if stays else Shades.UNCLEAR
    is_quiet = float(np.percentile(fits.unexplained_N, 95)) <= config.most_unexplained
    return Shades.FAINT if is_quiet else Shades.UNCLEAR


def _small(greys_NHW: NDArray[np.uint8]) -> Floats:
    chosen = np.linspace(0, len(greys_NHW) - 1, min(len(greys_NHW), _MOST_FRAMES)).round().astype(int)
    size = (max(8, greys_NHW.shape[2] // _SHRINK), max(8, greys_NHW.shape[1] // _SHRINK))
    shrunk = (cv2.resize(greys_NHW[i], size, interpolation=cv2.INTER_AREA).astype(np.float32) for i in chosen)
    return np.stack([np.asarray(cv2.GaussianBlur(one, (0, 0), _BLUR), np.float32) for one in shrunk])


def _at_one_light(small_NHW: Floats) -> Floats:
    """The frames at the brightness of their median, so that a change of light changes little."""
    usual_HW = np.maximum(np.median(small_NHW, axis=0), 1.0)
    gains_N = np.median(small_NHW / usual_HW, axis=(1, 2))
    return np.asarray(small_NHW / np.maximum(gains_N, _LEAST_GAIN)[:, None, None], np.float32)


def _beside_lens(picture_HW: Floats) -> Floats:
    """The picture without shades of the first two degrees: a lens darkens the corners of all its pictures."""
    height, width = picture_HW.shape
    y_HW, x_HW = np.meshgrid(np.linspace(-1, 1, height), np.linspace(-1, 1, width), indexing="ij")
    degrees = np.stack([np.ones_like(x_HW), x_HW, y_HW, x_HW**2, x_HW * y_HW, y_HW**2], axis=-1).reshape(-1, 6)
    shade_P = degrees @ np.linalg.lstsq(degrees, picture_HW.ravel().astype(np.float64), rcond=None)[0]
    return np.asarray(picture_HW - shade_P.reshape(height, width), np.float32)


def _slopes(picture_HW: Floats) -> tuple[Floats, Floats]:
    """How much the picture changes from one pixel of the analysis frame to the next: to the right, and down."""
    down_HW, right_HW = np.gradient(picture_HW / np.float32(_SHRINK))
    return np.asarray(right_HW, np.float32), np.asarray(down_HW, np.float32)


def _is_shaded(slopes: tuple[Floats, Floats], config: ShadeConfig) -> bool:
    """Whether a motion in any direction would change the picture all over the frame."""
    right_HW, down_HW = slopes
    for turn in np.arange(4) * np.pi / 4:
        along_HW = np.square(right_HW * np.cos(turn) + down_HW * np.sin(turn), dtype=np.float32)
        cells = np.sqrt(np.asarray(cv2.resize(along_HW, _GRID, interpolation=cv2.INTER_AREA)))
        if np.count_nonzero(cells >= config.shaded) < config.least_shaded:
            return False
        if np.sqrt(np.mean(np.minimum(cells, _STEEP) ** 2)) < config.least_slope:
            return False
    return True


def _ground_stays(small_NHW: Floats, usual_HW: Floats, slopes: tuple[Floats, Floats], config: ShadeConfig) -> bool:
    """Whether most of the ground stays in place, whatever large things do before the rest of it."""
    effects_PE = _effects(usual_HW, slopes)
    fits = [_ground_motion((small_HW - usual_HW).ravel(), effects_PE, config.changed) for small_HW in small_NHW]
    motions, shares = zip(*fits, strict=True)
    is_ground = float(np.percentile(shares, 95)) <= config.most_beside_ground
    return is_ground and float(np.ptp(_smoothed(np.stack(motions)), axis=0).max()) <= config.still_pixels


def _ground_motion(change_P: Floats, effects_PE: Floats, changed: float) -> tuple[NDArray[np.float64], float]:
    """The best motion of the pixels that most agree about, and the share of the others.

    The slow edge of a large thing changes by less than `changed`, so the limit narrows to what is usual on the ground.
    """
    beside_P = np.abs(change_P - np.median(change_P)) < changed
    weights_E = np.zeros(effects_PE.shape[1])
    for _ in range(_NARROWING_ROUNDS):
        if np.count_nonzero(beside_P) < _LEAST_PIXELS:
            return weights_E[:_MOTIONS], 1.0
        weights_E = _least_squares(effects_PE[beside_P], change_P[beside_P])
        rest_P = np.abs(change_P - effects_PE @ weights_E.astype(np.float32))
        usual = _USUAL_DEVIATION * float(np.median(rest_P))
        now_P = rest_P < min(changed, max(_LEAST_NARROW, _NARROW * usual))
        if np.array_equal(now_P, beside_P):
            break  # from here on nothing changes
        beside_P = now_P
    return weights_E[:_MOTIONS], 1.0 - float(beside_P.mean())


@dataclass(frozen=True, eq=False)
class _Fits:
    """The motion of each frame that explains best how it differs from the median picture."""

    motions_N4: NDArray[np.float64]
    """Right, down, larger, turned: how far each moves the corners of the frame, in pixels of the analysis frame."""
    changed_N: NDArray[np.float64]
    """Share of the pixels that it does not explain."""
    unexplained_N: NDArray[np.float64]
    """Standard deviation of the rest, 0..255, ..."""
    unmoved_N: NDArray[np.float64]
    """... and what it is if only changes of light are to explain it."""

    @classmethod
    def of(cls, small_NHW: Floats, usual_HW: Floats, slopes: tuple[Floats, Floats], changed: float) -> "_Fits":
        effects_PE = _effects(usual_HW, slopes)
        fits = [_fit((small_HW - usual_HW).ravel(), effects_PE, changed) for small_HW in small_NHW]
        motions, shares, rests, unmoved = zip(*fits, strict=True)
        return cls(np.stack(motions), np.array(shares), np.array(rests), np.array(unmoved))

    def explained(self) -> float:
        """The share of the changes beside things that the motion explains, in the frames that moved most, 0..1."""
        farthest_N = np.abs(self.motions_N4).max(axis=1)
        most = np.argsort(farthest_N, kind="stable")[-max(1, len(farthest_N) // _LARGEST_SHARE) :]
        shares = 1.0 - self.unexplained_N[most] ** 2 / np.maximum(self.unmoved_N[most] ** 2, 1e-6)
        return float(np.median(shares))


def _effects(usual_HW: Floats, slopes: tuple[Floats, Floats]) -> Floats:
    """How one pixel of each motion changes each pixel, and two changes of light: by a level and by contrast, [P, 6]."""
    right_HW, down_HW = slopes
    height, width = usual_HW.shape
    reach = float(np.hypot(width, height)) / 2
    x_W = (np.arange(width, dtype=np.float32) - (width - 1) / 2) / reach
    y_H1 = ((np.arange(height, dtype=np.float32) - (height - 1) / 2) / reach)[:, None]
    contrast_HW = (usual_HW - usual_HW.mean()) / max(float(usual_HW.std()), 1.0)
    effects = (
        -right_HW,
        -down_HW,
        -(right_HW * x_W + down_HW * y_H1),
        right_HW * y_H1 - down_HW * x_W,
        np.ones_like(usual_HW),
        contrast_HW,
    )
    return np.stack(effects, axis=-1).reshape(-1, len(effects)).astype(np.float32)


def _fit(change_P: Floats, effects_PE: Floats, changed: float) -> tuple[NDArray[np.float64], float, float, float]:
    """The best motion, the share of pixels that show things, and what stays unexplained with and without motion."""
    beside_P = np.abs(change_P - np.median(change_P)) < changed
    weights_E = np.zeros(effects_PE.shape[1])
    rest_P = change_P
    for _ in range(_ROUNDS):
        if np.count_nonzero(beside_P) < _LEAST_PIXELS:
            return weights_E[:_MOTIONS], 1.0, float(change_P.std()), float(change_P.std())
        weights_E = _least_squares(effects_PE[beside_P], change_P[beside_P])
        rest_P = change_P - effects_PE @ weights_E.astype(np.float32)
        beside_P = np.abs(rest_P) < changed
    if not beside_P.any():
        return weights_E[:_MOTIONS], 1.0, float(change_P.std()), float(change_P.std())
    light_PE = effects_PE[beside_P, _MOTIONS:]
    unmoved_P = change_P[beside_P] - light_PE @ _least_squares(light_PE, change_P[beside_P]).astype(np.float32)
    return weights_E[:_MOTIONS], 1.0 - float(beside_P.mean()), float(rest_P[beside_P].std()), float(unmoved_P.std())


def _least_squares(effects_PE: Floats, change_P: Floats) -> NDArray[np.float64]:
    products_EE = (effects_PE.T @ effects_PE).astype(np.float64)
    products_EE += _RIDGE * len(effects_PE) * np.eye(len(products_EE))
    return np.asarray(np.linalg.solve(products_EE, (effects_PE.T @ change_P).astype(np.float64)), dtype=np.float64)


def _smoothed(motions_N4: NDArray[np.float64]) -> NDArray[np.float64]:
    """The running median over five frames."""
    padded = np.pad(motions_N4, ((_SMOOTHED, _SMOOTHED), (0, 0)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * _SMOOTHED + 1, axis=0)
    return np.asarray(np.median(windows, axis=-1), dtype=np.float64)
