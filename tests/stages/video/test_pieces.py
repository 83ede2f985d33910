"""A video is cut where its pictures change their size."""

from pathlib import Path

import pytest

from stages.video.open_video import open_video
from stages.video.pieces import pieces_of_one_size, whole_video
from tests.odd_videos import Counted, joined, write
from tests.videos import X264, make_video

pytestmark = pytest.mark.video


def test_a_video_of_one_size_is_one_piece(tmp_path: Path) -> None:
    """All of its 75 frames, over its 3 s."""
    with open_video(make_video(tmp_path / "clip", X264)) as video:
        assert pieces_of_one_size(video) == [whole_video(video)]
        [piece] = pieces_of_one_size(video)
    assert (piece.first, piece.end) == (0, 75)
    assert piece.end_seconds - piece.start_seconds == pytest.approx(3.0)


def test_pieces_touch_where_the_size_changes(tmp_path: Path) -> None:
    """60 frames of 128 x 96 and 40 of 128 x 200, at 25 a second: 2.4 s and 1.6 s."""
    parts = (write(tmp_path / "a.ts", Counted(60)), write(tmp_path / "b.ts", Counted(40, height=200)))
    with open_video(joined(tmp_path / "both.ts", *parts)) as video:
        first, second = pieces_of_one_size(video)
        whole = whole_video(video)
    assert (first.first, first.end, second.first, second.end) == (0, 60, 60, 100)
    assert (first.start_seconds, second.end_seconds) == (whole.start_seconds, whole.end_seconds)
    assert first.end_seconds == second.start_seconds
    assert first.end_seconds - first.start_seconds == pytest.approx(2.4)
