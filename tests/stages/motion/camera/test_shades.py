"""What the shades of a smooth ground say about the camera."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from stages.motion.camera.camera import CameraConfig, follow_camera
from stages.motion.camera.shades import ShadeConfig, Shades, judge_shades
from tests.stages.motion.films import HEIGHT, WIDTH, Picture, film, seen, world

CONFIG = ShadeConfig()


def _smooth() -> Picture:
    """Hills of about 60 pixels, without a corner."""
    coarse = np.random.default_rng(7).integers(70, 190, (8, 12, 1), dtype=np.uint8)
    return np.repeat(cv2.resize(coarse, (600, 400), interpolation=cv2.INTER_CUBIC)[..., None], 3, axis=2)


SMOOTH = _smooth()
PLAIN = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
RAMP = np.repeat(np.tile(np.linspace(90, 150, WIDTH).astype(np.uint8), (HEIGHT, 1))[..., None], 3, axis=2)


def _crossed(picture: Picture, t: float) -> Picture:
    """With a red square that crosses, 24 pixels wide."""
    left = int(30 * t)
    picture = picture.copy()
    picture[40:64, left : left + 24] = (215, 30, 35)
    return picture


def _judged(frame: Callable[[float], Picture], config: ShadeConfig = CONFIG) -> Shades:
    return judge_shades(film(4, lambda t: _crossed(frame(t), t)).greys_NHW, config)


def test_shades_that_stay_though_a_thing_crosses_and_the_light_changes_prove_a_still_camera() -> None:
    """The light falls to 80 %."""
    assert _judged(lambda t: (seen(SMOOTH, 200, 150) * (1 - 0.05 * t)).astype(np.uint8)) is Shades.STAY


@pytest.mark.parametrize("view", [(200.0, 0.0), (200.0, 8.0)])
def test_most_of_the_ground_decides_though_a_large_soft_thing_moves(view: tuple[float, float]) -> None:
    """A blurred disc, at most 25 levels brighter than the ground, changes it as a motion of a part of it would. The
    ground stays in the first view and drifts in the second one.
    """
    start, speed = view

    def frame(t: float) -> Picture:
        ground = seen(SMOOTH, start + speed * t, 150).astype(np.float32)
        disc = np.zeros((HEIGHT, WIDTH), np.float32)
        cv2.circle(disc, (int(50 + 15 * t), 60), 22, 25.0, -1, cv2.LINE_AA)
        return np.clip(ground + cv2.GaussianBlur(disc, (0, 0), 6)[..., None], 0, 255).astype(np.uint8)

    judged = judge_shades(film(4, frame).greys_NHW, CONFIG)
    assert (judged is Shades.STAY) is (speed == 0)


@pytest.mark.parametrize(
    "view",
    [
        lambda t: seen(SMOOTH, 200 + 1.5 * t, 150),
        lambda t: seen(SMOOTH, 200, 150 - 20 * t),
        lambda t: seen(SMOOTH, 200, 150, zoom=1.02**t),
        lambda t: seen(SMOOTH, 200 + 3 * np.sin(4 * t), 150),
    ],
)
def test_a_camera_that_moves_over_a_smooth_ground_is_never_still(view: Callable[[float], Picture]) -> None:
    """A drift of 4 % of the frame, a pan, a zoom by 8 %, and a sway of 2 % to each side with a period of 1.6 s."""
    assert _judged(view) in (Shades.MOVE, Shades.UNCLEAR)


@pytest.mark.parametrize("ground", [PLAIN, RAMP])
def test_a_ground_that_would_not_show_every_motion_proves_nothing(ground: Picture) -> None:
    """A plain one shows none; a ramp shows none along its lines of equal brightness."""
    assert _judged(lambda _: ground) is Shades.FAINT


def test_one_part_of_the_frame_does_not_prove_that_the_camera_stands_still() -> None:
    """A camera that follows a textured thing before a plain sky leaves the thing in place."""

    def frame(_: float) -> Picture:
        picture = PLAIN.copy()
        picture[60:110, 20:70] = world(3)[60:110, 20:70]
        return picture

    assert _judged(frame) is Shades.FAINT


def test_a_vignette_does_not_prove_that_the_camera_stands_still() -> None:
    """The lens darkens the corners of a plain wall to a third, and would do so though the camera moved."""
    y, x = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    vignette = (1 - 0.33 * (x**2 + y**2))[..., None]
    bright = ShadeConfig(most_unexplained=10)
    assert _judged(lambda _: (240 * vignette * np.ones(3)).astype(np.uint8), bright) is Shades.FAINT


def test_a_picture_that_moves_as_a_whole_moves_though_the_ground_is_plain() -> None:
    """Eight dark discs on a plain ground drift together; the square that crosses does not."""
    centres = [(30 + 60 * column, 25 + 70 * row) for column in range(4) for row in range(2)]

    def frame(t: float) -> Picture:
        picture = PLAIN.copy()
        for x, y in centres:
            cv2.circle(picture, (int(x + 2 * t), y), 9, (70, 70, 70), -1, cv2.LINE_AA)
        return cv2.GaussianBlur(picture, (0, 0), 3).astype(np.uint8)

    assert _judged(frame) is Shades.MOVE


def test_a_limit_decides_how_far_the_picture_may_shift() -> None:
    """A drift of 1.6 % is no proof at the default limit of 1.2 pixels, and would be one at 5."""
    drift = lambda t: seen(SMOOTH, 200 + 0.65 * t, 150)  # noqa: E731 - one line, used twice
    loose = ShadeConfig(still_pixels=5, moved_pixels=5)
    assert _judged(drift) is not Shades.STAY
    assert _judged(drift, loose) is Shades.STAY


def test_the_camera_takes_the_shades_where_there_are_no_corners() -> None:
    """It stands still before the smooth ground; before the plain one that is unknown, and the picture is steady."""
    for ground, still, steady in ((seen(SMOOTH, 200, 150), True, False), (PLAIN, None, True)):
        made = film(4, lambda t, ground=ground: _crossed(ground, t))
        camera = follow_camera(made, [(0, len(made))], CameraConfig())
        assert (camera.still, camera.steady) == ((still,), (steady,))


def test_frozen_noise_does_not_look_like_a_still_camera() -> None:
    """Strong compression repeats the same faint noise in every frame: it has corners that stay, and proves nothing."""
    noise = np.random.default_rng(2).normal(0, 1.5, (HEIGHT, WIDTH, 1))
    made = film(4, lambda _: np.clip(PLAIN + noise, 0, 255).astype(np.uint8))
    camera = follow_camera(made, [(0, len(made))], CameraConfig())
    assert camera.still == (None,)
    assert camera.between(0, 20) is None


def test_things_that_move_before_a_plain_ground_are_not_taken_for_it() -> None:
    """Three textured things far apart shift together, 8 pixels a second: most corners agree on it."""

    def frame(t: float) -> Picture:
        picture = PLAIN.copy()
        for x, y in ((5, 3), (60, 48), (95, 93)):
            left = x + int(8 * t)
            picture[y : y + 24, left : left + 24] = world(3)[:24, :24]
        return picture

    made = film(4, frame)
    camera = follow_camera(made, [(0, len(made))], CameraConfig())
    assert camera.still[0] is not True
    assert all(camera.between(first, first + 10) is None for first in (0, 10, 20))
