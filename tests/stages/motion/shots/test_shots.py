"""Shots: what is asserted as a cut, and what only makes the number of shots uncertain."""

from dataclasses import replace

import numpy as np
import pytest
from scenedetect import ContentDetector

from stages.motion.shots import shots
from stages.motion.shots.shots import ShotConfig, find_shots
from tests.stages.motion.films import film, seen, world

CONFIG = ShotConfig()
HERE, THERE = seen(world(1), 0, 0), seen(world(2), 0, 0)


def test_a_cut_has_the_container_time_of_the_first_frame_after_it() -> None:
    """The picture changes 1.5 s after a start at 7 s: at 8.5 s, frame 15."""
    made = film(3, lambda t: HERE if t < 1.5 else THERE, start_seconds=7.0)
    shots = find_shots(made, CONFIG)
    (cut,) = shots.cuts
    assert cut.frame == 15
    assert made.pts_seconds[cut.frame] == pytest.approx(8.5)
    assert min(cut.score_a, cut.score_b) >= 1
    assert shots.spans == [(0, 15), (15, 30)]
    assert shots.strongest_non_cut < 1


def test_a_cut_between_two_places_of_one_colour_is_found() -> None:
    """Both brown: hue and saturation hardly change, so that the mean of three changes is little more than a third of
    the brightness'.
    """
    here, there = (0.6 * picture.mean(axis=2, keepdims=True) + (85, 60, 35) for picture in (HERE, THERE))
    shots = find_shots(film(3, lambda t: (here if t < 1.5 else there).astype(np.uint8)), CONFIG)
    assert [cut.frame for cut in shots.cuts] == [15]
    assert shots.strongest_non_cut < 1


def test_a_dissolve_is_no_cut_but_makes_the_number_of_shots_uncertain() -> None:
    """Over one second a dark picture gives way to a bright one."""
    dark, bright = HERE // 4, 255 - THERE // 4
    share = lambda t: float(np.clip(t - 1.0, 0, 1))  # noqa: E731 - one line that says how far the dissolve is
    shots = find_shots(film(3, lambda t: ((1 - share(t)) * dark + share(t) * bright).astype(np.uint8)), CONFIG)
    assert shots.cuts == ()
    assert shots.strongest_non_cut >= 1


def test_a_flash_is_no_cut() -> None:
    """One white frame, and the same picture goes on. Nothing is followed across it all the same."""
    shots = find_shots(film(3, lambda t: np.full_like(HERE, 250) if 1.45 < t < 1.55 else HERE), CONFIG)
    assert shots.cuts == ()
    assert shots.strongest_non_cut >= 1
    assert 15 in shots.seams


def test_a_pan_is_no_cut() -> None:
    """A camera that moves 80 px/s, half a frame width, over one world."""
    shots = find_shots(film(3, lambda t: seen(world(1), 80 * t, 0)), CONFIG)
    assert shots.cuts == ()
    assert shots.strongest_non_cut < 1


def test_photos_shown_one_a_second_are_no_certain_shots() -> None:
    """At one frame a second nobody can tell whether a picture that changed was moved or cut."""
    made = film(3, lambda t: seen(world(1), 5 * t, 0))
    slow = replace(made, pts_seconds=made.pts_seconds * 10, end_seconds=30.0)
    assert find_shots(made, CONFIG).strongest_non_cut < 1
    assert find_shots(slow, CONFIG).strongest_non_cut >= 1


def test_the_library_looks_for_edges_where_it_is_told_not_to() -> None:
    """If the method had another name, edges would be looked for in every frame, for nothing."""
    assert "_detect_edges" in vars(ContentDetector)
    assert "_detect_edges" in vars(shots._WithoutEdges)
