"""Which frames `decode_frames` chooses, and the facts that it reports."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stages.decode import decode_frames
from tests.videos import KINDS, X264, make_video

pytestmark = pytest.mark.video


@pytest.fixture
def ten_a_second(tmp_path: Path) -> Path:
    """3 s at 10 frames a second: frame n is shown from 0.1 n on."""
    return make_video(tmp_path / "ten", replace(X264, fps=10, num_frames=30, gop=10, b_frames=2))


def test_at_seconds_takes_the_frame_shown_then(ten_a_second: Path) -> None:
    """A moment gets the last frame at or before it, in the order asked, outside the video its first and last."""
    decoded = decode_frames(ten_a_second, at_seconds=[1.25, 0.3, -5.0, 99.0, 0.3])
    assert decoded.pts_seconds == (1.2, 0.3, 0.0, 2.9, 0.3)
    assert np.array_equal(decoded.frames_NHWC[1], decoded.frames_NHWC[4])


def test_a_path_may_be_a_text(ten_a_second: Path) -> None:
    """A path given as `str` leads to the same frames."""
    as_text, as_path = (decode_frames(path, num_frames=2) for path in (str(ten_a_second), ten_a_second))
    assert np.array_equal(as_text.frames_NHWC, as_path.frames_NHWC)


def test_fps_takes_the_middle_of_each_stretch(ten_a_second: Path) -> None:
    """At 2 frames a second, 3 s give the frames at 0.25, 0.75 ... s, and each shows from the tenth before it."""
    assert decode_frames(ten_a_second, fps=2.0).pts_seconds == (0.2, 0.7, 1.2, 1.7, 2.2, 2.7)


def test_a_range_is_sampled_alone(ten_a_second: Path) -> None:
    """Within [1, 2) four stretches of 0.25 s have their middles at 1.125, 1.375, 1.625 and 1.875."""
    decoded = decode_frames(ten_a_second, num_frames=4, start_seconds=1.0, end_seconds=2.0)
    assert decoded.pts_seconds == (1.1, 1.3, 1.6, 1.8)


def test_more_frames_than_there_are_repeat(tmp_path: Path) -> None:
    """A video of one frame gives it as often as asked."""
    decoded = decode_frames(make_video(tmp_path / "one", KINDS["one_frame"]), num_frames=5)
    assert decoded.frames_NHWC.shape == (5, 96, 128, 3)
    assert (decoded.frames_NHWC == decoded.frames_NHWC[0]).all()


@pytest.mark.parametrize(("kind", "turned"), [("rotated_90", 90), ("rotated_180", 180), ("rotated_270", 270)])
def test_frames_are_upright(kind: str, turned: int, tmp_path: Path) -> None:
    """A rotation that the container asks for is done, at native size and scaled, and reported."""
    path = make_video(tmp_path / kind, KINDS[kind])
    upright = (96, 128) if turned == 180 else (128, 96)
    assert decode_frames(path, num_frames=2).frames_NHWC.shape[1:3] == upright
    scaled = decode_frames(path, num_frames=2, short_side=48)
    assert scaled.frames_NHWC.shape[1:3] == (upright[0] // 2, upright[1] // 2)
    assert scaled.rotation_degrees == turned


def test_short_side_averages_and_never_enlarges(ten_a_second: Path) -> None:
    """At half the size luma is close to the means of 2 x 2 pixels; a side above the native one changes nothing."""

    def luma(frames_NHWC: NDArray[np.uint8]) -> NDArray[np.float64]:
        return frames_NHWC @ np.array([0.299, 0.587, 0.114])

    native = decode_frames(ten_a_second, num_frames=3).frames_NHWC
    half = decode_frames(ten_a_second, num_frames=3, short_side=48).frames_NHWC
    means = luma(native).reshape(3, 48, 2, 64, 2).mean(axis=(2, 4))
    assert np.abs(luma(half) - means).mean() < 2.0
    assert np.array_equal(decode_frames(ten_a_second, num_frames=3, short_side=500).frames_NHWC, native)


def test_header_and_measured_facts_are_kept_apart(tmp_path: Path) -> None:
    """An MP4 whose frames start 2 s late lasts 3 s by its packets, from 2 s to 5 s of container time."""
    facts = decode_frames(make_video(tmp_path / "late", KINDS["late_start_mp4"])).facts
    assert (facts.start_seconds, facts.end_seconds, facts.duration_seconds_measured) == (2.0, 5.0, 3.0)
    assert facts.frame_count_measured == 75
    assert facts.codec == "h264"


def test_choices_that_exclude_each_other_are_refused(ten_a_second: Path) -> None:
    """Two ways to choose, or a choice of nothing, is an error that names what was given."""
    with pytest.raises(ValueError, match="exclude each other"):
        decode_frames(ten_a_second, at_seconds=[1.0], fps=2.0)
    with pytest.raises(ValueError, match="num_frames=0"):
        decode_frames(ten_a_second, num_frames=0)
    with pytest.raises(ValueError, match="at_seconds="):
        decode_frames(ten_a_second, at_seconds=[])
