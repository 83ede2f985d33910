"""The colour names that phrases may use and the share of each that a clip shows."""

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
    """The dominant colour of a track over its whole life."""

    name: ColourName
    """The name of the commonest colour inside the track's boxes."""
    share: float = Field(ge=0, le=1)
    """Share of the track's pixels that have that name, 0..1."""
    margin: float = Field(ge=0, le=1)
    """Share minus the next name's share, 0..1."""


class Hue(Record):
    """How much of a colour name the clip shows at most: what proves an entity absent or alone.

    Counted generously: a pixel that might be called by this name counts, whatever else it might be called.
    """

    name: ColourName
    """The colour name."""
    largest_share: float = Field(ge=0, le=1)
    """Largest share of any analysis frame's pixels that might have this name, 0..1."""
    largest_share_outside: float = Field(ge=0, le=1)
    """The same, outside the boxes of all tracks whose colour has this name, and without what is thinner than about 2 %
    of the frame's height: the rims of other things, where codecs mix colours. Near 0 means that no further thing of
    this colour, moving or still, is in view."""
