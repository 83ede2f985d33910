"""A file becomes clips: both streams, and long videos cut where their content changes."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from schemas.drop import Drop, DropReason, ItemType
from stages.decode import DecodeVideo, decode_frames
from stages.drawing.jpeg import jpeg_of
from stages.payloads import DecodedClip, DecodedVideo, VideoFile
from stages.seeding import rng_for
from stages.stage import read_here
from tests.videos import KINDS, X264, VideoSpec, make_video

pytestmark = pytest.mark.video

SHA = "0123456789abcdef" * 4
TINY = replace(X264, width=64, height=48, fps=10, gop=50, b_frames=2)


def outcomes(path: Path, stage: DecodeVideo) -> list[DecodedVideo | Drop]:
    return list(stage.process(VideoFile(path, SHA), read_here, rng_for(0, "decode", SHA)))


def clips(path: Path, stage: DecodeVideo) -> tuple[DecodedClip, ...]:
    (video,) = outcomes(path, stage)
    assert isinstance(video, DecodedVideo)
    return video.clips


def test_sampled_frames_are_those_of_decode_frames(tmp_path: Path) -> None:
    """The sampled frames are the JPEGs of uniform sampling's pixels, at its times."""
    path = make_video(tmp_path / "clip", replace(X264, b_frames=3))
    reference = decode_frames(path, num_frames=8, short_side=48)
    (clip,) = clips(path, DecodeVideo(num_frames=8, short_side=48, jpeg_quality=97))
    assert tuple(frame.pts_seconds for frame in clip.frames) == reference.pts_seconds
    for frame, pixels in zip(clip.frames, reference.frames_NHWC, strict=True):
        assert frame.jpeg == jpeg_of(pixels, 97)


@pytest.mark.parametrize("kind", ["h264_b_pyramid", "rotated_90"])
@pytest.mark.parametrize(("short_side", "analysis_short_side"), [(48, 24), (24, 24), (500, 400), (24, 48)])
def test_analysis_frames_have_their_own_size_and_quality(
    tmp_path: Path, kind: str, short_side: int, analysis_short_side: int
) -> None:
    """Each is the JPEG of the frame at its time, whether sampled frames are larger, as large, or as native as it."""
    path = make_video(tmp_path / "clip", KINDS[kind])
    stage = DecodeVideo(short_side=short_side, analysis_short_side=analysis_short_side, analysis_jpeg_quality=70)
    (clip,) = clips(path, stage)
    times = [frame.pts_seconds for frame in clip.analysis]
    reference = decode_frames(path, at_seconds=times, short_side=analysis_short_side)
    for frame, pixels in zip(clip.analysis, reference.frames_NHWC, strict=True):
        assert frame.jpeg == jpeg_of(pixels, 70)


@pytest.mark.parametrize("kind", ["h264_b_pyramid", "variable_rate", "one_frame_a_second", "sixty_a_second"])
def test_the_analysis_stream_leaves_no_gap(kind: str, tmp_path: Path) -> None:
    """Analysis frames are at most 0.1 s apart, unless the frames of the video are further apart."""
    path = make_video(tmp_path / kind, KINDS[kind])
    all_times = decode_frames(path, fps=500.0).pts_seconds
    longest = max(b - a for a, b in pairwise(all_times))
    (clip,) = clips(path, DecodeVideo())
    times = [frame.pts_seconds for frame in clip.analysis]
    assert times[0] == clip.header.start_seconds
    assert max(b - a for a, b in pairwise(times)) <= max(0.1, longest) + 1e-5


def test_streams_have_their_sizes_and_stand_upright(tmp_path: Path) -> None:
    """A clip stored sideways at 128 x 96 is analysed upright at a short side of 24: 24 wide, 32 high."""
    path = make_video(tmp_path / "turned", KINDS["rotated_90"])
    (clip,) = clips(path, DecodeVideo(short_side=48, analysis_short_side=24))
    sizes = [
        cv2.imdecode(np.frombuffer(frame.jpeg, np.uint8), cv2.IMREAD_COLOR).shape
        for frame in (clip.frames[0], clip.analysis[0])
    ]
    assert sizes == [(64, 48, 3), (32, 24, 3)]
    assert (clip.header.width, clip.header.height, clip.header.rotation_degrees) == (96, 128, 90)


def test_a_clip_of_few_frames_gives_each_once(tmp_path: Path) -> None:
    """12 frames, 32 asked for: 12 sampled frames with increasing times."""
    (clip,) = clips(make_video(tmp_path / "slow", KINDS["one_frame_a_second"]), DecodeVideo())
    assert [frame.pts_seconds for frame in clip.frames] == [float(n) for n in range(12)]


