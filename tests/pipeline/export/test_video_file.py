"""Frames become an MP4 file that shows each of them at its own time."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.export.video_file import mean_rate, write_video


@pytest.mark.video
def test_each_frame_is_shown_at_its_own_time(tmp_path: Path) -> None:
    """Read back, the frames have their times, the first at 0, and their pictures, but for an odd row and column."""
    seconds, greys = [1.0, 1.25, 2.0, 2.1], [20, 90, 160, 230]
    write_video(tmp_path / "clip.mp4", [np.full((33, 49, 3), grey, np.uint8) for grey in greys], seconds)
    with av.open(str(tmp_path / "clip.mp4")) as container:
        frames = list(container.decode(video=0))
    assert [frame.time for frame in frames] == pytest.approx([0.0, 0.25, 1.0, 1.1], abs=1e-4)
    pictures = [frame.to_ndarray(format="rgb24") for frame in frames]
    assert {picture.shape for picture in pictures} == {(32, 48, 3)}
    assert [picture.mean() for picture in pictures] == pytest.approx(greys, abs=3)


def test_the_rate_is_the_mean_one() -> None:
    """Three steps in 1.5 s are two a second; a frame alone is shown for a second."""
    assert mean_rate([4.0, 4.2, 5.0, 5.5]) == 2
    assert mean_rate([4.0]) == Fraction(1)
