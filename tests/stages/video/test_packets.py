"""The packet plan feeds no more than it has to."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stages.video.open_video import open_video
from stages.video.packets import Run
from tests.videos import KINDS, X264, make_video

pytestmark = pytest.mark.video


def test_only_the_stretch_up_to_the_frame_is_fed(tmp_path: Path) -> None:
    """With an entry every 10 frames and no B-frames, frame 23 takes packets 20 to 23, and frames 3 and 23 two runs."""
    path = make_video(tmp_path / "gops", replace(X264, gop=10, num_frames=40))
    with open_video(path) as video:
        assert video.index.runs([23]) == [Run(20, 23)]
        assert np.flatnonzero(video.index.fed_P([3, 23])).tolist() == [0, 1, 2, 3, 20, 21, 22, 23]


def test_stretches_that_touch_are_fed_without_a_flush(tmp_path: Path) -> None:
    """Frame 9 ends where frame 10's entry begins: one run."""
    path = make_video(tmp_path / "touching", replace(X264, gop=10, num_frames=40))
    with open_video(path) as video:
        assert video.index.runs([9, 10]) == [Run(0, 10)]


@pytest.mark.parametrize("kind", ["h264_long_gop", "hevc_10_bit", "hevc_temporal_layers"])
def test_frames_that_nothing_leans_on_are_not_fed(kind: str, tmp_path: Path) -> None:
    """The last frame of a stretch with B-frames takes at most 70 % of the packets before it."""
    with open_video(make_video(tmp_path / kind, KINDS[kind])) as video:
        last = len(video.times_F) - 1
        assert video.index.droppable_P.any()
        (run,) = video.index.runs([last])
        assert video.index.fed_P([last]).sum() <= 0.7 * (run.last - run.first + 1)


def test_every_frame_wanted_feeds_every_packet(tmp_path: Path) -> None:
    """Wanting all frames leaves nothing out, not even what nothing leans on."""
    with open_video(make_video(tmp_path / "all", KINDS["h264_b_pyramid"])) as video:
        assert video.index.fed_P(range(len(video.times_F))).all()


def test_an_encoder_that_refreshes_bit_by_bit_is_entered_once(tmp_path: Path) -> None:
    """With intra refresh no packet but the first shows a whole picture by itself, whatever the container marks."""
    with open_video(make_video(tmp_path / "refresh", KINDS["h264_intra_refresh"])) as video:
        assert set(video.index.entry_F.tolist()) == {0}
