"""Who appears: colours, shapes, sizes, lanes and ways of the things of a clip, drawn evenly."""

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.random import Generator

from pipeline.demo.scenarios.roles import ROLES, Lane, Role
from pipeline.demo.world.palette import PALETTE
from pipeline.demo.world.world import Place, Shape, Shot, Stay, Surface, Thing
from schemas.colour import ColourName
from schemas.interval import Interval

LARGEST = 0.2
"""Size of the largest thing, frame heights."""
_LUMAS = (0.3, 0.7)  # brightness of places
_TOGETHER = 0.35  # share of casts in which two things come and go at the same times


@dataclass(frozen=True)
class Setting:
    """What is given to a family: the draw, the length of the clip and the form of its frame."""

    rng: Generator
    seconds: float
    aspect: float
    """Frame width over frame height."""
    fps: int
    """Frames per second."""

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


def draw_colours(rng: Generator, count: int) -> tuple[ColourName, ...]:
    """So many different colours."""
    names = list(PALETTE)
    return tuple(names[index] for index in rng.permutation(len(names))[:count])


def draw_shot(rng: Generator, start: float, before: Shot | None = None) -> Shot:
    """A place that looks unlike the one of the shot before, seen by a camera that stands still."""
    surfaces = [surface for surface in Surface if before is None or surface is not before.place.surface]
    luma = float(rng.uniform(*_LUMAS))
    while before is not None and abs(luma - before.place.luma) < 0.08:
        luma = float(rng.uniform(*_LUMAS))
    place = Place(surface=surfaces[rng.integers(len(surfaces))], seed=int(rng.integers(2**31)), luma=luma)
    return Shot(start_seconds=start, place=place)


def draw_lanes(setting: Setting, count: int, sizes: Sequence[float] = ()) -> list[Lane]:
    """Lanes side by side, so that what is in them never touches; of the given sizes, or of drawn ones."""
    rng = setting.rng
    horizontal = bool(rng.random() < 0.5)
    side = 1.0 if horizontal else setting.aspect  # how many frame heights the lanes share
    lanes: list[Lane] = []
    for index in rng.permutation(count):
        room = side / count
        most = min(LARGEST, 0.9 * room)
        size = min(sizes[len(lanes)] if sizes else rng.uniform(min(0.09, 0.6 * most), most), most)
        across = ((index + 0.5) * room + rng.uniform(-0.45, 0.45) * (room - size)) / side
        lanes.append(Lane(horizontal, float(across), float(size), setting.aspect))
    return lanes


def draw_stay(role: Role, rng: Generator, lane: Lane, shot: Interval) -> Stay:
    """A way along the lane, from either border."""
    return lane.stay(role(rng, lane, shot), turned=bool(rng.random() < 0.5))


def make_thing(thing_id: str, rng: Generator, colour: ColourName, stays: Sequence[Stay]) -> Thing:
    """A thing of any shape."""
    shape = list(Shape)[rng.integers(len(Shape))]
    return Thing(thing_id=thing_id, shape=shape, colour=colour, stays=tuple(stays))


def draw_cast(
    setting: Setting,
    shot: Interval,
    colours: Sequence[ColourName],
    roles: Sequence[Role] = (),
    in_step: float = _TOGETHER,
) -> tuple[Thing, ...]:
    """One thing a colour, each in its lane; those without a given role draw one.

    With probability `in_step` the second comes and goes with the first.
    """
    rng = setting.rng
    given = [*roles[: len(colours)], *(ROLES[rng.integers(len(ROLES))] for _ in colours[len(roles) :])]
    lanes = draw_lanes(setting, len(colours))
    coupled = len(colours) > 1 and rng.random() < in_step
    if coupled:
        given[1] = given[0]
    stays = [draw_stay(role, rng, lane, shot) for role, lane in zip(given, lanes, strict=True)]
    if coupled and len(stays[0].keys) == len(stays[1].keys):
        stays[1] = at_times_of(stays[1], stays[0])
    return tuple(
        make_thing(f"t{index}", rng, colour, [stay])
        for index, (colour, stay) in enumerate(zip(colours, stays, strict=True))
    )


def at_times_of(stay: Stay, model: Stay) -> Stay:
    """The stay with its keys at the times of another's, of which it has as many."""
    keys = zip(stay.keys, model.keys, strict=True)
    return Stay(keys=tuple(key.model_copy(update={"seconds": other.seconds}) for key, other in keys))
