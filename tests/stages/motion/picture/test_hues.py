"""The largest amount of each colour in a clip."""

import numpy as np
import pytest

from schemas.box import PathPoint, SizeClass
from schemas.colour import Colour, ColourName
from schemas.scene import OBJECT, Track
from stages.motion.picture.hues import find_hues
from tests.stages.motion.films import HEIGHT, WIDTH, Picture, film

SHARE = 30 * 30 / (WIDTH * HEIGHT)


def _frame(_: float) -> Picture:
    picture = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    picture[40:70, 40:70] = (215, 30, 35)
    return picture


def test_a_colour_has_the_share_of_its_pixels() -> None:
    """A red square of 30 px on grey: 900 of 19,200 pixels; no blue at all."""
    hues = {hue.name: hue for hue in find_hues(film(1, _frame), ())}
    assert list(hues) == list(ColourName)
    assert hues[ColourName.RED].largest_share == pytest.approx(SHARE, rel=0.05)
    assert hues[ColourName.RED].largest_share_outside == hues[ColourName.RED].largest_share
    assert hues[ColourName.BLUE].largest_share == 0


def test_inside_the_boxes_of_its_tracks_a_colour_does_not_count() -> None:
    """The red track covers the red square in every frame, so no other red thing is in view."""
    made = film(1, _frame)
    box = {"x0": 40 / WIDTH, "y0": 40 / HEIGHT, "x1": 70 / WIDTH, "y1": 70 / HEIGHT}
    track = Track(
        track_id="t0",
        label=OBJECT,
        score=1,
        colour=Colour(name=ColourName.RED, share=1, margin=1),
        size=SizeClass.MEDIUM,
        moves=True,
        first_seconds=0,
        last_seconds=1,
        visible=(),
        enters_from=None,
        leaves_to=None,
        boxes=(),
        path=tuple(PathPoint(pts_seconds=float(t), **box) for t in made.pts_seconds),
    )
    hues = {hue.name: hue for hue in find_hues(made, (track,))}
    assert hues[ColourName.RED].largest_share == pytest.approx(SHARE, rel=0.05)
    assert hues[ColourName.RED].largest_share_outside == 0


def test_the_rim_of_another_thing_is_no_further_thing() -> None:
    """A red line of 4 px, as codecs leave around things, counts as red in the frame, but not as a red thing."""

    def lined(_: float) -> Picture:
        picture = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
        picture[40:44, 20:120] = (215, 30, 35)
        return picture

    red = {hue.name: hue for hue in find_hues(film(1, lined), ())}[ColourName.RED]
    assert red.largest_share == pytest.approx(4 * 100 / (WIDTH * HEIGHT), rel=0.05)
    assert red.largest_share_outside == 0
