"""The family kept apart is drawn as it is described. These tests use seeds that no figure is taken from."""

import numpy as np

from tests.prove.kept_apart.family import kept_films
from tests.prove.kept_apart.film import Finish, Ground
from tests.prove.kept_apart.picture import film_frames, truth_of_film

_SEED = 20


def test_the_same_seed_draws_the_same_films_and_another_seed_others() -> None:
    """A film is known by its seed and its number alone."""
    assert kept_films(_SEED, 6) == kept_films(_SEED, 12)[:6]
    assert not set(kept_films(_SEED, 6)) & set(kept_films(_SEED + 1, 6))


def test_every_ground_and_both_kinds_of_camera_occur() -> None:
    """Of thirty films each ground has five; every fifth camera moves."""
    films = kept_films(_SEED, 30)
    assert all(sum(film.ground is ground for film in films) == 5 for ground in Ground)
    assert sum(film.moves for film in films) == 6


def test_the_true_boxes_bound_what_differs_from_a_plain_ground() -> None:
    """Without grain, vignette and blur the ground is one colour: all that differs lies in the boxes and fills them."""
    film = kept_films(_SEED, 1)[0].model_copy(
        update={"ground": Ground.PLAIN, "grain": 0.0, "vignette": 0.0, "blur": 0.0, "finish": Finish.FLAT}
    )
    height, width, index = film.world.height, film.world.width, film.world.frame_count // 2
    (frame_HWC,) = film_frames(film, [index])
    ground_C = np.median(frame_HWC.reshape(-1, 3), axis=0)
    differs_HW = np.abs(frame_HWC - ground_C).max(axis=2) > 60
    seconds, points = index / film.world.fps, []
    for track in truth_of_film(film).tracks:
        points += [point for point in track.path if abs(point.pts_seconds - seconds) < 1e-6]
    assert points
    for point in points:
        rows = slice(round(point.y0 * height), round(point.y1 * height))
        columns = slice(round(point.x0 * width), round(point.x1 * width))
        inside = differs_HW[rows, columns]
        assert inside.any(axis=0).mean() > 0.8
        assert inside.any(axis=1).mean() > 0.8
        differs_HW[
            rows.start - 1 if rows.start else 0 : rows.stop + 1, max(0, columns.start - 1) : columns.stop + 1
        ] = 0
    assert not differs_HW.any()
