"""Pictures become JPEG and stay as they look."""

import cv2
import numpy as np

from stages.drawing.jpeg import jpeg_of


def test_a_picture_is_red_green_blue_before_and_after() -> None:
    """Colours are not exchanged, and a part of a picture, which is no block of memory, is coded as its copy is."""
    picture = np.zeros((32, 48, 3), np.uint8)
    picture[:, :24] = (220, 30, 30)
    picture[:, 24:] = (30, 30, 220)
    red, blue = jpeg_of(picture[:, :16], 95), jpeg_of(picture[4:28, 32:], 95)
    decoded = [cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB) for jpeg in (red, blue)]
    assert [np.asarray(one).shape for one in decoded] == [(32, 16, 3), (24, 16, 3)]
    assert np.abs(np.asarray(decoded[0]).mean(axis=(0, 1)) - (220, 30, 30)).max() < 4
    assert np.abs(np.asarray(decoded[1]).mean(axis=(0, 1)) - (30, 30, 220)).max() < 4
    assert blue == jpeg_of(picture[4:28, 32:].copy(), 95)
