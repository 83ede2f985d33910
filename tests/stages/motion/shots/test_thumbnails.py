"""Small copies of frames, by which pictures are compared."""

import numpy as np
import pytest

from stages.motion.shots.thumbnails import unit_thumbs
from tests.stages.motion.films import HEIGHT, WIDTH, seen, world


def grey(seed: int) -> np.ndarray:
    """A world in grey."""
    return seen(world(seed), 100, 100).mean(axis=2).astype(np.uint8)


def test_products_are_correlations() -> None:
    """1 with itself and with a brighter copy, -1 with its negative, about 0 with another picture."""
    here = grey(1)
    brighter = (here * 0.8 + 40).astype(np.uint8)
    thumbs = unit_thumbs(np.stack([here, brighter, 255 - here, grey(2)]))
    assert thumbs[0] @ thumbs.T == pytest.approx([1, 1, -1, 0], abs=0.1)


def test_a_plain_picture_is_like_nothing() -> None:
    """Black, or grey with a little noise, does not correlate with itself as a picture does."""
    noise = np.random.default_rng(0).integers(100, 102, (HEIGHT, WIDTH), dtype=np.uint8)
    plain = unit_thumbs(np.stack([np.zeros((HEIGHT, WIDTH), np.uint8), noise]))
    assert np.abs(plain @ plain.T).max() < 0.999
    assert plain[0] @ plain[0] == 0
