"""Where a thing is seen, and how bright the picture is, follow from the world."""

import pytest
from pydantic import ValidationError

from pipeline.demo.world.world import (
    BLACK_SECONDS,
    CameraView,
    DrawnPlace,
    DrawnThing,
    Keyframe,
    Shape,
    Shot,
    Stay,
    Surface,
    World,
    pose_of,
)
from schemas.colour import ColourName

PLACE = DrawnPlace(surface=Surface.PLASTER, seed=1, luma=0.5)
CROSSING = Stay(keys=(Keyframe(seconds=1, x=0.0, y=0.5, size=0.1), Keyframe(seconds=3, x=1.0, y=0.5, size=0.3)))
THING = DrawnThing(thing_id="t", shape=Shape.BALL, colour=ColourName.RED, stays=(CROSSING,))


def world(*shots: Shot) -> World:
    """Four seconds with one thing."""
    size = {"width": 64, "height": 64, "fps": 10, "duration_seconds": 4.0}
    return World(name="w", scenario="by_hand", seed=0, shots=shots, things=(THING,), **size)


def test_a_thing_moves_and_grows_evenly() -> None:
    """Half-way between two keyframes it is in the middle and of middle size; before and after it does not exist."""
    still = world(Shot(start_seconds=0, place=PLACE))
    pose = pose_of(THING, still, 2.0)
    assert pose is not None
    assert tuple(pose) == pytest.approx((0.5, 0.5, 0.2, 1.0))
    assert pose_of(THING, still, 0.5) is None
    assert pose_of(THING, still, 3.5) is None


def test_a_camera_that_moves_right_and_zooms_in_shifts_and_enlarges() -> None:
    """At 2 s the camera is 0.1 frames to the right and enlarges twice: 0.5 is seen at (0.5 - 0.1 - 0.5) x 2 + 0.5."""
    views = (CameraView(seconds=0), CameraView(seconds=2, x=0.1, zoom=2.0))
    pose = pose_of(THING, world(Shot(start_seconds=0, place=PLACE, views=views)), 2.0)
    assert pose is not None
    assert tuple(pose) == pytest.approx((0.3, 0.5, 0.4, 1.0))


def test_a_fade_is_black_in_its_middle() -> None:
    """Black for BLACK_SECONDS around the start of the shot, then half as bright after half of the fade's 0.4 s."""
    fading = world(Shot(start_seconds=0, place=PLACE), Shot(start_seconds=2, place=PLACE, fade_seconds=0.4))
    assert fading.gain_at(2.0) == fading.gain_at(2.0 - BLACK_SECONDS) == 0.0
    assert fading.gain_at(2.0 + BLACK_SECONDS + 0.2) == pytest.approx(0.5)
    assert fading.gain_at(1.0) == 1.0


def test_keyframes_must_be_in_order() -> None:
    """Two at the same time are refused with their times."""
    with pytest.raises(ValidationError, match=r"\[1.0, 1.0\]"):
        Stay(keys=(CROSSING.keys[0], CROSSING.keys[0]))
