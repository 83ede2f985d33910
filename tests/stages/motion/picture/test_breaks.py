"""Breaks: what changes much of the picture at once, and what does not."""

from collections.abc import Callable

import numpy as np
import pytest

from schemas.scene import Break
from stages.motion.camera.camera import CameraConfig, follow_camera
from stages.motion.picture.breaks import BreakConfig, find_breaks
from stages.motion.picture.measures import MeasureConfig
from stages.motion.shots.shots import ShotConfig, find_shots
from tests.stages.motion.films import HEIGHT, WIDTH, Picture, film, seen, world


def _breaks(seconds: float, frame_at: Callable[[float], Picture]) -> list[Break]:
    made = film(seconds, frame_at)
    shots = find_shots(made, ShotConfig())
    camera = follow_camera(made, shots.pieces, CameraConfig(), shots.faded)
    return list(find_breaks(made, shots, camera, MeasureConfig(), BreakConfig()))


def _square(x: float, side: int) -> Picture:
    """The still world with a white square whose left edge is at x."""
    picture = seen(world(3), 200, 150)
    left = round(x)
    picture[10 : 10 + side, max(0, left) : max(0, left + side)] = (250, 250, 250)
    return picture


def test_what_pops_up_is_a_break_with_its_share_of_the_picture() -> None:
    """A square of 50 x 50 px appears at 1.5 s: 2500 of 120 * 160 pixels, 13 %, where nothing changes around it. A pixel
    at its edge may count or not: 4 * 50 of 19200 pixels are 1 %.
    """
    (found,) = _breaks(3, lambda t: _square(60, 50) if t > 1.45 else _square(-99, 50))
    assert found.pts_seconds == pytest.approx(1.5)
    assert found.share == pytest.approx(2500 / (HEIGHT * WIDTH), abs=0.015)
    assert found.ratio == pytest.approx(found.share / 0.001)


def test_what_pops_up_in_less_than_a_twentieth_of_the_picture_is_none() -> None:
    """A square of 25 x 25 px is 3.3 % of the picture."""
    assert _breaks(3, lambda t: _square(60, 25) if t > 1.45 else _square(-99, 25)) == []


def test_a_jump_cut_in_one_framing_is_a_break() -> None:
    """The left half of the picture changes, so that the shots are too much alike for a cut."""
    other = seen(world(4), 0, 0)

    def frame(t: float) -> Picture:
        picture = _square(100, 40)
        if t > 1.45:
            picture[:, : WIDTH // 3] = other[:, : WIDTH // 3]
        return picture

    (found,) = _breaks(3, frame)
    assert found.pts_seconds == pytest.approx(1.5)


def test_what_moves_smoothly_is_none_however_large_and_fast() -> None:
    """A square of two thirds of the picture's height crosses at 80 px/s: it changes 2 * 8 * 80 of 19200 pixels, 7 %, in
    every step, as many as around.
    """
    assert _breaks(3, lambda t: _square(80 * t - 80, 80)) == []


def test_what_starts_suddenly_is_none() -> None:
    """It rests for 1.5 s, then moves on: five of the ten steps around its start change as much as the start does."""
    assert _breaks(3, lambda t: _square(10 + 40 * max(0.0, t - 1.5), 100)) == []


def test_a_moving_camera_is_none() -> None:
    """The camera pans at 30 px/s: what its motion explains does not count."""
    assert _breaks(3, lambda t: seen(world(3), 200 + 30 * t, 150)) == []


def test_a_cut_is_none() -> None:
    """The scene has it among its cuts."""
    assert _breaks(3, lambda t: seen(world(3 if t < 1.45 else 4), 200, 150)) == []


def test_a_flash_is_two_breaks() -> None:
    """One white frame: the picture goes, and comes back."""
    flash = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    found = _breaks(3, lambda t: flash if 1.45 < t < 1.55 else seen(world(3), 200, 150))
    assert [one.pts_seconds for one in found] == pytest.approx([1.5, 1.6])
