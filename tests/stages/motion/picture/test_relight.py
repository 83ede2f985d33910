"""Changes of light between two pictures of one view."""

import numpy as np
import pytest

from stages.motion.picture.relight import relit
from tests.stages.motion.films import WIDTH, seen, world

VIEW = seen(world(3), 200, 150)


@pytest.mark.parametrize("tilt", [0.0, 0.2])
def test_a_smooth_change_of_light_is_undone(tilt: float) -> None:
    """Darker by a third, evenly or more on one side: relit, it differs by about rounding from the picture before."""
    gain = (1 + tilt * np.linspace(-1, 1, WIDTH)[None, :, None]) / 1.5
    darker = (VIEW * gain).astype(np.uint8)
    again = relit(darker, VIEW)
    assert np.abs(again.astype(int) - VIEW).mean() < 1.5 < np.abs(darker.astype(int) - VIEW).mean()


def test_a_picture_in_the_same_light_stays_as_it_is() -> None:
    """The very same pixels are returned."""
    assert relit(VIEW, VIEW) is VIEW


def test_another_picture_is_not_a_change_of_light() -> None:
    """Its cells change in all directions, on no plane."""
    other = seen(world(9), 200, 150)
    assert relit(other, VIEW) is other


def test_a_thing_that_moves_is_not_lit_away() -> None:
    """A white square on a tenth of the darker picture stays brighter than the wall around it."""
    darker = (VIEW / 1.5).astype(np.uint8)
    darker[40:80, 60:100] = 255
    again = relit(darker, VIEW)
    assert again[40:80, 60:100].min() == 255
    assert np.abs(again[:, :50].astype(int) - VIEW[:, :50]).mean() < 1.5
