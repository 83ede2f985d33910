"""The description of a rendered clip: things that move over scenery, a camera, shots, and changes of light.

Positions are in 0..1 of the frame (x in frame widths, y in frame heights, y down), sizes in frame heights, times in
seconds of the container, which starts at 0.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple, Self

import numpy as np
from pydantic import Field, model_validator

from schemas.colour import ColourName
from schemas.record import Record


class Shape(StrEnum):
    """The outline of a thing, which is also the noun that names it."""

    BALL = "ball"
    BOX = "box"
    ARROW = "arrow"
    CROSS = "cross"
    STAR = "star"
    SIGN = "sign"
    """A board with a word on it, as wide as the word needs."""


class Typeface(StrEnum):
    """The letters of a word."""

    SANS = "sans"
    BOLD = "bold"
    ROUND = "round"


class Writing(Record):
    """A word as it is drawn."""

    text: str
    """In the case in which it is written."""
    typeface: Typeface
    dark: bool
    """Whether its letters are nearly black; else they are nearly white."""


class Surface(StrEnum):
    """What the scenery of a place looks like."""

    PLASTER = "plaster"
    TILES = "tiles"
    PLANKS = "planks"
    PEBBLES = "pebbles"
    SMOOTH = "smooth"
    """Out of focus."""
    GRADIENT = "gradient"
    """It gets brighter in one direction."""
    PLAIN = "plain"
    """One colour."""
    HILLS = "hills"
    """Wide light and dark areas under a fine texture."""


SMOOTH_GROUNDS = (Surface.SMOOTH, Surface.GRADIENT, Surface.PLAIN)
"""Surfaces without corners, on which it may not show whether the camera moves."""


class Tag(StrEnum):
    """A property that separates clips in reports."""

    PAN = "pan"
    LIKE_COLOURS = "like_colours"
    FAINT = "faint"
    """The ground of a shot is smooth, or worn by noise and strong compression."""


class DrawnPlace(Record):
    """The scenery of a shot; equal places look the same."""

    surface: Surface
    seed: int
    """Seed of its texture."""
    luma: float = Field(gt=0, lt=1)
    """Its mean brightness, 0..1."""


class CameraView(Record):
    """Where the camera looks at a moment; it moves evenly from one view to the next."""

    seconds: float
    x: float = 0.0
    """How far it has moved to the right, in frame widths."""
    y: float = 0.0
    """How far it has moved down, in frame heights."""
    zoom: float = Field(default=1.0, gt=0)
    """Magnification."""


BLACK_SECONDS = 0.2
"""A shot that fades in is black for this long before and after its start."""


class Shot(Record):
    """The part of a clip between two cuts or fades."""

    start_seconds: float
    place: DrawnPlace
    fade_seconds: float = Field(default=0.0, ge=0)
    """How long the previous shot takes to go dark, and this one to light up; 0 if it begins with a cut."""
    views: tuple[CameraView, ...] = (CameraView(seconds=0.0),)
    """The path of the camera, in order of time; with one view it stands still."""


class Keyframe(Record):
    """Where a thing is at a moment; it moves and grows evenly from one keyframe to the next."""

    seconds: float
    x: float
    """Centre, in frame widths."""
    y: float
    """Centre, in frame heights."""
    size: float = Field(gt=0)
    """Height, and of all but signs the width too, in frame heights."""


class Stay(Record):
    """The path of a thing through one shot. It exists from its first keyframe to its last, in the frame or outside."""

    keys: tuple[Keyframe, ...] = Field(min_length=2)
    """In order of time."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if any(later.seconds <= earlier.seconds for earlier, later in pairwise(self.keys)):
            raise ValueError(f"keys must be in order of time, got {[key.seconds for key in self.keys]}")
        return self


class DrawnThing(Record):
    """One object."""

    thing_id: str
    """Unique in the world."""
    shape: Shape
    colour: ColourName
    stays: tuple[Stay, ...]
    """At most one per shot, in order of time."""
    writing: Writing | None = None
    """What is written on it; signs alone have writing."""
    aspect: float = Field(default=1.0, gt=0)
    """Its width over its height."""

    @model_validator(mode="after")
    def _is_written_on_if_it_is_a_sign(self) -> Self:
        if (self.shape is Shape.SIGN) != (self.writing is not None):
            raise ValueError(f"{self.thing_id}: a sign has writing, and nothing else has")
        return self


