"""Fades to black: what is asserted as one, and what only makes the number of shots uncertain."""

from collections.abc import Callable

import numpy as np
import pytest

from stages.motion.shots.shots import ShotConfig, find_shots
from tests.stages.motion.films import Picture, film, seen, world

CONFIG = ShotConfig()
HERE, THERE = seen(world(1), 0, 0), seen(world(2), 0, 0)
TITLE = np.where(np.arange(HERE.size).reshape(HERE.shape) % 997 < 20, 200, 0).astype(np.uint8)
"""Little light on black."""


def _faded(before: Picture, after: Picture, *, out: float = 0.6, back: float = 0.6) -> Callable[[float], Picture]:
    """A picture that darkens from 1.5 s on within `out` seconds, is black for 0.4 s, and another one that brightens
    within `back` seconds.
    """

    def frame_at(t: float) -> Picture:
        gone = 1.5 + out
        if t < gone:
            return np.asarray(before * min(1.0, (gone - t) / max(out, 1e-9)), np.uint8)
        return np.asarray(after * float(np.clip((t - gone - 0.4) / max(back, 1e-9), 0, 1)), np.uint8)

    return frame_at


def test_a_fade_to_black_parts_two_shots() -> None:
    """Darkening from 11.5 s on, black from 12.1 to 12.5 s, full brightness at 13.1 s; nothing is followed across."""
    made = film(5, _faded(HERE, THERE), start_seconds=10.0)
    shots = find_shots(made, CONFIG)
    (fade,) = shots.fades
    first, middle, end = (float(made.pts_seconds[i]) for i in (fade.first, fade.middle, fade.end))
    assert (first, middle, end) == (
        pytest.approx(11.6, abs=0.11),
        pytest.approx(12.3, abs=0.15),
        pytest.approx(13.1, abs=0.11),
    )
    assert min(fade.score_a, fade.score_b) >= 1
    assert (shots.cuts, shots.faded) == ((), [(fade.first, fade.end)])
    assert {fade.first, fade.end} <= set(shots.seams)
    assert shots.strongest_non_cut < 1


@pytest.mark.parametrize(
    "frame_at",
    [
        _faded(HERE, HERE),
        _faded(HERE, THERE, out=0.0),
        _faded(HERE, THERE, back=0.0),
        _faded(HERE, np.minimum(THERE, 9)),
        _faded(HERE, THERE, out=4.0),
        lambda t: TITLE if 2.1 < t < 2.5 else _faded(HERE, THERE)(t),
        lambda t: _faded(HERE, THERE)(t + 1.8),
        lambda t: _faded(HERE, THERE)(t - 5.2),
    ],
    ids=[
        "the same picture comes back",
        "a cut to black",
        "a cut from black",
        "nothing comes",
        "light that goes slowly",
        "a title between",
        "begins on the way",
        "ends on the way",
    ],
)
def test_what_may_be_no_fade_makes_the_number_of_shots_uncertain(frame_at: Callable[[float], Picture]) -> None:
    """Each is dark in the middle, and one of the two detectors does not see a fade between two pictures."""
    shots = find_shots(film(8, frame_at), CONFIG)
    assert shots.fades == ()
    assert shots.strongest_non_cut >= 1


def test_a_clip_that_comes_up_from_black_is_one_shot_more_by_no_fade() -> None:
    """There was no picture before the black."""
    made = film(4, lambda t: np.asarray(HERE * min(1.0, t / 2), np.uint8))
    assert find_shots(made, CONFIG).fades == ()
