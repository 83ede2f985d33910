"""Families of worlds, drawn from a seed: together they let every predicate be true and false.

Whatever has a natural opposite is drawn evenly: sides and directions by turning ways around, before and after (enters
and leaves, starts and stops, grows and shrinks, faster and slower) by reversing the whole world in time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from pipeline.demo.roles import ROLES, Lane, Role, moves_between_rests, passes, returns, sits
from pipeline.demo.reversal import reversed_world
from pipeline.demo.palette import PALETTE
from pipeline.demo.world import Key, Light, Place, Shape, Shot, Stay, Surface, Tag, Thing, View, World
from schemas.colour import ColourName
from schemas.interval import Interval
from stages.seeding import rng_for


@dataclass(frozen=True)
class Draft:
    """What a family decides of a clip."""

    shots: tuple[Shot, ...]
    things: tuple[Thing, ...]
    tags: tuple[Tag, ...] = ()
    lights: tuple[Light, ...] = (Light(seconds=0.0, gain=1.0),)


@dataclass(frozen=True)
class Setting:
    """What is given to a family: the draw, the length of the clip and the form of its frame."""

    rng: Generator
    seconds: float
    aspect: float

    @property
    def whole(self) -> Interval:
        """The clip as one interval."""
        return Interval(start_seconds=0.0, end_seconds=self.seconds)


def demo_worlds(seed: int, count: int) -> list[World]:
    """Short clips (5 to 8 s) for the demo."""
    return list(_worlds(seed, count, (5.0, 8.0)))


def prove_worlds(seed: int, count: int) -> list[World]:
    """Clips of 5 to 60 s: half of them under 15 s."""
    return list(_worlds(seed, count, (5.0, 60.0)))


def _worlds(seed: int, count: int, seconds: tuple[float, float]) -> Iterator[World]:
    order = rng_for(seed, "families", "order")
    deck: list[str] = []
    for index in range(count):
        deck = deck or [str(name) for name in order.permutation(_DECK)]
        yield _world(seed, index, deck.pop(), seconds)


def _world(seed: int, index: int, family: str, seconds: tuple[float, float]) -> World:
    name = f"{family}-{seed}-{index:03d}"
    rng = rng_for(seed, "world", f"{index}")
    fps = int(rng.choice([24, 25, 30]))
    width, height = FRAMES[rng.integers(len(FRAMES))]
    # evenly in the logarithm: many short clips, a few long ones
    length = float(np.exp(rng.uniform(np.log(seconds[0]), np.log(seconds[1]))))
    length = round(length * fps) / fps
    draft = FAMILIES[family](Setting(rng, length, width / height))
    world = World(
        name=name,
        family=family,
        tags=draft.tags,
        seed=int(rng.integers(2**31)),
        width=width,
        height=height,
        fps=fps,
        duration_seconds=length,
        noise=float(rng.uniform(0.5, 4.0)),
        shots=_on_frames(draft.shots, fps),
        things=draft.things,
        lights=draft.lights,
    )
    return reversed_world(world) if rng.random() < 0.5 else world


FRAMES = ((512, 288), (512, 288), (480, 360), (360, 480))
"""Width and height of the clips: wide, classic and upright."""


def lanes(setting: Setting) -> Draft:
    """One to five things, each in its lane."""
    rng = setting.rng
    count = int(rng.integers(1, 6))
    return Draft((_shot(rng, 0.0),), _cast(setting, setting.whole, _colours(rng, count), "t"))


def crossers(setting: Setting) -> Draft:
    """Two to three things whose ways cross in the middle of the frame, and one that is passed by in front or behind."""
    rng = setting.rng
    colours = _colours(rng, int(rng.integers(2, 4)) + 1)
    things = [
        _thing(
            f"t{index}",
            rng,
            colour,
            [_stay(passes, rng, _lane(setting, index % 2 == 0, rng.uniform(0.35, 0.65)), setting.whole)],
        )
        for index, colour in enumerate(colours[:-1])
    ]
    sitter = _lane(setting, True, rng.uniform(0.35, 0.65))
    things.insert(
        int(rng.integers(len(things) + 1)), _thing("s", rng, colours[-1], [_stay(sits, rng, sitter, setting.whole)])
    )
    return Draft((_shot(rng, 0.0),), tuple(things))


def returners(setting: Setting) -> Draft:
    """A thing that leaves and comes back, beside others."""
    rng = setting.rng
    colours = _colours(rng, int(rng.integers(1, 4)))
    return Draft((_shot(rng, 0.0),), _cast(setting, setting.whole, colours, "t", first=returns))


def growers(setting: Setting) -> Draft:
    """Things that grow while they travel."""
    rng = setting.rng
    colours = _colours(rng, int(rng.integers(1, 4)))
    things = []
    for index, (colour, lane) in enumerate(zip(colours, _lanes(setting, len(colours)), strict=True)):
        role = moves_between_rests if rng.random() < 0.5 else passes
        way = role(rng, lane, setting.whole)
        small, large = lane.size * 0.5, lane.size
        sizes = [small, large] if len(way) == 2 else [small, small, large, large]
        things.append(_thing(f"t{index}", rng, colour, [lane.stay(way, turned=rng.random() < 0.5, sizes=sizes)]))
    return Draft((_shot(rng, 0.0),), tuple(things))


def halves(setting: Setting) -> Draft:
    """All that moves does so in one half of the clip."""
    rng = setting.rng
    colours = _colours(rng, int(rng.integers(2, 5)))
    half = Interval(start_seconds=setting.seconds / 2, end_seconds=setting.seconds)
    ways = [passes if rng.random() < 0.7 else moves_between_rests for _ in colours]
    things = []
    for index, (colour, lane, role) in enumerate(zip(colours, _lanes(setting, len(colours)), ways, strict=True)):
        stay = _stay(role, rng, lane, half)
        if role is moves_between_rests:  # it stands there before, too
            stay = Stay(keys=(stay.keys[0].model_copy(update={"seconds": 0.0}), *stay.keys[1:]))
        things.append(_thing(f"t{index}", rng, colour, [stay]))
    return Draft((_shot(rng, 0.0),), tuple(things))


def cutters(setting: Setting) -> Draft:
    """Two or three shots: other places, or there and back; some things are in several of them."""
    rng = setting.rng
    count = 3 if setting.seconds > 7.5 and rng.random() < 0.6 else 2
    starts = [setting.seconds * (index + rng.uniform(-0.08, 0.08) * (index > 0)) / count for index in range(count)]
    shots = [_shot(rng, start) for start in starts]
    if count == 3 and rng.random() < 0.5:
        shots[2] = shots[2].model_copy(update={"place": shots[0].place})
    colours = _colours(rng, int(rng.integers(2, 5)))
    stays: dict[ColourName, list[Stay]] = {colour: [] for colour in colours}
    sizes = {colour: rng.uniform(0.1, 0.17) for colour in colours}
    for start, end in zip(starts, [*starts[1:], setting.seconds], strict=True):
        shown = [colour for colour in colours if rng.random() < 0.6] or [colours[0]]
        shot = Interval(start_seconds=start, end_seconds=end)
        for colour, lane in zip(shown, _lanes(setting, len(shown), sizes=[sizes[c] for c in shown]), strict=True):
            role = ROLES[rng.integers(len(ROLES) - 2)] if end - start > 4 else _SHORT[rng.integers(len(_SHORT))]
            stays[colour].append(_stay(role, rng, lane, shot))
    things = [_thing(f"t{index}", rng, colour, stays[colour]) for index, colour in enumerate(colours) if stays[colour]]
    return Draft(tuple(shots), tuple(things))


def panners(setting: Setting) -> Draft:
    """The camera moves over a still place, all the time or for a part of it."""
    rng = setting.rng
    way = rng.choice(["left", "right", "up", "down", "in", "out", "still"])
    start, end = sorted(rng.uniform(0, 1, 2) * 0.4 + (0.0, 0.6)) if rng.random() < 0.5 else (0.0, 1.0)
    reach = min(0.9, (end - start) * setting.seconds * rng.uniform(0.04, 0.12))
    x = {"left": -reach, "right": reach}.get(way, 0.0)
    y = {"up": -reach, "down": reach}.get(way, 0.0)
    zoom = {"in": 1 + reach, "out": 1 / (1 + reach)}.get(way, 1.0)
    views = (View(seconds=start * setting.seconds), View(seconds=end * setting.seconds, x=x, y=y, zoom=zoom))
    shot = _shot(rng, 0.0).model_copy(update={"views": views if way != "still" else (View(seconds=0.0),)})
    things = tuple(
        _thing(f"s{index}", rng, colour, [_stay(sits, rng, lane, setting.whole)])
        for index, (colour, lane) in enumerate(
            zip(*(lambda n: (_colours(rng, n), _lanes(setting, n)))(int(rng.integers(0, 4))), strict=True)
        )
    )
    return Draft((shot,), things, tags=(Tag.PAN,))


def dimmers(setting: Setting) -> Draft:
    """The light goes up or down over a still place."""
    rng = setting.rng
    middle, length = setting.seconds * rng.uniform(0.4, 0.6), rng.uniform(0.5, 1.5)
    lights = (
        Light(seconds=middle - length / 2, gain=rng.uniform(0.6, 0.75)),
        Light(seconds=middle + length / 2, gain=1.0),
    )
    colours = _colours(rng, int(rng.integers(0, 3)))
    things = tuple(
        _thing(f"s{index}", rng, colour, [_stay(sits, rng, lane, setting.whole)])
        for index, (colour, lane) in enumerate(zip(colours, _lanes(setting, len(colours)), strict=True))
    )
    return Draft((_shot(rng, 0.0),), things, lights=lights)


def alike(setting: Setting) -> Draft:
    """Two or three things of one colour, and one of another."""
    rng = setting.rng
    colour, other = _colours(rng, 2)
    colours = (colour,) * int(rng.integers(2, 4)) + (other,)
    return Draft((_shot(rng, 0.0),), _cast(setting, setting.whole, colours, "t"), tags=(Tag.LIKE_COLOURS,))


Family = Callable[[Setting], Draft]

FAMILIES: dict[str, Family] = {
    "lanes": lanes,
    "crossers": crossers,
    "returners": returners,
    "growers": growers,
    "halves": halves,
    "cutters": cutters,
    "panners": panners,
    "dimmers": dimmers,
    "alike": alike,
}
"""The scenarios by name."""

_DECK = (
    *["lanes"] * 8, *["crossers"] * 3, *["returners"] * 3, *["growers"] * 3, *["halves"] * 2, *["cutters"] * 5,
    *["panners"] * 3, "dimmers", "alike",
)  # fmt: skip
_SHORT: tuple[Role, ...] = (passes, passes, moves_between_rests, sits)


def _cast(
    setting: Setting, shot: Interval, colours: tuple[ColourName, ...], prefix: str, first: Role | None = None
) -> tuple[Thing, ...]:
    rng = setting.rng
    things = []
    for index, (colour, lane) in enumerate(zip(colours, _lanes(setting, len(colours)), strict=True)):
        role = first if first and index == 0 else ROLES[rng.integers(len(ROLES))]
        things.append(_thing(f"{prefix}{index}", rng, colour, [_stay(role, rng, lane, shot)]))
    return tuple(_in_step(things, rng))


def _in_step(things: list[Thing], rng: Generator) -> list[Thing]:
    """In some clips the second thing does what it does at the times of the first: they come or go together."""
    if len(things) < 2 or rng.random() > 0.3:
        return things
    model, copy = things[0].stays[0].keys, things[1].stays[0].keys
    if len(model) != len(copy):
        return things
    moved = tuple(b.model_copy(update={"seconds": a.seconds}) for a, b in zip(model, copy, strict=True))
    return [things[0], things[1].model_copy(update={"stays": (Stay(keys=moved),)}), *things[2:]]


def _lanes(setting: Setting, count: int, sizes: list[float] | None = None) -> list[Lane]:
    """Lanes side by side, so that what is in them never touches."""
    rng = setting.rng
    if count == 0:
        return []
    horizontal = bool(rng.random() < 0.5)
    side = 1.0 if horizontal else setting.aspect  # how many frame heights the lanes share
    room = side / count
    lanes = []
    for index in rng.permutation(count):
        most = min(0.2, 0.9 * room)
        size = min(sizes[len(lanes)] if sizes else rng.uniform(min(0.09, 0.6 * most), most), most)
        free = (room - size) / 2
        across = ((index + 0.5) * room + rng.uniform(-0.9, 0.9) * free) / side
        lanes.append(Lane(horizontal, float(across), float(size), setting.aspect))
    return lanes


def _lane(setting: Setting, horizontal: bool, across: float) -> Lane:
    return Lane(horizontal, across, float(setting.rng.uniform(0.1, 0.2)), setting.aspect)


def _stay(role: Role, rng: Generator, lane: Lane, shot: Interval) -> Stay:
    return lane.stay(role(rng, lane, shot), turned=bool(rng.random() < 0.5))


def _thing(thing_id: str, rng: Generator, colour: ColourName, stays: list[Stay]) -> Thing:
    shape = list(Shape)[rng.integers(len(Shape))]
    return Thing(thing_id=thing_id, shape=shape, colour=colour, stays=tuple(stays))


def _colours(rng: Generator, count: int) -> tuple[ColourName, ...]:
    names = list(PALETTE)
    return tuple(names[index] for index in rng.permutation(len(names))[:count])


def _shot(rng: Generator, start: float) -> Shot:
    surface = list(Surface)[rng.integers(len(Surface))]
    place = Place(surface=surface, seed=int(rng.integers(2**31)), luma=float(rng.uniform(0.3, 0.7)))
    return Shot(start_seconds=start, place=place)


def _on_frames(shots: tuple[Shot, ...], fps: int) -> tuple[Shot, ...]:
    """Cuts fall on frames."""
    return tuple(shot.model_copy(update={"start_seconds": round(shot.start_seconds * fps) / fps}) for shot in shots)
