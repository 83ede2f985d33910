"""The description of a clip of the family: what happens in it, and how it looks."""

from enum import StrEnum

from pydantic import Field

from pipeline.demo.world.world import World
from schemas.colour import ColourName
from schemas.record import Record


class Ground(StrEnum):
    """What is behind the things."""

    PLAIN = "plain"
    """One colour."""
    WALL = "wall"
    """One colour, lit by a lamp from one side."""
    RAMP = "ramp"
    """One colour that gets brighter in one direction."""
    CLOUDS = "clouds"
    """A texture far out of focus."""
    LIGHTS = "lights"
    """Discs of light, out of focus."""
    HORIZON = "horizon"
    """Two colours with a soft edge between them."""


class Finish(StrEnum):
    """How a thing is painted."""

    FLAT = "flat"
    DOMED = "domed"
    """Brighter in the middle."""
    RIMMED = "rimmed"
    """Darker near its contour."""


RGB: dict[ColourName, tuple[int, int, int]] = {
    ColourName.RED: (200, 36, 40),
    ColourName.ORANGE: (240, 134, 26),
    ColourName.YELLOW: (238, 220, 52),
    ColourName.GREEN: (44, 156, 66),
    ColourName.CYAN: (44, 200, 206),
    ColourName.BLUE: (46, 80, 206),
    ColourName.PURPLE: (132, 54, 182),
    ColourName.PINK: (244, 130, 194),
}
"""The colours of things, 0..255."""


class Film(Record):
    """One clip."""

    world: World
    """What happens: things, camera, size and length. How it says that the clip looks is not used."""
    ground: Ground
    luma: float = Field(gt=0, lt=1)
    """Mean brightness of the ground, 0..1."""
    depth: float = Field(ge=0, lt=1)
    """How much the ground's brightness varies, 0..1; without meaning for a plain one."""
    softness: float = Field(gt=0)
    """How wide the shades of clouds, lights and horizons are, in frame heights."""
    tint: tuple[float, float, float]
    """Factor on each channel of the ground."""
    vignette: float = Field(ge=0, lt=1)
    """How much darker the lens makes the corners of the frame, 0..1; it stays in place if the camera moves."""
    finish: Finish
    strength: float = Field(gt=0, le=1)
    """Factor on the colours of things."""
    blur: float = Field(ge=0)
    """Sigma in pixels by which the contours of things are out of focus."""
    grain: float = Field(ge=0)
    """Standard deviation of the sensor's noise, 0..255."""
    coarse_grain: bool
    """Whether noise is alike in neighbouring pixels."""
    coloured_grain: bool
    """Whether each channel has its own noise."""
    crf: int
    """Quality of the compression: 8 is nearly lossless, 36 is bad."""
    seed: int
    """Seed of ground and noise."""

    @property
    def moves(self) -> bool:
        """Whether the camera moves."""
        return len(self.world.shots[0].views) > 1
