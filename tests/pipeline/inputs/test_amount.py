"""How long a folder of videos is said to take."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.child.limits import ChildLimits
from pipeline.inputs.amount import VIDEO_SECONDS_PER_CPU_SECOND, estimate
from pipeline.inputs.videos import find_videos
from tests.videos import X264, make_video

pytestmark = [pytest.mark.process, pytest.mark.video]


def test_a_sample_tells_of_the_whole_folder(tmp_path: Path) -> None:
    """Of sixty videos of 2 s and one that is none, 61 / 20 rounded up says that every fourth is measured: sixteen, the
    last of which is none. Fifteen videos are 30 s, and the others as long as their bytes say: about 120 s in all.
    """
    folder = tmp_path / "videos"
    folder.mkdir()
    for seed in range(6):
        video = make_video(tmp_path / f"made{seed}", replace(X264, num_frames=50, seed=seed))
        for number in range(10):
            (folder / f"{seed}-{number}.mp4").write_bytes(video.read_bytes())
    (folder / "9.mp4").write_text("no video")
    found = estimate(find_videos(str(folder)), ChildLimits())
    sizes = [path.stat().st_size for path in sorted(folder.iterdir())]
    assert found.videos == 61
    assert found.video_seconds == pytest.approx(30 * sum(sizes) / sum(sizes[:60:4]))
    assert found.video_seconds == pytest.approx(120, rel=0.05)
    assert found.cpu_seconds == pytest.approx(found.video_seconds / VIDEO_SECONDS_PER_CPU_SECOND)
    assert str(found) == "61 videos, about 0.03 hours of video"


def test_a_folder_without_a_video_that_can_be_read_takes_no_time(tmp_path: Path) -> None:
    """Nothing is divided by nothing."""
    (tmp_path / "a.mp4").write_text("no video")
    assert estimate(find_videos(str(tmp_path)), ChildLimits()).video_seconds == 0


def test_the_throughput_is_about_what_was_measured() -> None:
    """`make bench` leaves its figure beside the benchmarks; the constant is within a factor of two of it."""
    measured = json.loads((Path(__file__).parents[2] / "benchmarks" / "results" / "throughput.json").read_text())
    assert 1 / 2 <= measured["video-hours per core-hour"] / VIDEO_SECONDS_PER_CPU_SECOND <= 2
