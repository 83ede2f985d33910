"""What each second shows as a whole."""

import numpy as np
import pytest

from schemas.scene import Measure
from stages.motion.analysis_frames import AnalysisFrames
from stages.motion.camera.camera import CameraConfig, follow_camera
from stages.motion.picture.measures import MeasureConfig, measure
from tests.stages.motion.films import HEIGHT, WIDTH, Picture, film, seen, world


def _measures(made: AnalysisFrames) -> tuple[Measure, ...]:
    pieces = [(0, len(made))]
    return measure(made, pieces, follow_camera(made, pieces, CameraConfig()), MeasureConfig())


def test_brightness_is_the_mean_of_the_second() -> None:
    """A grey of 102 for a second, then 153: 0.4 and 0.6 of 255."""
    first, second = _measures(film(2, lambda t: np.full((HEIGHT, WIDTH, 3), 102 if t < 1 else 153, np.uint8)))
    assert (first.luma, second.luma) == (pytest.approx(0.4, abs=0.003), pytest.approx(0.6, abs=0.003))
    assert (first.pts_seconds, second.pts_seconds) == (0.0, 1.0)


def test_motion_is_what_a_thing_uncovers_and_covers_in_its_third() -> None:
    """A square of 40 px that jumps 4 px down each frame changes 2 * 4 * 40 pixels of the right third's 53 * 120:
    5.0 %; blur and opening may shift that by a row, 1.3 %.
    """

    def frame(t: float) -> Picture:
        picture = seen(world(3), 200, 150)
        top = 4 * round(10 * t)
        picture[top : top + 40, 115:155] = (250, 250, 250)
        return picture

    (first, _) = _measures(film(2, frame))
    assert first.motion_right == pytest.approx(2 * 4 * 40 / (54 * 120), abs=0.017)
    assert max(first.motion_left, first.motion_centre) < 0.001


def test_a_pan_over_a_still_world_is_no_motion() -> None:
    """The camera's 30 px/s do not count as motion."""
    for one in _measures(film(3, lambda t: seen(world(3), 200 + 30 * t, 150))):
        assert max(one.motion_left, one.motion_centre, one.motion_right) < 0.005
        assert one.shift_x == pytest.approx(-30 / WIDTH * (1 if one.pts_seconds < 2 else 0.9), rel=0.05)


@pytest.mark.parametrize("tilt", [0.0, 0.2])
def test_a_change_of_light_is_no_motion(tilt: float) -> None:
    """The light falls by half within a second over a still world, evenly or more on one side."""
    side = 1 + tilt * np.linspace(-1, 1, WIDTH)[None, :, None]

    def frame(t: float) -> Picture:
        dimmed = float(np.clip(t - 1, 0, 1))
        return (seen(world(3), 200, 150) * (1 - 0.5 * dimmed * side)).clip(0, 255).astype(np.uint8)

    for one in _measures(film(3, frame)):
        assert max(one.motion_left, one.motion_centre, one.motion_right) < 0.001


def test_the_shift_is_left_open_where_a_cut_may_lie() -> None:
    """A cut between the frames at 0.9 and 1.0 s lies in the first second."""
    made = film(3, lambda t: seen(world(3 if t < 0.95 else 4), 200, 150))
    pieces = [(0, 10), (10, 30)]
    shifts = [
        one.shift_x for one in measure(made, pieces, follow_camera(made, pieces, CameraConfig()), MeasureConfig())
    ]
    assert shifts == [None, 0.0, 0.0]