class Caption(Record):
    """A word that is laid over the picture for a while: neither camera nor light changes it."""

    caption_id: str
    """Unique in the world."""
    writing: Writing
    x: float
    """Centre, in frame widths."""
    y: float
    """Centre, in frame heights."""
    size: float = Field(gt=0)
    """Size of the letters, in frame heights."""
    start_seconds: float
    """When it appears."""
    end_seconds: float
    """When it vanishes."""


class Light(Record):
    """How bright the picture is at a moment; it changes evenly from one to the next."""

    seconds: float
    gain: float = Field(gt=0)
    """Factor on all pixels."""


class World(Record):
    """The complete description of one clip."""

    name: str
    """File name without extension."""
    scenario: str
    """The scenario that it was drawn from."""
    tags: tuple[Tag, ...] = ()
    seed: int
    """Seed of its noise."""
    width: int
    """Frame width in pixels; even."""
    height: int
    """Frame height in pixels; even."""
    fps: int
    """Frames per second."""
    duration_seconds: float
    noise: float = 0.0
    """Standard deviation of the noise of each pixel, in 0..255."""
    crf: int = Field(default=18, ge=0, le=51)
    """How strongly the clip is compressed (x264): 12 loses little, 36 much."""
    shots: tuple[Shot, ...]
    """In order of time; the first starts at 0."""
    things: tuple[DrawnThing, ...]
    """From back to front: a later one covers an earlier one."""
    captions: tuple[Caption, ...] = ()
    """Words laid over all of it."""
    lights: tuple[Light, ...] = (Light(seconds=0.0, gain=1.0),)
    """In order of time."""

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return round(self.duration_seconds * self.fps)

    def shot_at(self, seconds: float) -> Shot:
        """The shot that is shown at a moment."""
        return next(shot for shot in reversed(self.shots) if shot.start_seconds <= seconds + 1e-9)

    def gain_at(self, seconds: float) -> float:
        """The factor on all pixels at a moment, fades included."""
        gain = _even(seconds, [light.seconds for light in self.lights], [light.gain for light in self.lights])
        for shot in self.fades:
            gain *= min(1.0, max(0.0, (abs(seconds - shot.start_seconds) - BLACK_SECONDS) / shot.fade_seconds))
        return gain

    @property
    def fades(self) -> tuple[Shot, ...]:
        """The shots that fade in."""
        return tuple(shot for shot in self.shots if shot.fade_seconds)

    def view_at(self, seconds: float) -> CameraView:
        """Where the camera looks at a moment."""
        views = self.shot_at(seconds).views
        times = [view.seconds for view in views]
        x, y, zoom = (_even(seconds, times, [getattr(view, name) for view in views]) for name in ("x", "y", "zoom"))
        return CameraView(seconds=seconds, x=x, y=y, zoom=zoom)


class Pose(NamedTuple):
    """Where a thing is seen on the frame: its centre (frame widths, frame heights) and size (frame heights)."""

    x: float
    y: float
    size: float
    aspect: float = 1.0
    """Width over height."""


def pose_of(thing: DrawnThing, world: World, seconds: float) -> Pose | None:
    """Where the camera sees the thing, inside or outside the frame; None while it does not exist."""
    stay = stay_at(thing, seconds)
    if stay is None:
        return None
    times = [key.seconds for key in stay.keys]
    x, y, size = (_even(seconds, times, [getattr(key, name) for key in stay.keys]) for name in ("x", "y", "size"))
    view = world.view_at(seconds)
    seen_x, seen_y = (x - view.x - 0.5) * view.zoom + 0.5, (y - view.y - 0.5) * view.zoom + 0.5
    return Pose(seen_x, seen_y, size * view.zoom, thing.aspect)


def stay_at(thing: DrawnThing, seconds: float) -> Stay | None:
    """The stay at a moment; None if there is none."""
    for stay in thing.stays:
        if stay.keys[0].seconds - 1e-9 <= seconds < stay.keys[-1].seconds - 1e-9:
            return stay
    return None


def _even(seconds: float, times: Sequence[float], values: Sequence[float]) -> float:
    return float(np.interp(seconds, times, values))
