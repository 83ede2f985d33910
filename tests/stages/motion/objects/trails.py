"""Hand-made trails and parts: a thing of given boxes, at 10 frames a second."""

from collections.abc import Sequence

import numpy as np

from stages.motion.colour import NAMES
from stages.motion.objects.events import EventConfig, ShotExtent
from stages.motion.objects.parts import Part, part_of
from stages.motion.objects.regions import PixelBox
from stages.motion.objects.trail import Sighting, Trail

WIDTH, HEIGHT = 160, 120
SPAN = ShotExtent(start_seconds=0.0, last_seconds=9.9, end_seconds=10.0, frame_seconds=0.1, width=WIDTH, height=HEIGHT)
TIMES = np.arange(100) / 10
RED_LAB, BLUE_LAB = (45.0, 190.0, 170.0), (35.0, 170.0, 50.0)


def sighting(
    frame: int,
    box: PixelBox,
    *,
    lab: tuple[float, float, float] = RED_LAB,
    touching: tuple[int, ...] = (),
    free: tuple[bool, bool, bool, bool] | None = None,
    name: str = "red",
) -> Sighting:
    """A full rectangle of one colour; its edges are free inside the frame unless said otherwise."""
    x0, y0, x1, y1 = box
    names = np.zeros(13, np.int64)
    names[[n.value for n in NAMES].index(name)] = 100
    inside = (x0 > 0, y0 > 0, x1 < WIDTH, y1 < HEIGHT)
    return Sighting(
        frame=frame,
        box=box,
        area=(x1 - x0) * (y1 - y0),
        free=inside if free is None else free,
        touching=touching,
        depth=min(x1 - x0, y1 - y0) / 2,
        lab=np.array(lab, np.float32),
        names=names,
        shape=np.ones(36, np.float32),
    )


def trail(number: int, first: int, boxes: Sequence[PixelBox], **kinds: object) -> Trail:
    """A trail with one box a frame, from a frame on."""
    sightings = [sighting(first + i, box, **kinds) for i, box in enumerate(boxes)]
    return Trail(number=number, sightings=sightings)


def part(number: int, first: int, boxes: Sequence[PixelBox], **kinds: object) -> Part:
    """The part of such a trail."""
    return part_of(trail(number, first, boxes, **kinds), TIMES, SPAN, EventConfig())


def gliding(x: int, y: int, step: int, count: int, side: int = 20) -> list[PixelBox]:
    """Boxes of a square that moves `step` pixels a frame to the right, cut off by the frame."""
    lefts = [x + step * i for i in range(count)]
    return [(max(0, left), y, min(WIDTH, left + side), y + side) for left in lefts]
