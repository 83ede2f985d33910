"""The frames of a world: scenery, things and noise, the same every time."""

import numpy as np
import pytest

from pipeline.demo.world.frames import frames_of
from pipeline.demo.world.palette import PALETTE
from pipeline.demo.world.world import DrawnPlace, DrawnThing, Keyframe, Light, Shape, Shot, Stay, Surface, World
from schemas.colour import ColourName

PLACE = DrawnPlace(surface=Surface.PLASTER, seed=1, luma=0.5)
STANDING = Stay(keys=(Keyframe(seconds=0, x=0.5, y=0.5, size=0.5), Keyframe(seconds=1, x=0.5, y=0.5, size=0.5)))
THING = DrawnThing(thing_id="t", shape=Shape.BOX, colour=ColourName.RED, stays=(STANDING,))


def world(**fields: object) -> World:
    """One second of ten frames with a red square in the middle of the picture."""
    size = {"width": 64, "height": 64, "fps": 10, "duration_seconds": 1.0}
    given = {"name": "w", "scenario": "by_hand", "seed": 0, "things": (THING,), **size}
    return World.model_validate({"shots": (Shot(start_seconds=0, place=PLACE),), **given, **fields})


def test_a_thing_has_its_colour_and_the_rest_is_scenery() -> None:
    """The middle pixel is the palette's red, in whose middle light is full; the corner has the place's brightness."""
    frames_NHWC = np.stack(list(frames_of(world())))
    assert frames_NHWC.shape == (10, 64, 64, 3)
    assert frames_NHWC[0, 32, 32] == pytest.approx(PALETTE[ColourName.RED], abs=3)
    scenery = next(frames_of(world(things=())))
    assert scenery.mean() == pytest.approx(0.5 * 255, rel=0.05)
    assert np.array_equal(frames_NHWC[0, :8], scenery[:8])


def test_frames_by_number_are_those_of_the_whole_clip() -> None:
    """With noise too, which is drawn anew for every frame and is the same for equal worlds."""
    noisy = world(noise=3.0)
    every = list(frames_of(noisy))
    assert np.array_equal(next(frames_of(noisy, [7])), every[7])
    assert not np.array_equal(every[6], every[7])


def test_light_dims_all_pixels_alike() -> None:
    """At half the light every pixel is half as bright, up to rounding."""
    bright, dim = (next(frames_of(world(lights=(Light(seconds=0.0, gain=gain),)))) for gain in (1.0, 0.5))
    assert np.abs(dim - bright / 2).max() <= 1
