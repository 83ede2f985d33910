"""The colours in which boxes and bars of tracks are drawn: those of the tracks themselves, or one for each label."""

import zlib

from pipeline.presentation.canvas import Rgb
from schemas.colour import ColourName
from schemas.scene import OBJECT, Track

_NAMED: dict[ColourName, Rgb] = {
    ColourName.RED: (215, 45, 50),
    ColourName.ORANGE: (245, 125, 20),
    ColourName.YELLOW: (250, 205, 0),
    ColourName.GREEN: (35, 150, 60),
    ColourName.CYAN: (30, 195, 205),
    ColourName.BLUE: (30, 95, 215),
    ColourName.PURPLE: (125, 50, 160),
    ColourName.PINK: (250, 120, 175),
    ColourName.BROWN: (120, 75, 40),
    ColourName.BLACK: (30, 30, 30),
    ColourName.GREY: (130, 130, 130),
    ColourName.WHITE: (235, 235, 235),
}
_LABELS: tuple[Rgb, ...] = (
    (176, 58, 46),
    (31, 118, 180),
    (40, 140, 90),
    (150, 90, 180),
    (190, 120, 20),
    (20, 130, 140),
    (160, 70, 110),
    (90, 110, 40),
)
_UNNAMED: Rgb = (70, 90, 110)


def track_colour(track: Track) -> Rgb:
    """The colour to draw a track in: its own; else the same for all tracks of one label."""
    if track.colour:
        return _NAMED[track.colour.name]
    return _UNNAMED if track.label == OBJECT else _LABELS[zlib.crc32(track.label.encode()) % len(_LABELS)]


def is_dark(colour: Rgb) -> bool:
    """Whether text on this colour has to be light (Rec. 601 luma below 150 of 255)."""
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue < 150
