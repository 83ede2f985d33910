"""Small copies of frames, by which pictures are compared."""

import cv2
import numpy as np
from numpy.typing import NDArray

_WIDTH, _HEIGHT = 64, 36


def unit_thumbs(greys_NHW: NDArray[np.uint8]) -> NDArray[np.float32]:
    """One row of length 1 for each frame. The product of two rows is the correlation of their pictures, -1..1."""
    thumbs = [cv2.resize(grey, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA) for grey in greys_NHW]
    rows_ND = np.stack(thumbs).astype(np.float32).reshape(len(thumbs), -1)
    # pictures without contrast (black, white) correlate with nothing: 1 grey level of noise outweighs them
    rows_ND -= rows_ND.mean(axis=1, keepdims=True)
    return np.asarray(rows_ND / np.sqrt((rows_ND**2).sum(axis=1, keepdims=True) + 1.0), np.float32)
