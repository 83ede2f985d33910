"""What a thing does in one shot: behaviours, each of which draws a way along a lane.

A way is a course along one coordinate u (0 is the left or upper border, 1 the opposite one); the other coordinate stays
the same. It is drawn in one direction and reversed at random, so that opposite sides are equally frequent.
"""

from collections.abc import Callable
from dataclasses import dataclass

from numpy.random import Generator

from pipeline.demo.world.world import Keyframe, Stay
from schemas.interval import Interval

Way = list[tuple[float, float]]
"""(seconds, u), in order of time."""

_LONGEST_CROSSING_SECONDS = 9.0
_LEAST_AWAY_SECONDS = 1.0  # so that leaving and coming back are two events


@dataclass(frozen=True)
class Lane:
    """A straight line on which a thing travels."""

    horizontal: bool
    across: float
    """The coordinate that stays the same: y of a horizontal lane, x of a vertical one."""
    size: float
    """Size of the thing, in frame heights."""
    aspect: float
    """Frame width over frame height."""
    width: float = 1.0
    """Width of the thing over its height."""

    @property
    def half(self) -> float:
        """Half of the thing's length along the lane, in units of u."""
        return self.size * self.width / 2 / self.aspect if self.horizontal else self.size / 2

    @property
    def beyond(self) -> float:
        """How far outside the frame the centre has to be for the thing to be hidden, in units of u."""
        return self.half + 0.01

    def stay(self, way: Way, *, turned: bool, sizes: list[float] | None = None) -> Stay:
        """The way as keyframes; `turned` swaps the two borders."""
        keys = []
        for index, (seconds, along) in enumerate(way):
            u = 1 - along if turned else along
            x, y = (u, self.across) if self.horizontal else (self.across, u)
            keys.append(Keyframe(seconds=seconds, x=x, y=y, size=sizes[index] if sizes else self.size))
        return Stay(keys=tuple(keys))


Behaviour = Callable[[Generator, Lane, Interval], Way]


def passes(rng: Generator, lane: Lane, shot: Interval) -> Way:
    """Enter, cross, leave."""
    length = _crossing(rng, shot, 0.35, 0.7)
    start = _within(rng, shot, length)
    return [(start, -lane.beyond), (start + length, 1 + lane.beyond)]


def passes_once_between(rng: Generator, lane: Lane, shot: Interval) -> Way:
    """Enter early, cross, leave late in the interval."""
    length = _crossing(rng, shot, 0.6, 0.75)
    start = _within(rng, shot, length)
    return [(start, -lane.beyond), (start + length, 1 + lane.beyond)]


def starts_in_turn(rng: Generator, count: int, shot: Interval) -> list[Way]:
    """Ways of things that stand, start, stop and stand again, one after another in random order."""
    free = shot.duration_seconds - 1.6
    length = min(_LONGEST_CROSSING_SECONDS, free * rng.uniform(0.3, 0.4))
    step = (free - length) / max(1, count - 1)
    ways: list[Way] = []
    for turn in rng.permutation(count):
        start = shot.start_seconds + 0.8 + turn * step
        a, b = rng.uniform(0.15, 0.35), rng.uniform(0.6, 0.85)
        ways.append([(shot.start_seconds, a), (start, a), (start + length, b), (shot.end_seconds, b)])
    return ways


def comes_and_stays(rng: Generator, lane: Lane, shot: Interval) -> Way:
    """Enter, stop, stay to the end."""
    length = _crossing(rng, shot, 0.25, 0.5)
    start = _within(rng, shot, length + 0.8)
    stop = rng.uniform(0.3, 0.75)
    return [(start, -lane.beyond), (start + length, stop), (shot.end_seconds, stop)]


def stops_on_the_way(rng: Generator, lane: Lane, shot: Interval) -> Way:
    """Enter, stop, go on (or back), leave."""
    length, rest = _crossing(rng, shot, 0.2, 0.3), shot.duration_seconds * rng.uniform(0.18, 0.28)
    start = _within(rng, shot, 2 * length + rest)
    stop = rng.uniform(0.35, 0.65)
    out = rng.choice([-lane.beyond, 1 + lane.beyond])
    second = start + length + rest
    return [(start, -lane.beyond), (start + length, stop), (second, stop), (second + length, float(out))]


def moves_between_rests(rng: Generator, lane: Lane, shot: Interval) -> Way:
    """Stand, start, stop, stand."""
    del lane
    length = _crossing(rng, shot, 0.3, 0.5)
    start = shot.start_seconds + rng.uniform(0.15, 0.85) * (shot.duration_seconds - length - 1.6) + 0.8
    a, b = rng.uniform(0.15, 0.35), rng.uniform(0.6, 0.85)
    return [(shot.start_seconds, a), (start, a), (start + length, b), (shot.end_seconds, b)]


def sits(rng: Generator, lane: Lane, shot: Interval) -> Way:
    """Stand still from beginning to end."""
    del lane
    where = rng.uniform(0.15, 0.85)
    return [(shot.start_seconds, where), (shot.end_seconds, where)]


def changes_pace(rng: Generator, lane: Lane, shot: Interval) -> Way:
    """Enter slowly, go on faster, leave."""
    length = _crossing(rng, shot, 0.6, 0.85)
    start = _within(rng, shot, length)
    ratio, slow = rng.uniform(2.2, 3.2), rng.uniform(0.3, 0.5)
    # the slow part covers the share `slow` of the way in time t; the fast rest takes (1 - slow) / slow / ratio of t
    part = length / (1 + (1 - slow) / slow / ratio)
    first, last = -lane.beyond, 1 + lane.beyond
    return [(start, first), (start + part, first + slow * (last - first)), (start + length, last)]


def returns(rng: Generator, lane: Lane, shot: Interval) -> Way:
    """Cross, be away, come back."""
    length = _crossing(rng, shot, 0.25, 0.33)
    away = max(_LEAST_AWAY_SECONDS, shot.duration_seconds * rng.uniform(0.2, 0.28))
    start = _within(rng, shot, 2 * length + away)
    first, last = -lane.beyond, 1 + lane.beyond
    second = start + length + away
    back = [(second, last), (second + length, first)]
    # it moves to the other side outside the frame, between two frames
    again = [(start + length + 1e-6, first), (second, first), (second + length, last)]
    return [(start, first), (start + length, last), *(again if rng.random() < 0.5 else back)]


BEHAVIOURS: tuple[Behaviour, ...] = (
    passes,
    passes,
    comes_and_stays,
    comes_and_stays,
    stops_on_the_way,
    moves_between_rests,
    moves_between_rests,
    changes_pace,
    changes_pace,
    returns,
    sits,
)
"""The behaviours to draw from; likelier ones are listed twice."""


def _crossing(rng: Generator, shot: Interval, least: float, most: float) -> float:
    return min(shot.duration_seconds * rng.uniform(least, most), _LONGEST_CROSSING_SECONDS * rng.uniform(0.6, 1.0))


def _within(rng: Generator, shot: Interval, length: float) -> float:
    """Draw a start that leaves 0.3 s at both ends of the interval, if it is long enough."""
    free = max(0.0, shot.duration_seconds - length - 0.6)
    return float(shot.start_seconds + 0.3 + rng.uniform(0, 1) * free)