def test_equal_bytes_every_time(tmp_path: Path) -> None:
    """Two runs over one file give equal records."""
    path = make_video(tmp_path / "same", KINDS["hevc_10_bit"])
    assert outcomes(path, DecodeVideo()) == outcomes(path, DecodeVideo())


LONG = replace(TINY, num_frames=400, cut_every=70)
"""40 s; the texture changes at 7, 14, 21, 28 and 35 s."""
WINDOWS = DecodeVideo(max_clip_seconds=10.0, num_frames=8, min_duration_seconds=2.0)


def test_long_videos_are_cut_where_content_changes(tmp_path: Path) -> None:
    """With windows of 10 s, each change in a second half is a cut: at 7 s, 14 s and so on."""
    made = clips(make_video(tmp_path / "long", LONG), WINDOWS)
    edges = [(clip.header.start_seconds, clip.header.end_seconds) for clip in made]
    assert edges == [(0, 7), (7, 14), (14, 21), (21, 28), (28, 35), (35, 40)]
    assert [clip.header.clip_id for clip in made] == [f"{SHA[:16]}-{n:03d}" for n in range(6)]


def test_clips_of_a_long_video_share_out_its_frames(tmp_path: Path) -> None:
    """Every analysis frame is in exactly one clip, inside its times; sampled frames lie near their middles."""
    path = make_video(tmp_path / "long", LONG)
    made = clips(path, WINDOWS)
    (whole,) = clips(path, DecodeVideo())
    assert [frame for clip in made for frame in clip.analysis] == list(whole.analysis)
    for clip in made:
        start, end = clip.header.start_seconds, clip.header.end_seconds
        assert all(start <= frame.pts_seconds < end for frame in (*clip.frames, *clip.analysis))
        middles = [start + (n + 0.5) * (end - start) / 8 for n in range(8)]
        # candidates come every 10 s / 64, and a frame is shown for 0.1 s
        assert all(
            abs(frame.pts_seconds - middle) <= 10 / 64 + 0.1 for frame, middle in zip(clip.frames, middles, strict=True)
        )


def test_too_little_is_never_left_at_the_end(tmp_path: Path) -> None:
    """11 s with a change at 10.5 s: the cut leaves the last clip its 2 s at least."""
    made = clips(make_video(tmp_path / "rest", replace(TINY, num_frames=110, cut_every=105)), WINDOWS)
    assert len(made) == 2
    assert made[1].header.end_seconds - made[1].header.start_seconds >= 2.0


def test_clips_over_the_most_are_one_drop(tmp_path: Path) -> None:
    """40 s are cut at 7 s and 14 s; after these two clips 26 s are left, so 3 more clips of at most 10 s: 5 in all."""
    path = make_video(tmp_path / "many", LONG)
    video, drop = outcomes(path, WINDOWS.model_copy(update={"max_clips": 2}))
    assert isinstance(video, DecodedVideo)
    assert isinstance(drop, Drop)
    assert len(video.clips) == 2
    assert (drop.reason, drop.item_type, drop.measured, drop.limit) == (
        DropReason.OVER_MAX_CLIPS,
        ItemType.CLIP,
        5,
        2,
    )


def test_pictures_held_for_minutes_are_no_hindrance(tmp_path: Path) -> None:
    """Ten lively seconds, then one picture for 5 minutes: the lively clip stays, the others are drops."""
    ticks = (*(100 * n for n in range(100)), 310_000)
    path = make_video(tmp_path / "held", replace(TINY, num_frames=101, ticks=ticks))
    video, *drops = outcomes(path, DecodeVideo())
    assert isinstance(video, DecodedVideo)
    assert len(video.clips) == 1
    assert all(isinstance(drop, Drop) and drop.reason is DropReason.TOO_FEW_FRAMES for drop in drops)


@pytest.mark.slow(10)
def test_half_an_hour_becomes_clips(tmp_path: Path) -> None:
    """30 minutes give at least 15 clips of at most 120 s that follow each other without a gap."""
    spec = VideoSpec(codec="mpeg4", width=32, height=32, fps=10, num_frames=18_000, gop=100, cut_every=930)
    made = clips(make_video(tmp_path / "film", spec), DecodeVideo(max_clips=40))
    edges = [(clip.header.start_seconds, clip.header.end_seconds) for clip in made]
    assert edges[0][0] == 0
    assert edges[-1][1] == pytest.approx(1800)
    assert all(b[0] == a[1] for a, b in pairwise(edges))
    assert len(edges) >= 15
    assert all(end - start <= 120 for start, end in edges)
    assert all(len(clip.frames) == 32 for clip in made)
    # the first change after 60 s is the one at 93 s
    assert edges[0][1] == 93
