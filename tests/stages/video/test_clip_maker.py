"""Frames become clips in one pass; a clip never holds pictures of two sizes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.drop import DropReason
from stages.video.clip_maker import ClipMaker, ClipSettings
from stages.video.open_video import OpenVideo, open_video
from stages.video.pieces import Piece, SizeChanged, pieces_of_one_size, whole_video
from tests.odd_videos import Counted, joined, write

pytestmark = pytest.mark.video


def made(path: Path, pieces: Callable[[OpenVideo], list[Piece]], settings: ClipSettings) -> ClipMaker:
    """What becomes of a video."""
    with open_video(path) as video:
        maker = ClipMaker("ab" * 32, video, pieces(video), settings)
        maker.make()
    return maker


@pytest.fixture
def two_sizes(tmp_path: Path) -> Path:
    """60 frames of 128 x 96, then 30 of 128 x 200, at 25 a second: 2.4 s and 1.2 s."""
    return joined(
        tmp_path / "both.ts",
        write(tmp_path / "a.ts", Counted(60)),
        write(tmp_path / "b.ts", Counted(30, height=200)),
    )


def test_a_change_of_size_within_a_piece_is_an_error(two_sizes: Path) -> None:
    """The caller then cuts the video where its size changes."""
    with pytest.raises(SizeChanged):
        made(two_sizes, lambda video: [whole_video(video)], ClipSettings())


def test_a_piece_that_is_too_short_is_left_out_with_its_length(two_sizes: Path) -> None:
    """At least 2 s: the first piece is a clip, the second one is left out for its 1.2 s. From 1 s on both are clips."""
    maker = made(two_sizes, pieces_of_one_size, ClipSettings())
    assert [(clip.header.width, clip.header.height) for clip in maker.clips] == [(128, 96)]
    [(_, why)] = maker.left_out
    assert (why.reason, why.measured) == (DropReason.TOO_SHORT, pytest.approx(1.2))
    both = made(two_sizes, pieces_of_one_size, ClipSettings(min_duration_seconds=1.0))
    assert [clip.header.height for clip in both.clips] == [96, 200]
    assert both.left_out == []


def test_a_long_video_becomes_no_more_clips_than_it_may(tmp_path: Path) -> None:
    """4 s in clips of at most 1 s are at least four; only the first two are made."""
    path = write(tmp_path / "long.mp4", Counted(100))
    settings = ClipSettings(max_clip_seconds=1.0, max_clips=2, num_frames=4, min_frames=4)
    maker = made(path, lambda video: [whole_video(video)], settings)
    assert len(maker.clips) == 2
    assert maker.clips_in_all >= 4
    assert all(len(clip.frames) == 4 for clip in maker.clips)
    assert all(clip.header.end_seconds - clip.header.start_seconds <= 1.0 for clip in maker.clips)
