"""Draws the films of the family from a seed: things of many sizes that move along ways of many kinds."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from pipeline.demo.world.world import (
    CameraView,
    DrawnPlace,
    DrawnThing,
    Keyframe,
    Shape,
    Shot,
    Stay,
    Surface,
    Tag,
    World,
)
from stages.seeding import rng_for
from tests.prove.kept_apart.film import RGB, Film, Finish, Ground

_FRAMES = ((320, 240), (426, 240), (640, 360), (400, 400), (270, 480), (720, 404))  # pixels
_SHAPES = (Shape.BALL, Shape.BOX, Shape.ARROW, Shape.CROSS, Shape.STAR)
_MOVING_CAMERA = 5  # every fifth clip has a camera that moves
_UNUSED = DrawnPlace(surface=Surface.PLASTER, seed=0, luma=0.5)  # the scenery of the demo is not used

Points = list[tuple[float, float, float]]
"""(seconds, x, y), in order of time; x and y in 0..1 of the frame."""


class Room:
    """The part of the frame in which one thing moves: a band from border to border."""

    def __init__(self, *, low: float, high: float, across: bool, size: float, aspect: float) -> None:
        self.low, self.high, self.across, self.size, self.aspect = low, high, across, size, aspect

    def place(self, along: float, share: float) -> tuple[float, float]:
        """A point: `along` the band, 0..1 from border to border, at this share of the band's width."""
        half = self.size / 2 * (1.0 if self.across else 1.0 / self.aspect)
        low, high = min(self.low + half, self.high - half), max(self.low + half, self.high - half)
        side = low + share * (high - low)
        return (along, side) if self.across else (side, along)

    @property
    def outside(self) -> float:
        """How far beyond a border a thing is hidden."""
        return self.size / 2 / (self.aspect if self.across else 1.0) + 0.02


Way = Callable[[Generator, Room, float], Points]


def _across(rng: Generator, room: Room, seconds: float) -> Points:
    """From border to border, at an angle."""
    start, end = rng.uniform(0.05, 0.25) * seconds, rng.uniform(0.7, 0.95) * seconds
    return _points((start, end), (-room.outside, 1 + room.outside), rng, room)


def _arrives(rng: Generator, room: Room, seconds: float) -> Points:
    """In over a border, and there to the end."""
    start, stop = rng.uniform(0.1, 0.3) * seconds, rng.uniform(0.5, 0.75) * seconds
    points = _points((start, stop), (-room.outside, rng.uniform(0.3, 0.7)), rng, room)
    return [*points, (seconds, *points[-1][1:])]


def _departs(rng: Generator, room: Room, seconds: float) -> Points:
    """There from the beginning, then out."""
    start, end = rng.uniform(0.25, 0.5) * seconds, rng.uniform(0.7, 0.9) * seconds
    points = _points((start, end), (rng.uniform(0.3, 0.7), 1 + room.outside), rng, room)
    return [(0.0, *points[0][1:]), *points]


def _wanders(rng: Generator, room: Room, seconds: float) -> Points:
    """To and fro inside the frame, with rests."""
    turns = np.sort(rng.uniform(0.1, 0.95, 4)) * seconds
    turns += np.arange(4) * 0.05
    spots = [room.place(along, rng.random()) for along in rng.permutation([0.15, 0.5, 0.85])]
    stops = [spots[0], spots[0], spots[1], spots[1], spots[2], spots[2]]
    moments = [0.0, *turns.tolist(), seconds + 0.5]
    return [(moment, *spot) for moment, spot in zip(moments, stops, strict=True)]


def _swings(rng: Generator, room: Room, seconds: float) -> Points:
    """Along an arc, without a rest."""
    moments = np.linspace(0.0, seconds, 24)
    turn = rng.uniform(0.5, 1.0) * 2 * np.pi * moments / seconds + rng.uniform(0, 2 * np.pi)
    reach = rng.uniform(0.2, 0.32)
    spots = zip(0.5 + reach * np.cos(turn), 0.5 + 0.5 * np.sin(turn), strict=True)
    return [(float(t), *room.place(float(a), float(b))) for t, (a, b) in zip(moments, spots, strict=True)]


def _rests(rng: Generator, room: Room, seconds: float) -> Points:
    """In one place all the time."""
    spot = room.place(rng.uniform(0.15, 0.85), rng.random())
    return [(0.0, *spot), (seconds, *spot)]


_WAYS: tuple[Way, ...] = (_across, _across, _arrives, _departs, _wanders, _swings, _rests)


def _points(moments: tuple[float, float], along: tuple[float, float], rng: Generator, room: Room) -> Points:
    share = rng.random(2)
    return [(float(t), *room.place(float(a), float(s))) for t, a, s in zip(moments, along, share, strict=True)]


def kept_films(seed: int, count: int) -> list[Film]:
    """The first `count` films of a seed."""
    return [_film(seed, index) for index in range(count)]


