"""Removes changes of light between two pictures of one view, if the change is smooth over the frame.

H W C = rows, columns, channels (RGB); K = cells of a coarse grid.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

_COLUMNS, _ROWS = 16, 9
_LEAST_CHANGE = 0.004  # of the brightness: a smaller change, in most cells, is not a change of light
_SCATTER = 0.02  # a cell whose change is further than this from the fit, beyond the usual, shows something that moves
_ROUNDS = 3  # of fitting a plane and leaving out the cells that are far from it
_AGREEING = 0.6  # least share of the cells that must be near the fit for it to be a change of light

Floats = NDArray[np.float64]


def relit(frame_HWC: NDArray[np.uint8], like_HWC: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A frame in the light of another frame of the same view; the frame itself if the light does not clearly change."""
    gains_KC = _cells(like_HWC) - _cells(frame_HWC)
    if np.median(np.abs(gains_KC)) < _LEAST_CHANGE:
        return frame_HWC
    fitted_KC = _fit(gains_KC)
    if (np.abs(gains_KC - fitted_KC).max(axis=1) < _SCATTER).mean() < _AGREEING:
        return frame_HWC
    height, width = frame_HWC.shape[:2]
    gain_HWC = cv2.resize(np.exp(fitted_KC).astype(np.float32).reshape(_ROWS, _COLUMNS, -1), (width, height))
    return np.clip(np.rint(frame_HWC * np.asarray(gain_HWC)), 0, 255).astype(np.uint8)


def _cells(frame_HWC: NDArray[np.uint8]) -> Floats:
    """Log brightness of each cell in each channel, [K, C]."""
    small = cv2.resize(frame_HWC.astype(np.float32), (_COLUMNS, _ROWS), interpolation=cv2.INTER_AREA)
    return np.asarray(np.log(small + 1.0).reshape(_ROWS * _COLUMNS, -1), dtype=np.float64)


def _fit(gains_KC: Floats) -> Floats:
    """For each channel, the plane over the frame on which the changes of most cells lie, [K, C]."""
    x, y = np.meshgrid(np.linspace(-1, 1, _COLUMNS), np.linspace(-1, 1, _ROWS))
    terms_K3 = np.stack([np.ones(x.size), x.ravel(), y.ravel()], axis=1)
    fitted_KC = np.broadcast_to(np.median(gains_KC, axis=0), gains_KC.shape)
    kept_K = np.zeros(x.size, np.bool_)
    for _ in range(_ROUNDS):
        off_K, before_K = np.abs(gains_KC - fitted_KC).max(axis=1), kept_K
        kept_K = off_K <= _SCATTER + 2 * np.median(off_K)
        if np.array_equal(kept_K, before_K):
            break
        fitted_KC = terms_K3 @ np.linalg.lstsq(terms_K3[kept_K], gains_KC[kept_K], rcond=None)[0]
    return np.asarray(fitted_KC)
