"""The colours in which boxes and bars of tracks are drawn: those of the tracks themselves."""

from pipeline.presentation.canvas import Rgb
from schemas.colour import ColourName
from schemas.scene import Track

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
_UNNAMED: Rgb = (70, 90, 110)


def track_colour(track: Track) -> Rgb:
    """The colour to draw a track in."""
    return _NAMED[track.colour.name] if track.colour else _UNNAMED


def is_dark(colour: Rgb) -> bool:
    """Whether text on this colour has to be light (Rec. 601 luma below 150 of 255)."""
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue < 150
