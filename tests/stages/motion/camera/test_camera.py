"""The camera's motion over still and moving worlds."""

import numpy as np
import pytest

from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.camera.camera import Camera, CameraConfig, follow_camera, shift_and_scale
from stages.motion.camera.shades import ShadeConfig
from tests.stages.motion.films import HEIGHT, WIDTH, Picture, film, seen, world

CONFIG = CameraConfig()
WORLD, OTHER = world(3), world(4)


def _camera(made: AnalysisFrames, config: CameraConfig = CONFIG) -> Camera:
    return follow_camera(made, [(0, len(made))], config)


def _shift(camera: Camera, first: int, last: int) -> tuple[float, float, float]:
    motion = camera.between(first, last)
    assert motion is not None
    return shift_and_scale(motion, (HEIGHT, WIDTH))


@pytest.mark.parametrize(("speed_x", "speed_y"), [(2.7, 0.0), (-40.0, 0.0), (0.0, 18.0), (-6.0, -6.0)])
def test_a_pan_shifts_the_picture_the_other_way(speed_x: float, speed_y: float) -> None:
    """A camera at `speed` px/s moves the content by -speed / width a second, however slow: 2.7 px/s is 0.27 px a frame.
    The tolerance of 15 % is that of claims.
    """
    camera = _camera(film(4, lambda t: seen(WORLD, 250 + speed_x * t, 180 + speed_y * t)))
    assert camera.still[0] is not True
    for second in range(3):
        shift_x, shift_y, scale = _shift(camera, 10 * second, 10 * second + 10)
        assert shift_x == pytest.approx(-speed_x / WIDTH, rel=0.15, abs=0.002)
        assert shift_y == pytest.approx(-speed_y / HEIGHT, rel=0.15, abs=0.002)
        assert scale == pytest.approx(1, abs=0.01)


def test_a_zoom_scales_the_picture_about_its_centre() -> None:
    """The zoom grows by 1.1 a second."""
    camera = _camera(film(3, lambda t: seen(WORLD, 200, 150, zoom=1.1**t)))
    shift_x, shift_y, scale = _shift(camera, 0, 10)
    assert scale == pytest.approx(1.1, abs=0.01)
    assert (shift_x, shift_y) == (pytest.approx(0, abs=0.003), pytest.approx(0, abs=0.003))


def test_a_still_camera_is_still_though_things_cross_and_the_light_changes() -> None:
    """A square of a quarter of the height crosses while the picture dims to 70 %."""

    def frame(t: float) -> Picture:
        picture = seen(WORLD, 200, 150)
        left = int(40 * t)
        picture[40:70, left : left + 30] = (215, 30, 35)
        return (picture * (1 - 0.1 * t)).astype(np.uint8)

    camera = _camera(film(3, frame))
    assert camera.still == (True,)
    assert _shift(camera, 0, 29) == (0, 0, 1)


def test_a_camera_is_still_though_little_of_the_first_picture_is_left() -> None:
    """Six strips, of which two change for good at 1.3 s and two at 4.9 of 6 s: the last second shows a third of the
    first picture, too little to compare, but two thirds of the picture before.
    """

    def camera(*changes: float, config: CameraConfig = CONFIG) -> Camera:
        def frame(t: float) -> Picture:
            before, after = seen(WORLD, 200, 150), seen(OTHER, 200, 150)
            rows = [slice(strip * HEIGHT // 6, (strip + 1) * HEIGHT // 6) for strip in range(6)]
            return np.vstack(
                [(after if t >= changes[strip % 3] else before)[where] for strip, where in enumerate(rows)]
            )

        return _camera(film(6, frame), config)

    assert camera(1.3, 4.9, 9.0).still == (True,)
    # the first picture is compared with two of four medians, and the later of the two with the others
    by_corners = CameraConfig(shades=ShadeConfig(most_changed=0.05))
    assert camera(1.3, 3.8, 9.0, config=by_corners).still == (True,)
    more_at_first = by_corners.model_copy(update={"min_seen_at_first": 0.6})
    assert camera(1.3, 3.8, 9.0, config=more_at_first).still == (None,)
    assert camera(1.3, 2.5, 9.0).still[0] is not True  # most of the time it cannot be told


def test_nothing_is_told_of_a_picture_without_structure() -> None:
    """A grey surface looks the same wherever the camera looks."""
    camera = _camera(film(3, lambda _: np.full((HEIGHT, WIDTH, 3), 60, np.uint8)))
    assert camera.still == (None,)
    assert camera.between(0, 10) is None


def test_an_orbit_has_no_one_direction() -> None:
    """The upper half of the picture moves right at 20 px/s and the lower half left: neither is the camera's motion."""

    def frame(t: float) -> Picture:
        return np.vstack([seen(WORLD, 250 - 20 * t, 100)[: HEIGHT // 2], seen(WORLD, 250 + 20 * t, 100)[HEIGHT // 2 :]])

    camera = _camera(film(3, frame))
    assert camera.still[0] is not True
    assert camera.between(0, 10) is None


def test_frames_on_both_sides_of_a_cut_are_never_compared() -> None:
    """Two pieces are two chains, even if the camera stands still in both."""
    made = film(4, lambda t: seen(WORLD, 200 if t < 2 else 300, 150))
    camera = follow_camera(made, [(0, 20), (20, 40)], CONFIG)
    assert camera.still == (True, True)
    assert camera.between(10, 30) is None
