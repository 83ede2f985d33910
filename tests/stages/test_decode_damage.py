"""Files that are not as they should be: a drop with its reason, or what decodes; never an error, never a guess."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from schemas.drop import Drop, DropReason, ItemType
from stages.decode import DecodeVideo, decode_frames
from stages.payloads import DecodedVideo, VideoFile
from stages.seeding import rng_for
from stages.stage import read_here
from stages.video import open_video as frames_module
from tests.stages.test_decode_exact import in_order
from tests.videos import KINDS, X264, flipped, make_audio_only, make_video, truncated, without_duration

pytestmark = pytest.mark.video

THREE_SECONDS = replace(X264, b_frames=2)


def decoded(path: Path, stage: DecodeVideo | None = None) -> DecodedVideo | Drop:
    """The one thing that comes of a file; that a clip of it was dropped on the way is left aside."""
    outcomes = (stage or DecodeVideo()).process(VideoFile(path, "ab" * 32), read_here, rng_for(0, "decode", "ab"))
    (out,) = (o for o in outcomes if not (isinstance(o, Drop) and o.item_type is ItemType.CLIP))
    return out


def empty(folder: Path) -> Path:
    (folder / "empty.mp4").write_bytes(b"")
    return folder / "empty.mp4"


def text(folder: Path) -> Path:
    (folder / "text.mp4").write_text("This is not a video.\n" * 50)
    return folder / "text.mp4"


def playlist(folder: Path) -> Path:
    """A text that FFmpeg takes for a playlist of another file."""
    make_video(folder / "other", THREE_SECONDS)
    (folder / "list.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttp://127.0.0.1:9/other.ts\n")
    return folder / "list.mp4"


def without_index(folder: Path) -> Path:
    """The index (moov) lies at the end of the file, which is cut off."""
    return truncated(make_video(folder / "late_index", THREE_SECONDS), 0.7)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (empty, DropReason.EMPTY_FILE),
        (text, DropReason.UNDECODABLE),
        (playlist, DropReason.UNDECODABLE),
        (without_index, DropReason.UNDECODABLE),
        (lambda folder: make_audio_only(folder / "audio.mp4"), DropReason.NO_VIDEO_STREAM),
        (lambda folder: make_video(folder / "one", KINDS["one_frame"]), DropReason.TOO_SHORT),
        (lambda folder: make_video(folder / "few", replace(X264, fps=1, num_frames=5)), DropReason.TOO_FEW_FRAMES),
    ],
)
def test_a_file_that_yields_nothing_is_a_drop(made: Callable[[Path], Path], reason: DropReason, tmp_path: Path) -> None:
    """Each kind of unusable file is dropped for its own reason, under the id that its content gives it."""
    drop = decoded(made(tmp_path))
    assert isinstance(drop, Drop)
    assert (drop.reason, drop.item_id, drop.stage) == (reason, "ab" * 8, "decode")


def test_too_short_tells_the_measured_value(tmp_path: Path) -> None:
    """1.5 s at a limit of 2 s: both are in the drop."""
    drop = decoded(make_video(tmp_path / "short", replace(X264, fps=10, num_frames=15)))
    assert isinstance(drop, Drop)
    assert (drop.reason, drop.measured, drop.limit) == (DropReason.TOO_SHORT, 1.5, 2.0)


def test_a_file_that_may_not_be_read_is_a_drop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PermissionError, from the file system or from FFmpeg, is UNREADABLE (tests may run as root: a fake raises)."""
    path = make_video(tmp_path / "secret", THREE_SECONDS)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(frames_module.av, "open", refuse)
    drop = decoded(path)
    assert isinstance(drop, Drop)
    assert drop.reason is DropReason.UNREADABLE


def test_a_truncated_file_gives_the_frames_that_it_has(tmp_path: Path) -> None:
    """With the index first, the frames before the cut come, bit-equal to decoding in order, and the end is theirs."""
    whole = make_video(tmp_path / "whole", replace(THREE_SECONDS, container_options={"movflags": "faststart"}))
    short = truncated(whole, 0.7)
    reference = dict(in_order(whole))
    result = decode_frames(short, num_frames=10)
    assert 1.5 < result.facts.end_seconds < 2.5
    assert result.facts.duration_seconds_from_header == 3.0
    assert all(np.array_equal(reference[t], p) for t, p in zip(result.pts_seconds, result.frames_NHWC, strict=True))


def test_flipped_bytes_give_the_same_frames_every_time_and_none_that_is_corrupt(tmp_path: Path) -> None:
    """Frames of a damaged file that the decoder marks corrupt are left out, and two runs agree bit for bit."""
    damaged = flipped(make_video(tmp_path / "damaged", replace(THREE_SECONDS, num_frames=100)))
    first, second = decode_frames(damaged), decode_frames(damaged)
    assert np.array_equal(first.frames_NHWC, second.frames_NHWC)
    with frames_module.open_video(damaged) as video:
        numbers = range(len(video.times_F))
        assert not any(
            frame.is_corrupt for _, frame in video.attempt(lambda: list(video.frames(numbers[: len(video.times_F)])))
        )


@pytest.mark.parametrize("seed", range(12))
def test_no_damage_ends_in_an_error(seed: int, tmp_path: Path) -> None:
    """Wherever bytes are flipped, headers included, a file gives clips or a drop."""
    kind = ("h264_b_pyramid", "hevc_10_bit", "mpeg4_b_frames", "vp9")[seed % 4]
    damaged = flipped(make_video(tmp_path / kind, KINDS[kind]), first=0.0, last=1.0, flips=25, seed=seed)
    assert isinstance(decoded(damaged), DecodedVideo | Drop)


def test_a_header_without_duration_is_no_hindrance(tmp_path: Path) -> None:
    """A duration of 0 s in the header is kept as it is; the measured one is 3 s."""
    out = decoded(without_duration(make_video(tmp_path / "timeless", THREE_SECONDS)))
    assert isinstance(out, DecodedVideo)
    (clip,) = out.clips
    assert clip.header.duration_seconds_measured == pytest.approx(3.0)
    assert len(clip.frames) == 32


def test_a_portrait_of_8k_is_decoded(tmp_path: Path) -> None:
    """4320 x 7680 pixels come down to the short side asked for, in either stream."""
    huge = make_video(
        tmp_path / "huge", replace(X264, width=4320, height=7680, fps=4, num_frames=9, options={"preset": "ultrafast"})
    )
    out = decoded(huge, DecodeVideo(num_frames=2))
    assert isinstance(out, DecodedVideo)
    assert (out.clips[0].header.width, out.clips[0].header.height) == (4320, 7680)
