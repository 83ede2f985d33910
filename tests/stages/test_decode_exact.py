"""Frames by the packet plan are the frames of decoding in order, bit for bit."""

from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from stages.decode import decode_frames
from stages.video.open_video import open_video
from tests.shared import NEEDS_VIDEOS, real_videos
from tests.videos import KINDS, make_video

pytestmark = [pytest.mark.video, pytest.mark.slow(15)]

Pictures = list[tuple[float, NDArray[np.uint8]]]

WITHOUT_TIMES = "h264_avi"
"""The one kind whose container has no times of showing, so that `frame.time` is out of order."""


def in_order(path: Path) -> Pictures:
    """The reference: (time, upright RGB) of every frame of the first video stream, decoded in order."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        stream.codec_context.thread_count = 1
        return [
            (frame.time, np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90)))
            for frame in container.decode(stream)
        ]


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_sampled_frames_equal_decoding_in_order(kind: str, tmp_path: Path) -> None:
    """Every sampled frame is the one shown at the middle of its stretch, bit-equal to decoding in order."""
    path = make_video(tmp_path / kind, KINDS[kind])
    reference = in_order(path)
    times = sorted(time for time, _ in reference)
    for count in (1, 5, 32):
        decoded = decode_frames(path, num_frames=count)
        start, end = decoded.facts.start_seconds, decoded.facts.end_seconds
        middles = [start + (i + 0.5) * (end - start) / count for i in range(count)]
        numbers = [max(sum(t <= middle + 1e-6 for t in times) - 1, 0) for middle in middles]
        # in the order of output, times handed out in order: equal to frame.time wherever the container has such times
        shown = [reference[n][1] for n in numbers]
        assert decoded.pts_seconds == tuple(times[n] for n in numbers)
        assert all(np.array_equal(a, b) for a, b in zip(decoded.frames_NHWC, shown, strict=True))


def test_times_are_the_containers(kind: str, tmp_path: Path) -> None:
    """The time of every frame is `frame.time`, to the last bit."""
    path = make_video(tmp_path / kind, KINDS[kind])
    times = [time for time, _ in in_order(path)]
    if kind == WITHOUT_TIMES:
        times.sort()
    with open_video(path) as video:
        assert video.times_F.tolist() == times


def test_only_times_that_hide_the_order_of_pictures_cost_the_plan(kind: str, tmp_path: Path) -> None:
    """Every kind is decoded from entries by the plan, but for the one whose container has no times of showing."""
    with open_video(make_video(tmp_path / kind, KINDS[kind])) as video:
        assert video.index.is_planned is (kind != WITHOUT_TIMES)


def test_each_frame_alone_equals_decoding_in_order(kind: str, tmp_path: Path) -> None:
    """A frame decoded alone, from the entry before it, is bit-equal, and the plan never has to be given up."""
    path = make_video(tmp_path / kind, KINDS[kind])
    with open_video(path) as video:
        for number, (_, reference) in enumerate(in_order(path)):
            ((found, frame),) = video.frames([number])
            assert found == number
            assert np.array_equal(np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90)), reference)


@NEEDS_VIDEOS
def test_real_clips_equal_decoding_in_order() -> None:
    """On every real clip, 32 sampled frames and 3 moments in a row are bit-equal to decoding in order."""
    for path in sorted(p for p in real_videos().iterdir() if p.suffix in {".mp4", ".avi"}):
        by_time = dict(in_order(path))
        moment = sorted(by_time)[len(by_time) // 2]
        for decoded in (decode_frames(path), decode_frames(path, at_seconds=[moment, moment + 0.05, moment + 0.1])):
            assert all(
                np.array_equal(by_time[time], pixels)
                for time, pixels in zip(decoded.pts_seconds, decoded.frames_NHWC, strict=True)
            ), path.name
