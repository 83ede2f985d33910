"""Files whose times are wrong or missing: every picture comes, in its order, at a time of its own."""

from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from schemas.drop import DropReason
from stages.decode import decode_frames
from tests.odd_videos import BLUE, Counted, dropped, every_frame, joined, number_of, write
from tests.shared import NEEDS_SHARED, shared

pytestmark = pytest.mark.video


def numbers_and_steps(path: Path) -> tuple[list[int], list[float]]:
    """The numbers on all pictures in order, and the seconds from each to the next."""
    times, frames_NHWC = every_frame(path)
    return [number_of(frame) for frame in frames_NHWC], np.diff(times).tolist()


def shown_as_decoded(packet: av.Packet) -> None:
    """The time of showing follows the order of decoding, and is not negative."""
    packet.pts = packet.dts = (packet.dts or 0) + 2


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("libx264", "clip.mp4"),
        ("libx264", "clip.mkv"),
        ("libx264", "clip.ts"),
        ("libx264", "clip.flv"),
        ("libx264", "clip.avi"),
        ("libx265", "clip.mkv"),
        ("mpeg4", "clip.mkv"),
        ("mpeg2video", "clip.mkv"),
    ],
)
def test_pictures_come_in_order_where_times_follow_decoding(codec: str, name: str, tmp_path: Path) -> None:
    """B-frames whose times follow the order of decoding come in the order of their numbers, 0.04 s apart."""
    path = write(tmp_path / name, Counted(codec=codec), shown_as_decoded)
    numbers, steps = numbers_and_steps(path)
    assert numbers == list(range(50))
    assert steps == pytest.approx([0.04] * 49, abs=0.0011)  # Matroska and FLV count milliseconds


def shown_as_decoded_from_the_middle(packet: av.Packet) -> None:
    """Only in the second half, times follow the order of decoding; they begin after those of the first half."""
    if (packet.dts or 0) > 25:
        packet.pts = (packet.dts or 0) + 6


@pytest.mark.parametrize("codec", ["libx264", "libx265", "mpeg2video"])
def test_a_part_with_wrong_times_is_enough(codec: str, tmp_path: Path) -> None:
    """Times that are right in the first half and follow decoding in the second: all pictures come in their order, and
    each of them is the same if it is asked for alone.
    """
    path = write(tmp_path / "clip.mkv", Counted(codec=codec), shown_as_decoded_from_the_middle)
    numbers, steps = numbers_and_steps(path)
    assert numbers == list(range(50))
    assert min(steps) > 0
    times, _ = every_frame(path)
    alone = [number_of(decode_frames(path, at_seconds=[time]).frames_NHWC[0]) for time in times]
    assert alone == numbers


def test_a_frame_asked_for_alone_is_the_same(tmp_path: Path) -> None:
    """The frame at 0.52 s, number 13, is the right one without any frame before it being asked for."""
    path = write(tmp_path / "clip.mkv", Counted(), shown_as_decoded)
    assert number_of(decode_frames(path, at_seconds=[0.53]).frames_NHWC[0]) == 13


def every_second_time(packet: av.Packet) -> None:
    """Two pictures share each time."""
    packet.pts = (packet.pts or 0) // 2 * 2 + 2


def test_repeated_times_lose_no_picture(tmp_path: Path) -> None:
    """If two pictures share a time, the second one is placed halfway to the next: all 50 come, 0.04 s apart."""
    numbers, steps = numbers_and_steps(write(tmp_path / "clip.mkv", Counted(b_frames=0), every_second_time))
    assert numbers == list(range(50))
    assert steps[:-1] == pytest.approx([0.04] * 48, abs=0.0011)


def same_times(count: int) -> float:  # noqa: ARG001  one of several answers
    return 0.0


def half_a_second_early(count: int) -> float:
    return count / 25 - 0.5


def one_frame_early(count: int) -> float:
    return count / 25 - 0.04


def two_hours_later(count: int) -> float:  # noqa: ARG001
    return 7200.0


@pytest.mark.parametrize("start", [same_times, half_a_second_early, one_frame_early, two_hours_later])
@pytest.mark.parametrize("codec", ["libx264", "mpeg2video"])
def test_transport_streams_joined_by_bytes(start: Callable[[int], float], codec: str, tmp_path: Path) -> None:
    """Wherever the second one's times start, both play one after the other, 0.04 s a picture."""
    first = write(tmp_path / "first.ts", Counted(30, codec))
    second = write(tmp_path / "second.ts", Counted(30, codec, colour=BLUE, first_seconds=start(30)))
    numbers, steps = numbers_and_steps(joined(tmp_path / "joined.ts", first, second))
    assert numbers == [*range(30), *range(30)]
    assert steps == pytest.approx([0.04] * 59)


