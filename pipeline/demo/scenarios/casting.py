"""Draws the things of a clip: shapes, sizes, lanes and ways, each evenly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from pipeline.demo.scenarios.behaviours import BEHAVIOURS, Behaviour, Lane
from pipeline.demo.world.letters import board_aspect
from pipeline.demo.world.palette import PALETTE
from pipeline.demo.world.world import (
    SMOOTH_GROUNDS,
    DrawnPlace,
    DrawnThing,
    Shape,
    Shot,
    Stay,
    Surface,
    Typeface,
    Writing,
)
from schemas.colour import ColourName
from schemas.interval import Interval

WORDS = (
    *("market", "harbour", "station", "library", "museum", "garden", "pharmacy"),
    *("welcome", "ticket", "airport", "bicycle", "village", "bridge", "school"),
)
"""What signs and captions say. Each is far from all others: no reading error makes one of another."""
_SHAPES = tuple(shape for shape in Shape if shape is not Shape.SIGN)
LARGEST = 0.2
"""Size of the largest thing, in frame heights."""
_BRIGHT = 130  # luma of a board, 0..255, from which on its letters are dark
_LUMAS = (0.3, 0.7)  # range of the mean brightness of places
_LEAST_LUMA_STEP = 0.12  # between the places of two shots in a row
_SURFACES = tuple(
    surface
    for surface in Surface
    if surface is not Surface.HILLS  # which the steady worlds alone have
    for _ in range(1 if surface in SMOOTH_GROUNDS else 2)  # textures twice as often
)
_TOGETHER = 0.35  # share of clips in which two things come and go at the same times


@dataclass(frozen=True)
class Setting:
    """What a scenario gets: the random generator, the length of the clip, its format, and its colours."""

    rng: Generator
    seconds: float
    aspect: float
    """Frame width over frame height."""
    fps: int
    """Frames per second."""
    colours: tuple[ColourName, ...] = tuple(PALETTE)
    """All colours, in the order in which the things of the clip take them."""

    def on_frame(self, seconds: float) -> float:
        """The time of the nearest frame."""
        return round(seconds * self.fps) / self.fps

    @property
    def whole(self) -> Interval:
        """The clip as one interval."""
        return Interval(start_seconds=0.0, end_seconds=self.seconds)

    def half(self, which: int) -> Interval:
        """The first (0) or second (1) half of the clip."""
        return Interval(start_seconds=which * self.seconds / 2, end_seconds=(which + 1) * self.seconds / 2)


def draw_shot(rng: Generator, start: float, before: Shot | None = None) -> Shot:
    """Draw a shot with a still camera; its place looks different from that of the shot before."""
    surfaces = [surface for surface in _SURFACES if before is None or surface is not before.place.surface]
    luma = float(rng.uniform(*_LUMAS))
    while before is not None and abs(luma - before.place.luma) < _LEAST_LUMA_STEP:
        luma = float(rng.uniform(*_LUMAS))
    place = DrawnPlace(surface=surfaces[rng.integers(len(surfaces))], seed=int(rng.integers(2**31)), luma=luma)
    return Shot(start_seconds=start, place=place)


def draw_lanes(setting: Setting, count: int, sizes: Sequence[float] = ()) -> list[Lane]:
    """Draw lanes side by side, so that things in them never touch; `sizes` are those of the things, or drawn."""
    rng = setting.rng
    horizontal = bool(rng.random() < 0.5)
    side = 1.0 if horizontal else setting.aspect  # room for all lanes, in frame heights
    lanes: list[Lane] = []
    for index in rng.permutation(count):
        room = side / count
        most = min(LARGEST, 0.9 * room)
        size = min(sizes[len(lanes)] if sizes else rng.uniform(min(0.09, 0.6 * most), most), most)
        across = ((index + 0.5) * room + rng.uniform(-0.45, 0.45) * (room - size)) / side
        lanes.append(Lane(horizontal, float(across), float(size), setting.aspect))
    return lanes


def draw_stay(behaviour: Behaviour, rng: Generator, lane: Lane, shot: Interval) -> Stay:
    """Draw a way along the lane, starting at either border."""
    return lane.stay(behaviour(rng, lane, shot), turned=bool(rng.random() < 0.5))


def draw_shape(rng: Generator) -> Shape:
    """Draw a shape; signs are made by `make_sign`."""
    return _SHAPES[rng.integers(len(_SHAPES))]


def draw_writings(rng: Generator, count: int) -> tuple[Writing, ...]:
    """Draw different words, each in its own letters."""
    typefaces = list(Typeface)
    cases: tuple[Callable[[str], str], ...] = (str.upper, str.title, str.lower)
    return tuple(
        Writing(
            text=cases[rng.integers(len(cases))](WORDS[index]),
            typeface=typefaces[rng.integers(len(typefaces))],
            dark=bool(rng.random() < 0.5),
        )
        for index in rng.permutation(len(WORDS))[:count]
    )


def make_sign(thing_id: str, colour: ColourName, stay: Stay, writing: Writing) -> DrawnThing:
    """Make a sign; its letters are dark on a bright board and bright on a dark one."""
    dark = float(np.dot(PALETTE[colour], (0.299, 0.587, 0.114))) > _BRIGHT
    word = writing.model_copy(update={"dark": dark})
    aspect = board_aspect(word)
    return DrawnThing(thing_id=thing_id, shape=Shape.SIGN, colour=colour, stays=(stay,), writing=word, aspect=aspect)


def make_thing(thing_id: str, rng: Generator, colour: ColourName, stays: Sequence[Stay]) -> DrawnThing:
    """Make a thing with a drawn shape."""
    shape = draw_shape(rng)
    return DrawnThing(thing_id=thing_id, shape=shape, colour=colour, stays=tuple(stays))


def draw_cast(
    setting: Setting,
    shot: Interval,
    colours: Sequence[ColourName],
    behaviours: Sequence[Behaviour] = (),
    in_step: float = _TOGETHER,
) -> tuple[DrawnThing, ...]:
    """Make one thing per colour, each in its lane. Things without a given behaviour draw one.

    With probability `in_step` the second thing comes and goes together with the first.
    """
    rng = setting.rng
    given = list(behaviours[: len(colours)])
    given += [BEHAVIOURS[rng.integers(len(BEHAVIOURS))] for _ in colours[len(behaviours) :]]
    lanes = draw_lanes(setting, len(colours))
    coupled = len(colours) > 1 and rng.random() < in_step
    if coupled:
        given[1] = given[0]
    stays = [draw_stay(behaviour, rng, lane, shot) for behaviour, lane in zip(given, lanes, strict=True)]
    if coupled and len(stays[0].keys) == len(stays[1].keys):
        stays[1] = at_times_of(stays[1], stays[0])
    return tuple(
        make_thing(f"t{index}", rng, colour, [stay])
        for index, (colour, stay) in enumerate(zip(colours, stays, strict=True))
    )


def at_times_of(stay: Stay, model: Stay) -> Stay:
    """The stay with the times of another one, which has equally many keyframes."""
    keys = zip(stay.keys, model.keys, strict=True)
    return Stay(keys=tuple(key.model_copy(update={"seconds": other.seconds}) for key, other in keys))
