"""A trail that may go on: where its thing is expected on the next frame, and how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from schemas.record import Record
from stages.motion.objects.regions import Expected, PixelBox, union
from stages.motion.objects.trail import Trail

KNOWN_SIGHTINGS = 2
"""With more sightings than this the speed of a trail is known."""

_STOPS_AT_ONCE = 2.0  # a thing may be off its expected box by this many times its expected step, as it may stop
_STAYS_PIXELS = 2  # edges that differ by no more than this have not moved
_MATURE_DEPTH = 4.5  # pixels: codecs mix colours over about four
_LEAST_SIDE = 2  # pixels that each side of an expected box has on either side of the opposite edge


class LinkingConfig(Record):
    """How regions become trails."""

    least_area: int = 10
    """Regions with fewer pixels are ignored."""
    birth_area: int = 24
    """A new trail has at least this many pixels inside the frame; at the frame's border `least_area` is enough."""
    reach: int = 4
    """A region may belong to a trail if it is within this many pixels of the expected box."""
    tolerance: float = 22.0
    """Pixels beyond this Lab distance do not have the trail's colour."""
    young_tolerance: float = 60.0
    """The same while only a sliver of the thing has been seen."""
    slack: float = 16.0
    """A pixel this far outside the expected box costs as much as one at the limit of the colour tolerance; pixels."""
    young_slack: float = 60.0
    """The same for a trail with fewer than three sightings."""
    jump: float = 24.0
    """A region less than this many pixels from the expected place may still be the thing."""
    young_jump: float = 72.0
    """The same while the speed of the thing is unknown."""
    alike: float = 16.0
    """Things whose colours are nearer than this in Lab cannot be distinguished by colour."""
    lost_frames: int = 4
    """A trail without a sighting for more frames than this has ended."""
    velocity_frames: int = 6
    """The speed of an edge is fitted to this many sightings."""


@dataclass(eq=False)
class LiveTrail:
    """A trail that may go on, and how its thing looks."""

    trail: Trail
    lab: NDArray[np.float32]
    """Colour in Lab, [3]."""
    depth: float = 0.0
    """Largest depth at which its colour was seen, in pixels."""
    rest: PixelBox | None = None
    """Where it was last seen at rest, uncovered; a region that reappears there belongs to it. None if it moves."""

    @property
    def is_young(self) -> bool:
        """Whether only a sliver of it has been seen, in which its colour is mixed with the background."""
        return self.depth < _MATURE_DEPTH

    def expected_edges(self, frame: int, config: LinkingConfig) -> tuple[float, float, float, float]:
        """Where its edges should be, by a line through each over the last sightings; opposite edges may cross."""
        recent = self.trail.sightings[-config.velocity_frames :]
        frames = [one.frame for one in recent]
        x0, y0, x1, y1 = (_continued(frames, [one.box[side] for one in recent], frame) for side in range(4))
        return x0, y0, x1, y1

    def expected_box(self, frame: int, config: LinkingConfig) -> tuple[float, float, float, float]:
        """Where its box should be, including the parts that may be covered while it is at rest."""
        x0, y0, x1, y1 = self.expected_edges(frame, config)
        x0, y0, x1, y1 = (
            min(x0, x1 - _LEAST_SIDE),
            min(y0, y1 - _LEAST_SIDE),
            max(x1, x0 + _LEAST_SIDE),
            max(y1, y0 + _LEAST_SIDE),
        )
        if self.rest is None or not self.trail.last.touching:
            return x0, y0, x1, y1
        left, top, right, bottom = self.rest
        return min(x0, left), min(y0, top), max(x1, right), max(y1, bottom)

    def note_rest(self, config: LinkingConfig) -> None:
        """Remember where it is at rest, or that it moves."""
        last = self.trail.last
        if not last.touching:
            before = self.trail.sightings[-config.velocity_frames :][0]
            stays = len(self.trail.sightings) >= config.velocity_frames and not before.touching
            self.rest = last.box if stays and _differ(last.box, before.box) <= _STAYS_PIXELS else None
        elif self.rest is not None and _differ(union([self.rest, last.box]), self.rest) > _STAYS_PIXELS:
            self.rest = None

    def expected(self, frame: int, config: LinkingConfig) -> Expected:
        """Where it should be on a frame, and how it should look; the slack allows for a fast thing that stops."""
        box = self.expected_box(frame, config)
        far = max(abs(now - before) for now, before in zip(box, self.trail.last.box, strict=True))
        slack = (
            max(config.slack, _STOPS_AT_ONCE * far)
            if len(self.trail.sightings) > KNOWN_SIGHTINGS
            else config.young_slack
        )
        return Expected(
            box=box,
            lab=self.lab,
            tolerance=config.young_tolerance if self.is_young else config.tolerance,
            slack=slack,
        )


def _continued(frames: Sequence[int], places: Sequence[int], frame: int) -> float:
    """Where an edge should be on a frame if it goes on as on these frames.

    In plain numbers, since arrays of six take ten times longer.
    """
    usual_frame, usual_place = sum(frames) / len(frames), sum(places) / len(places)
    along = across = 0.0
    for when, where in zip(frames, places, strict=True):
        along += (when - usual_frame) * (when - usual_frame)
        across += (when - usual_frame) * (where - usual_place)
    return places[-1] + (across / along * (frame - frames[-1]) if along else 0.0)


def _differ(a: PixelBox, b: PixelBox) -> int:
    """The largest difference between the edges of two boxes, in pixels."""
    return max(abs(x - y) for x, y in zip(a, b, strict=True))
