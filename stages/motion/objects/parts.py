"""Parts (a trail with everything known about it), and chains (parts that are one thing seen again)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from schemas.colour import Colour
from stages.motion.colour import UNNAMED, dominant_colour
from stages.motion.objects import events
from stages.motion.objects.course import Course, course_of
from stages.motion.objects.events import EventConfig, Moment, ShotExtent
from stages.motion.objects.identity import IdentityConfig, Look, families, likeness, look_of
from stages.motion.objects.trail import Sighting, Trail
from stages.motion.objects.turns import Turns, stands_still, turns

_LEAST_SIGHTINGS = 3  # with fewer sightings nothing is said about a thing
_LEAST_AREA = 24  # pixels: what is never larger is noise
_HIDDEN_SPEED = 1.5  # a hidden thing may be this many times faster than before, ...
_HIDDEN_PATH = 0.15  # ... and move this far in addition, in frame heights
_SPEED_SIGHTINGS = 6  # the speed before a gap is measured on this many sightings
_SAME_LINE = 0.06  # of the frame's height: a thing that comes back elsewhere may be another one


@dataclass(frozen=True, eq=False)
class Part:
    """A trail without a gap and everything known about it."""

    trail: Trail
    course: Course
    look: Look | None
    """None if it was never fully visible."""
    colour: Colour | None
    """Its dominant colour; None if none is clear."""
    enters: Moment | None
    leaves: Moment | None
    turns: Turns
    stands_still: tuple[bool, bool]
    """Whether it stands still at its first sighting, and at its last one."""

    @property
    def lab(self) -> NDArray[np.float32]:
        """Its Lab colour, from its look or the sighting with the largest depth, [3]."""
        return max(self.trail.sightings, key=lambda one: one.depth).lab if self.look is None else self.look.lab

    @property
    def is_glimpse(self) -> bool:
        """Whether it has too few sightings to say anything about it, or is never larger than noise may be."""
        return len(self.trail.sightings) < _LEAST_SIGHTINGS or self.is_noise

    @property
    def is_noise(self) -> bool:
        """Whether it never has as many pixels as a thing has."""
        return max(one.area for one in self.trail.sightings) < _LEAST_AREA

    @property
    def weight(self) -> int:
        """Number of its pixels over all frames."""
        return sum(one.area for one in self.trail.sightings)


def part_of(trail: Trail, pts_seconds: NDArray[np.float64], span: ShotExtent, config: EventConfig) -> Part:
    """Everything known about a trail. `pts_seconds` are the times of the shot's frames."""
    course = course_of(trail.sightings, pts_seconds)
    return Part(
        trail=trail,
        course=course,
        look=look_of(trail.sightings, course, span.height),
        colour=_colour_of(trail.sightings),
        enters=events.enters(course, span, config),
        leaves=events.leaves(course, span, config),
        turns=turns(course, span, config),
        stands_still=stands_still(course, span, config),
    )


def _colour_of(sightings: Sequence[Sighting]) -> Colour | None:
    """The dominant colour of the inner pixels of all sightings that are at least half as large as the largest."""
    largest = max(one.area for one in sightings)
    counts = np.zeros(UNNAMED + 1, np.int64)
    for one in sightings:
        if one.area * 2 >= largest:
            counts += one.names
    return dominant_colour(counts)


def chains_of(parts: Sequence[Part], span: ShotExtent, config: IdentityConfig) -> list[list[Part]]:
    """Chains of parts that are certainly one thing seen again after a gap, in order of time. A chain may have one part.

    Parts of similar colour form one chain or none: if one of them were another thing, colour would prove nothing.
    """
    chains: list[list[Part]] = []
    for family in families([part.lab for part in parts], config):
        alike = sorted((parts[i] for i in family), key=lambda part: float(part.course.times[0]))
        if all(_is_seen_again(earlier, later, span, config) for earlier, later in pairwise(alike)):
            chains.append(alike)
        else:
            chains += [[part] for part in alike]
    return sorted(chains, key=lambda chain: (float(chain[0].course.times[0]), chain[0].trail.number))


def turns_of(chain: Sequence[Part]) -> Turns:
    """The starts and stops of a chain; some may have happened while it was hidden."""
    hidden = [(before, after) for before, after in pairwise(chain) if before.leaves is None]
    as_before = all(before.stands_still[1] == after.stands_still[0] for before, after in hidden)
    moments = tuple(moment for part in chain for moment in part.turns.moments)
    return Turns(moments, as_before and all(part.turns.complete for part in chain))


def _is_seen_again(earlier: Part, later: Part, span: ShotExtent, config: IdentityConfig) -> bool:
    if later.course.times[0] <= earlier.course.times[-1]:
        return False
    if earlier.look is None or later.look is None or likeness(earlier.look, later.look, config) <= 0:
        return False
    if (earlier.leaves is None) != (later.enters is None):
        return False
    came_back = _came_back_on_its_line if earlier.leaves else _could_have_got_there
    return came_back(earlier, later, span)


def _came_back_on_its_line(earlier: Part, later: Part, span: ShotExtent) -> bool:
    """Whether a thing that left over a border comes back over the same border, or on the same line across the frame."""
    left, back = _centre(earlier.course.edges[-1]), _centre(later.course.edges[0])
    return bool(np.abs(left - back).min() <= _SAME_LINE * span.height)


def _centre(edges: NDArray[np.float64]) -> NDArray[np.float64]:
    return (edges[:2] + edges[2:]) / 2


def _could_have_got_there(earlier: Part, later: Part, span: ShotExtent) -> bool:
    """Whether a thing that is hidden after `earlier` could have moved to where `later` begins."""
    gap = float(later.course.times[0] - earlier.course.times[-1])
    apart = np.hypot(*(_centre(earlier.course.edges[-1]) - _centre(later.course.edges[0])))
    recent = earlier.course.edges[-_SPEED_SIGHTINGS:]
    step = np.hypot(*(np.abs(recent[-1] - recent[0]).reshape(2, 2).max(axis=0))) / max(1, len(recent) - 1)
    return bool(apart <= step / span.frame_seconds * gap * _HIDDEN_SPEED + _HIDDEN_PATH * span.height)