@pytest.mark.parametrize(("codec", "suffix"), [("mpeg2video", ".mpg"), ("libx264", ".mkv")])
def test_other_files_joined_by_bytes(codec: str, suffix: str, tmp_path: Path) -> None:
    """Program streams and Matroska files that start anew play one after the other."""
    part = write(tmp_path / f"part{suffix}", Counted(30, codec))
    numbers, steps = numbers_and_steps(joined(tmp_path / f"joined{suffix}", part, part))
    assert numbers == [*range(30)] * 2
    assert steps == pytest.approx([0.04] * 59)


def test_the_clock_of_a_transport_stream_may_wrap(tmp_path: Path) -> None:
    """Times count modulo 2^33 / 90000 = 95443.7 s; a stream that starts 0.5 s before is one stream."""
    path = write(tmp_path / "wrapped.ts", Counted(first_seconds=95_443.2 - 1.4))
    numbers, steps = numbers_and_steps(path)
    assert numbers == list(range(50))
    assert steps == pytest.approx([0.04] * 49)


@pytest.mark.parametrize(("codec", "suffix"), [("libx264", ".h264"), ("libx265", ".hevc"), ("mpeg2video", ".m2v")])
@pytest.mark.parametrize("fps", [25, 30])
def test_a_bare_stream_goes_at_its_own_rate(codec: str, suffix: str, fps: int, tmp_path: Path) -> None:
    """A stream without a container lasts as long as its own rate gives, whatever the name of the file."""
    bare = write(tmp_path / f"bare{suffix}", Counted(60, codec, fps)).rename(tmp_path / "bare.mp4")
    numbers, steps = numbers_and_steps(bare)
    assert numbers == list(range(60))
    assert steps == pytest.approx([1 / fps] * 59)
    assert decode_frames(bare).facts.duration_seconds_measured == pytest.approx(60 / fps)


def test_a_stream_without_times_and_rate_is_a_drop(tmp_path: Path) -> None:
    """Bare AV1 states no rate: it is dropped for having no times, not shown at a made-up rate."""
    bare = write(tmp_path / "bare.obu", Counted(60, "libsvtav1", b_frames=0))
    assert dropped(bare).reason is DropReason.NO_TIMES


@NEEDS_SHARED
def test_case_b_frames_with_times_of_decoding() -> None:
    """100 pictures in the order of the counter, at 0.00 to 3.96 s."""
    times, frames_NHWC = every_frame(shared("cases", "bframes_pts_is_dts.mp4"))
    assert [case_number(frame) for frame in frames_NHWC] == list(range(100))
    assert times == pytest.approx([n / 25 for n in range(100)])


@NEEDS_SHARED
@pytest.mark.parametrize("name", ["ts_joined_same_times.ts", "ts_joined_overlap.ts"])
def test_case_joined_transport_streams(name: str) -> None:
    """150 pictures in 6 s: red 0 to 74, then blue 0 to 74, one each 0.04 s."""
    path = shared("cases", name)
    times, frames_NHWC = every_frame(path)
    assert [case_number(frame) for frame in frames_NHWC] == [*range(75), *range(75)]
    assert np.diff(times).tolist() == pytest.approx([0.04] * 149)
    assert decode_frames(path, num_frames=1).facts.duration_seconds_measured == pytest.approx(6.0)


@NEEDS_SHARED
def test_case_a_bare_stream() -> None:
    """60 pictures in 2.4 s, by the stream's own rate of 25."""
    times, frames_NHWC = every_frame(shared("cases", "raw_h264_named.mp4"))
    assert [case_number(frame) for frame in frames_NHWC] == list(range(60))
    assert times == pytest.approx([n / 25 for n in range(60)])


def case_number(pixels: np.ndarray) -> int:
    """The frame counter of the shared cases: bit b at x = 20 + 14 b, y = 228..238."""
    return sum(int(pixels[230:237, 22 + 14 * bit : 28 + 14 * bit].mean() > 127) << bit for bit in range(BITS_OF_CASES))


BITS_OF_CASES = 7