def _film(seed: int, index: int) -> Film:
    rng = rng_for(seed, "kept apart", str(index))
    width, height = _FRAMES[rng.integers(len(_FRAMES))]
    fps = int(rng.choice([15, 24, 25, 30]))
    seconds = round(rng.uniform(4.0, 7.0) * fps) / fps
    moving = index % _MOVING_CAMERA == _MOVING_CAMERA - 1
    ground = list(Ground)[index % len(Ground)]
    world = World(
        name=f"apart-{ground}-{index:02d}",
        scenario="kept_apart",
        tags=(Tag.PAN,) if moving else (),
        seed=0,
        width=width,
        height=height,
        fps=fps,
        duration_seconds=seconds,
        shots=(Shot(start_seconds=0.0, place=_UNUSED, views=_views(rng, seconds) if moving else _LOOKS_AHEAD),),
        things=_things(rng, seconds, width / height, still=moving and rng.random() < 0.5),
    )
    return _with_look(rng, world, ground)


_LOOKS_AHEAD = (CameraView(seconds=0.0),)


def _views(rng: Generator, seconds: float) -> tuple[CameraView, ...]:
    """A pan, a drift, a zoom, or a sway."""
    kind = rng.choice(["pan", "drift", "zoom", "sway"])
    if kind == "zoom":
        zoom = rng.uniform(1.12, 1.5)
        return CameraView(seconds=0.0), CameraView(seconds=seconds, zoom=float(zoom))
    turn = rng.uniform(0, 2 * np.pi)
    x, y = float(np.cos(turn)), float(np.sin(turn))
    if kind == "sway":
        moments = np.linspace(0, seconds, 16)
        shifts = rng.uniform(0.02, 0.05) * np.sin(2 * np.pi * moments / rng.uniform(1.5, 3.0))
        return tuple(CameraView(seconds=float(t), x=x * s, y=y * s) for t, s in zip(moments, shifts, strict=True))
    reach = float(rng.uniform(0.15, 0.5) if kind == "pan" else rng.uniform(0.04, 0.1))
    return CameraView(seconds=0.0), CameraView(seconds=seconds, x=reach * x, y=reach * y)


def _things(rng: Generator, seconds: float, aspect: float, *, still: bool) -> tuple[DrawnThing, ...]:
    """One to four things, each in its own band; at least one moves, unless all are to be still."""
    count = int(rng.integers(1, 5))
    across = bool(rng.random() < 0.5)
    room = (1.0 if across else aspect) / count  # frame heights
    colours = [list(RGB)[i] for i in rng.permutation(len(RGB))[:count]]
    things = []
    for index, band in enumerate(rng.permutation(count)):
        size = float(min(rng.uniform(0.07, 0.34), 0.9 * room))
        space = Room(low=band / count, high=(band + 1) / count, across=across, size=size, aspect=aspect)
        way = _rests if still else _WAYS[rng.integers(len(_WAYS) - (index == 0))]
        stay = _stay(way(rng, space, seconds), rng, size, turned=across and bool(rng.random() < 0.5))
        shape = _SHAPES[rng.integers(len(_SHAPES))]
        things.append(DrawnThing(thing_id=f"k{index}", shape=shape, colour=colours[index], stays=(stay,)))
    return tuple(things)


def _stay(points: Points, rng: Generator, size: float, *, turned: bool) -> Stay:
    """The way as keyframes, mirrored if `turned`; one in five grows or shrinks a little on its way."""
    growth = float(rng.uniform(0.75, 1.0)) if rng.random() < 0.2 and len(points) == 2 else 1.0
    sizes = np.linspace(size, growth * size, len(points))
    return Stay(
        keys=tuple(
            Keyframe(seconds=t, x=1 - x if turned else x, y=y, size=float(s))
            for (t, x, y), s in zip(points, sizes, strict=True)
        )
    )


def _with_look(rng: Generator, world: World, ground: Ground) -> Film:
    grains = (0.0, float(rng.uniform(0.5, 2.0)), float(rng.uniform(2.0, 5.0)), float(rng.uniform(5.0, 9.0)))
    red, blue = rng.uniform(-0.05, 0.05, 2)
    return Film(
        world=world,
        ground=ground,
        luma=float(rng.uniform(0.25, 0.8)),
        depth=float(rng.uniform(0.08, 0.45)),
        softness=float(rng.uniform(0.03, 0.2)),
        tint=(1 + float(red), 1.0, 1 + float(blue)),
        vignette=float(rng.choice([0.0, 0.0, 0.15, 0.3])),
        finish=list(Finish)[rng.integers(len(Finish))],
        strength=float(rng.uniform(0.9, 1.0)),
        blur=float(rng.choice([0.0, 0.0, 0.8, 1.5])),
        grain=grains[rng.integers(len(grains))],
        coarse_grain=bool(rng.random() < 0.3),
        coloured_grain=bool(rng.random() < 0.5),
        crf=int(rng.choice([8, 16, 20, 24, 28, 32, 36])),
        seed=int(rng.integers(2**31)),
    )
