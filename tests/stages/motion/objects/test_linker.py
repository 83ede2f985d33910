"""Regions linked to trails, frame after frame, on drawn masks."""

import numpy as np

from stages.motion.objects.linker import Linker
from stages.motion.objects.live_trail import LinkingConfig
from stages.motion.objects.regions import PixelBox
from tests.stages.motion.scenes import BLUE, HEIGHT, RED, WIDTH

WALL = np.full((HEIGHT, WIDTH, 3), 110, np.uint8)
Drawn = tuple[PixelBox, tuple[int, int, int]]


def linked(*frames: tuple[Drawn, ...]) -> Linker:
    """The linker after frames on which these boxes are drawn; what differs from the wall is foreground."""
    linker = Linker(LinkingConfig(), WALL)
    for index, things in enumerate(frames):
        frame = WALL.copy()
        for (x0, y0, x1, y1), rgb in things:
            frame[y0:y1, x0:x1] = rgb
        linker.add(index, frame, (frame != WALL).any(axis=2).astype(np.uint8))
    return linker


def square(x: int, y: int, rgb: tuple[int, int, int] = RED) -> Drawn:
    """A square of 20 pixels."""
    return (x, y, x + 20, y + 20), rgb


def test_a_thing_that_moves_evenly_has_one_trail() -> None:
    """At 5 px a frame its boxes are those that were drawn."""
    (trail,) = linked(*((square(20 + 5 * i, 40),) for i in range(10))).trails
    assert [one.box for one in trail.sightings] == [(20 + 5 * i, 40, 40 + 5 * i, 60) for i in range(10)]


def test_things_of_two_colours_keep_their_trails_when_they_cross() -> None:
    """Red goes right and blue left, in front of it: each trail has its own colour at the end."""
    frames = [(square(20 + 5 * i, 40), square(100 - 5 * i, 40, BLUE)) for i in range(17)]
    red, blue = linked(*frames).trails
    assert (red.sightings[-1].box[0], blue.sightings[-1].box[0]) == (100, 20)
    assert red.confused_with == blue.confused_with == set()


def test_a_trail_ends_if_it_is_lost_for_long() -> None:
    """Out of view for two frames it goes on, at its place; for six frames (more than four) it is another trail."""
    for gap, count in ((2, 1), (6, 2)):
        frames = [(square(40, 40),)] * 8 + [()] * gap + [(square(40, 40),)] * 3
        assert len(linked(*frames).trails) == count


def test_a_speck_is_no_thing() -> None:
    """Nine pixels are below the least area; a spot of 4 x 4 is too small to begin a trail inside the frame."""
    for side in (3, 4):
        assert linked((((60, 60, 60 + side, 60 + side), RED),)).trails == []


def test_two_of_one_colour_that_touch_may_be_exchanged() -> None:
    """Red squares side by side: each trail names the other one."""
    apart = [(square(20, 40), square(90, 40))]
    frames = apart + [(square(20 + 6 * i, 40), square(90 - 4 * i, 40)) for i in range(1, 6)]
    first, second = linked(*frames).trails
    assert (first.confused_with, second.confused_with) == ({second.number}, {first.number})
