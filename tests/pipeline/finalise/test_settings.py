"""The settings of `finalise`."""

import pytest

from pipeline.finalise.settings import SelectionConfig


@pytest.mark.parametrize(("videos", "scale"), [(0, 0.0), (30, 0.25), (120, 1.0), (5000, 1.0)])
def test_limits_on_rare_themes_grow_with_the_set(videos: int, scale: float) -> None:
    """`rare_pairs` and `rare_videos` apply in proportion to the videos, and in full from `rare_of_videos` = 120 on."""
    assert SelectionConfig().scale(videos) == scale
