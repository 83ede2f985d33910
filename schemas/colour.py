"""The colour names that phrases may use, and how much of each a clip shows."""

from enum import StrEnum

from pydantic import Field

from schemas.record import Record


class ColourName(StrEnum):
    """The basic colour names (Berlin and Kay), plus cyan."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    GREEN = "green"
    CYAN = "cyan"
    BLUE = "blue"
    PURPLE = "purple"
    PINK = "pink"
    BROWN = "brown"
    BLACK = "black"
    GREY = "grey"
    WHITE = "white"


class Colour(Record):
    """The dominant colour over all of a track."""

    name: ColourName
    """The most common colour name inside the track's boxes."""
    share: float = Field(ge=0, le=1)
    """Share of the track's pixels that have that name, 0..1."""
    margin: float = Field(ge=0, le=1)
    """Share minus the next name's share, 0..1."""


class Hue(Record):
    """The largest amount of a colour that any frame of the clip shows; it proves that a colour is absent, or that a
    thing is the only one of its colour.

    Counted generously: every pixel that might be given this name counts, even if another name fits it too.
    """

    name: ColourName
    """The colour name."""
    largest_share: float = Field(ge=0, le=1)
    """Largest share of any analysis frame's pixels that might have this name, 0..1."""
    largest_share_outside: float = Field(ge=0, le=1)
    """The same, outside the boxes of all tracks whose colour has this name, and without what is thinner than about 2 %
    of the frame's height (rims of other things, where codecs mix colours). Near 0 means that no other thing of this
    colour, moving or not, is in view."""
