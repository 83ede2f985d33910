"""Colour names of pixels: strictly, to prove that a thing has a colour, and generously, to prove that a colour is
absent.

Names are numbered in the order of `ColourName`. Each pixel is looked up in a table with 6 bits for each channel, which
is made once from samples of each name by distance in CIE Lab.
"""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from schemas.colour import Colour, ColourName

RGB = tuple[int, int, int]

PALETTE: dict[ColourName, tuple[RGB, ...]] = {
    ColourName.RED: ((215, 30, 35), (190, 25, 30), (230, 45, 40)),
    ColourName.ORANGE: ((245, 130, 20), (250, 145, 30), (235, 120, 25)),
    ColourName.YELLOW: ((245, 220, 40), (250, 230, 70), (235, 210, 30)),
    ColourName.GREEN: ((40, 160, 60), (30, 130, 50), (60, 185, 75)),
    ColourName.CYAN: ((40, 210, 215), (60, 220, 225), (30, 195, 205)),
    ColourName.BLUE: ((30, 70, 210), (40, 85, 220), (25, 55, 175)),
    ColourName.PURPLE: ((125, 45, 170), (140, 60, 185), (110, 35, 150)),
    ColourName.PINK: ((250, 125, 180), (255, 150, 195), (245, 110, 165)),
    ColourName.BROWN: ((120, 70, 35), (105, 62, 32), (135, 80, 42)),
    ColourName.BLACK: ((15, 15, 18), (22, 22, 22), (10, 10, 12)),
    ColourName.GREY: ((128, 128, 128), (115, 115, 118), (140, 140, 140)),
    ColourName.WHITE: ((245, 245, 245), (238, 238, 238), (250, 250, 250)),
}
"""Colours that nobody would give another name."""

_FURTHER_SAMPLES: dict[ColourName, tuple[RGB, ...]] = {
    ColourName.RED: ((255, 0, 0), (150, 20, 25), (120, 15, 20), (235, 75, 65), (200, 60, 60), (90, 10, 15)),
    ColourName.ORANGE: ((255, 165, 0), (225, 110, 30), (255, 140, 60), (250, 165, 70), (255, 110, 0)),
    ColourName.YELLOW: ((255, 255, 0), (200, 180, 20), (250, 240, 120), (240, 200, 60), (215, 205, 60)),
    ColourName.GREEN: (
        (
            (0, 255, 0),
            (0, 100, 0),
            (120, 200, 80),
            (100, 150, 80),
            (20, 70, 30),
            (140, 220, 140),
            (90, 110, 50),
            (0, 125, 95),
        )
    ),
    ColourName.CYAN: ((0, 255, 255), (0, 165, 175), (120, 230, 235), (90, 190, 195), (160, 240, 240)),
    ColourName.BLUE: ((0, 0, 255), (20, 30, 110), (60, 120, 220), (90, 120, 190), (15, 20, 70), (70, 140, 235)),
    ColourName.PURPLE: ((128, 0, 128), (160, 90, 205), (80, 30, 110), (145, 85, 165), (175, 130, 215), (60, 20, 80)),
    ColourName.PINK: ((255, 192, 203), (255, 105, 180), (230, 90, 150), (235, 165, 185), (255, 60, 150)),
    ColourName.BROWN: ((139, 90, 50), (90, 55, 30), (150, 100, 65), (70, 42, 22), (165, 110, 60), (110, 80, 60)),
    ColourName.BLACK: ((0, 0, 0), (32, 32, 32)),
    ColourName.GREY: ((75, 75, 75), (95, 95, 95), (160, 160, 160), (180, 180, 180), (105, 110, 120), (120, 112, 105)),
    ColourName.WHITE: ((255, 255, 255), (225, 225, 225), (250, 245, 235), (235, 242, 250)),
}

NAMES: tuple[ColourName, ...] = tuple(ColourName)
"""The colour names in the order of their numbers."""
UNNAMED = len(NAMES)
"""The number of a pixel that lies between names."""

_BITS = 6  # of each channel in the tables
_CLEARLY_NEARER = 0.8  # a pixel has a name if its distance to it is at most this share of the distance to the next
# a pixel might have a name if its distance to it is at most this many times the least one, plus so many Lab units
# (about five just noticeable differences)
_MIGHT_BE_NEARER = 1.6
_ANYONE_MIGHT_SAY = 11.0
_MIN_SHARE = 0.45  # of the pixels of a thing, to have its dominant colour, ...
_MIN_MARGIN = 0.25  # ... and by how much this must exceed the share of the next colour


def _lab(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """CIE Lab (L 0..100) of an [N, 3] array of colours."""
    scaled = (rgb.astype(np.float32) / 255.0).reshape(1, -1, 3)
    return cv2.cvtColor(scaled, cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float32)


@cache
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """For each table entry: the number of its name, or UNNAMED; and one bit for each name that it might have."""
    steps = (np.arange(1 << _BITS) << (8 - _BITS)) + (1 << (7 - _BITS))
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.uint8)
    grid_lab = _lab(grid)
    distances = np.full((len(NAMES), len(grid)), np.inf, dtype=np.float32)
    for number, name in enumerate(NAMES):
        for sample in _lab(np.array(PALETTE[name] + _FURTHER_SAMPLES[name], dtype=np.uint8)):
            np.minimum(distances[number], np.linalg.norm(grid_lab - sample, axis=1), out=distances[number])
    first, second = np.partition(distances, 1, axis=0)[:2]
    numbers = distances.argmin(axis=0).astype(np.uint8)
    numbers[first > _CLEARLY_NEARER * second] = UNNAMED
    bits = np.zeros(len(grid), dtype=np.uint16)
    for number in range(len(NAMES)):
        might_be = distances[number] <= _MIGHT_BE_NEARER * first + _ANYONE_MIGHT_SAY
        bits |= might_be.astype(np.uint16) << np.uint16(number)
    return numbers, bits


def _entries(pixels_RGB: NDArray[np.uint8]) -> NDArray[np.int32]:
    red, green, blue = (pixels_RGB[..., i].astype(np.int32) >> (8 - _BITS) for i in range(3))
    return (red << (2 * _BITS)) | (green << _BITS) | blue


def name_numbers(pixels_RGB: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The number (index into `NAMES`) of each pixel's name, or UNNAMED; shape [..., 3] -> [...]."""
    return _tables()[0][_entries(pixels_RGB)]


def family_bits(pixels_RGB: NDArray[np.uint8]) -> NDArray[np.uint16]:
    """For each pixel, one bit (1 << number) for each name that anyone might give it; shape [..., 3] -> [...]."""
    return _tables()[1][_entries(pixels_RGB)]


def count_names(pixels_RGB: NDArray[np.uint8]) -> NDArray[np.int64]:
    """How many pixels have each name, and last how many have none; int64 [12 + 1]."""
    return np.bincount(name_numbers(pixels_RGB).ravel(), minlength=UNNAMED + 1)


def dominant_colour(counts: NDArray[np.int64]) -> Colour | None:
    """The dominant colour of pixels, by their counts (`count_names`); None if none is clear."""
    total = int(counts.sum())
    if total == 0:
        return None
    order = np.argsort(-counts[:UNNAMED], kind="stable")
    share, following = (float(counts[i]) / total for i in order[:2])
    if share < _MIN_SHARE or share - following < _MIN_MARGIN:
        return None
    return Colour(name=NAMES[int(order[0])], share=share, margin=share - following)
