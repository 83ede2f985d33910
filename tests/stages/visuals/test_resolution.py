"""Frames are scaled down to a limit, in their own shape."""

import numpy as np
import pytest

from stages.visuals.resolution import Resolution


@pytest.mark.parametrize(
    ("resolution", "shown"),
    [
        (Resolution(), (1280, 720)),
        (Resolution(short_side=720), (1280, 720)),
        (Resolution(short_side=1000), (1280, 720)),
        (Resolution(short_side=360), (640, 360)),
        (Resolution(max_pixels=640 * 360), (640, 360)),
        (Resolution(short_side=360, max_pixels=320 * 180), (320, 180)),
        (Resolution(short_side=180, max_pixels=640 * 360), (320, 180)),
        (Resolution(max_pixels=100_000), (421, 237)),
    ],
)
def test_the_smaller_limit_holds_and_nothing_is_enlarged(resolution: Resolution, shown: tuple[int, int]) -> None:
    """Of 1280 x 720; the root of 100,000 / 921,600 is 0.3294, so 421.6 x 237.2, rounded down. On its side it is the
    same.
    """
    assert resolution.size(1280, 720) == shown
    assert resolution.size(720, 1280) == shown[::-1]


def test_a_pixel_is_the_mean_of_those_that_it_stands_for() -> None:
    """Squares of 2 x 2 with one white pixel of four become 63.75, rounded; a frame within the limit is not touched."""
    frame_HWC = np.zeros((8, 16, 3), np.uint8)
    frame_HWC[::2, ::2] = 255
    assert set(np.unique(Resolution(short_side=4).fitted(frame_HWC))) == {64}
    assert Resolution(short_side=4).fitted(frame_HWC).shape == (4, 8, 3)
    assert Resolution(short_side=8).fitted(frame_HWC) is frame_HWC
