"""The decoded analysis frames of a clip."""

from dataclasses import replace

import numpy as np
import pytest

from schemas.clip import Frame
from stages.motion.analysis_frames import AnalysisFrames, analysis_frames_of
from stages.payloads import ClipHeader, DecodedClip
from tests.stages.motion.films import HEIGHT, WIDTH, film

PLAIN = film(2.5, lambda _: np.full((HEIGHT, WIDTH, 3), 100, np.uint8), start_seconds=5.0)


def test_frames_and_times_must_fit() -> None:
    """One time for each frame, increasing, and at least one of them."""
    for frames, times in ((2, [0.0]), (0, []), (2, [1.0, 1.0])):
        with pytest.raises(ValueError, match="time"):
            AnalysisFrames(np.zeros((frames, 4, 4, 3), np.uint8), np.array(times), 0.0, 1.0)


def test_a_second_has_the_frames_that_begin_in_it() -> None:
    """From 5.0 to 7.5 s at 10 frames a second: ten, ten and five frames."""
    assert PLAIN.seconds() == [(5.0, 0, 10), (6.0, 10, 20), (7.0, 20, 25)]


def test_a_second_without_a_frame_is_left_out() -> None:
    """Frames at 0.0 and 2.5 s: the second from 1 to 2 s has none."""
    sparse = AnalysisFrames(np.zeros((2, 4, 4, 3), np.uint8), np.array([0.0, 2.5]), 0.0, 3.0)
    assert sparse.seconds() == [(0.0, 0, 1), (2.0, 1, 2)]


def test_a_frame_ends_with_the_next_one_or_with_the_clip() -> None:
    """The first frame ends at 5.1 s, the last one with the clip at 7.5 s."""
    assert PLAIN.over_seconds(0) == pytest.approx(5.1)
    assert PLAIN.over_seconds(24) == 7.5


def test_a_clip_whose_analysis_cannot_be_read_is_refused() -> None:
    """No frames, or one that is not a JPEG, is an error that names the clip."""
    header = ClipHeader.__new__(ClipHeader)
    object.__setattr__(header, "clip_id", "c1")
    clip = DecodedClip(header, (), ())
    with pytest.raises(ValueError, match="clip c1 has no analysis frames"):
        analysis_frames_of(clip)
    with pytest.raises(ValueError, match=r"clip c1.*not a readable JPEG"):
        analysis_frames_of(replace(clip, analysis=(Frame(pts_seconds=0.0, jpeg=b"no picture"),)))
