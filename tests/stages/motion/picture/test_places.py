"""How different the places of two shots are."""

import numpy as np
import pytest

from stages.motion.picture.places import PlaceConfig, content_distance, layout_distance, picture_of, place_distances
from tests.stages.motion.films import film, seen, world


def test_a_place_that_comes_back_is_near_and_another_is_far() -> None:
    """A (with a thing passing), B, A again: shots 0 and 2 are alike in every frame, 0 and 1 in none."""
    place, other = seen(world(1), 0, 0), seen(255 - world(2) // 2, 0, 0)

    def frame(t: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
        picture = (other if 1 <= t < 2 else place).copy()
        if t < 1:
            picture[40:70, int(100 * t) : int(100 * t) + 30] = (215, 30, 35)
        return picture

    found = place_distances(film(3, frame), [(0, 10), (10, 20), (20, 30)], PlaceConfig())
    by_shots = {(one.shot_a, one.shot_b): one for one in found}
    assert sorted(by_shots) == [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
    assert by_shots[0, 2].farthest < 0.3
    assert by_shots[0, 1].nearest > 0.8
    assert by_shots[0, 1].nearest <= by_shots[0, 1].farthest


def test_the_distance_is_symmetric_and_zero_of_a_picture_with_itself() -> None:
    """Hellinger distances are symmetric, and 0 for equal histograms."""
    a, b = picture_of(seen(world(1), 0, 0)), picture_of(seen(world(2), 50, 0))
    assert content_distance(a, a) == pytest.approx(0, abs=1e-3)
    assert content_distance(a, b) == pytest.approx(content_distance(b, a))


def test_the_same_place_must_show_the_same_picture() -> None:
    """Two pictures with one palette and texture but another layout are never nearer than the limit of 0.6 between the
    same place and another; the same picture with a fifth less light is.
    """
    one, another = seen(world(1), 0, 0), seen(world(1), 300, 200)
    dimmed = (one * 0.8).astype(np.uint8)
    assert layout_distance(picture_of(one), picture_of(another)) > 0.6
    assert layout_distance(picture_of(one), picture_of(dimmed)) < 0.1
    found = place_distances(film(2, lambda t: one if t < 1 else another), [(0, 10), (10, 20)], PlaceConfig())
    assert {(d.shot_a, d.shot_b): d.farthest > 0.6 for d in found} == {(0, 0): False, (0, 1): True, (1, 1): False}
