"""The child process, which runs `pipeline.child.program`: results come back whole, and its end is at most a drop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from pipeline.child.channel import SHARED_BYTES
from pipeline.child.limits import ChildLimits
from pipeline.child.process import ChildBugError, ChildProcess
from schemas.drop import DropReason
from stages.cut import CutSegments
from stages.decode import DecodeVideo, decode_frames
from stages.payloads import VideoFile
from stages.seeding import rng_for
from stages.stage import read_here
from stages.video.unusable import UnusableVideo
from tests.pipeline.child import functions
from tests.stages.test_cut import group, request, seconds
from tests.videos import KINDS, flipped, make_video

pytestmark = [pytest.mark.slow(20), pytest.mark.process, pytest.mark.video]

RNG = rng_for(0, "decode", "item")


@pytest.fixture
def child() -> Iterator[ChildProcess]:
    limits = ChildLimits(cpu_seconds=1.0, resident_bytes=600 * 2**20, stall_seconds=3.0)
    with ChildProcess(limits) as child:
        yield child


def test_clips_are_those_of_the_stage(child: ChildProcess, tmp_path: Path) -> None:
    """What a stage reads through the child for a video is what it reads here."""
    item = VideoFile(make_video(tmp_path / "clip", KINDS["h264_b_pyramid"]), "ab" * 32)
    assert list(DecodeVideo().process(item, child.read, RNG)) == list(DecodeVideo().process(item, read_here, RNG))


def test_raw_frames_are_those_of_decode_frames(child: ChildProcess, tmp_path: Path) -> None:
    """Raw pixels come back bit-equal, with times and facts."""
    path = make_video(tmp_path / "clip", KINDS["hevc_10_bit"])
    here, there = decode_frames(path), child.decode_frames(path)
    assert np.array_equal(here.frames_NHWC, there.frames_NHWC)
    assert (here.pts_seconds, here.facts) == (there.pts_seconds, there.facts)


def test_pixels_stay_as_they_came(child: ChildProcess, tmp_path: Path) -> None:
    """What a caller keeps, a mere view of it too, is not written over by the next videos, nor lost with the child."""
    path = make_video(tmp_path / "clip", KINDS["h264_b_pyramid"])
    frames = [decode_frames(path, at_seconds=[second]).frames_NHWC[0] for second in (0.5, 1.0, 1.5)]
    given = [child.decode_frames(path, at_seconds=[second]).frames_NHWC[0] for second in (0.5, 1.0, 1.5)]
    child.close()
    assert not np.array_equal(frames[0], frames[1])
    assert all(np.array_equal(here, there) for here, there in zip(frames, given, strict=True))


def test_memory_of_pixels_serves_again(child: ChildProcess, tmp_path: Path) -> None:
    """Once nothing shows the last pixels, the next ones lie where they lay, fewer ones too; many more get new memory,
    and so do a few after many.
    """
    path = make_video(tmp_path / "clip", KINDS["h264_b_pyramid"])

    def place(count: int) -> int:
        return int(child.decode_frames(path, num_frames=count).frames_NHWC.ctypes.data)

    first = place(4)
    assert place(4) == place(2) == first
    held = child.decode_frames(path, num_frames=4)
    assert held.frames_NHWC.ctypes.data == first != place(4)
    room = child.decode_frames(path, num_frames=40).frames_NHWC
    assert np.array_equal(room, decode_frames(path, num_frames=40).frames_NHWC)
    few = child.decode_frames(path, num_frames=1).frames_NHWC
    assert np.array_equal(few, decode_frames(path, num_frames=1).frames_NHWC)


def test_a_damaged_file_gives_the_frames_that_it_gives_here(child: ChildProcess, tmp_path: Path) -> None:
    """The plan breaks on the way, so that frames are made anew, by decoding in order, in the memory begun with."""
    path = flipped(make_video(tmp_path / "clip", replace(KINDS["h264_b_pyramid"], num_frames=100)))
    assert np.array_equal(child.decode_frames(path).frames_NHWC, decode_frames(path).frames_NHWC)


def test_pixels_that_are_too_many_to_keep_come_whole(
    child: ChildProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory above the size that is reused is let go here, and made anew by the child."""
    monkeypatch.setattr("pipeline.child.channel.REUSED_BYTES", 1000)
    path = make_video(tmp_path / "clip", KINDS["h264_b_pyramid"])
    expected = decode_frames(path, num_frames=4).frames_NHWC
    for _ in range(2):
        assert np.array_equal(child.decode_frames(path, num_frames=4).frames_NHWC, expected)


def test_an_unusable_video_is_told_as_such(child: ChildProcess, tmp_path: Path) -> None:
    """decode_frames through the child raises as it does here."""
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(UnusableVideo) as caught:
        child.decode_frames(tmp_path / "empty.mp4")
    assert caught.value.reason is DropReason.EMPTY_FILE


@pytest.mark.parametrize("size", [0, 1, SHARED_BYTES - 1000, SHARED_BYTES, SHARED_BYTES + 1, 2 * SHARED_BYTES + 7])
def test_results_of_any_size_come_whole(size: int, child: ChildProcess) -> None:
    """Results below, at and above the size of the shared memory arrive byte for byte."""
    assert child.read(functions.echo, "0123456789", size=size) == functions.echo("0123456789", size)


def test_one_process_takes_job_after_job(child: ChildProcess) -> None:
    """The process stays warm: two jobs run in the same one, and not in this one."""
    first, second = (child.read(functions.process_id) for _ in range(2))
    assert first == second == child.process_id
    assert first != os.getpid()


def test_the_process_is_replaced_after_its_jobs() -> None:
    """With a life of two jobs, the third runs in another process."""
    with ChildProcess(ChildLimits(jobs=2)) as child:
        ids = [child.read(functions.process_id) for _ in range(3)]
    assert ids[0] == ids[1] != ids[2]


def test_unusable_videos_count_as_jobs_too() -> None:
    """With a life of two jobs, there is no process left after two videos that cannot be used."""
    with ChildProcess(ChildLimits(jobs=2)) as child:
        for _ in range(2):
            with pytest.raises(UnusableVideo):
                child.read(functions.refuse)
        assert child.process_id is None


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (functions.crash, DropReason.CHILD_CRASHED),
        (functions.compute, DropReason.CHILD_CPU_LIMIT),
        (functions.take_more_and_more, DropReason.CHILD_MEMORY_LIMIT),
        (functions.take_too_much, DropReason.CHILD_MEMORY_LIMIT),
        (functions.wait, DropReason.CHILD_STALLED),
    ],
)
def test_what_ends_the_child_makes_the_video_unusable(
    function: Callable[[], object], reason: DropReason, child: ChildProcess
) -> None:
    """A crash or a limit has a reason of its own, without figures, and the next job is done as ever."""
    with pytest.raises(UnusableVideo) as caught:
        child.read(function)
    drop = caught.value.drop("0123456789abcdef" * 4, "decode")
    assert (drop.reason, drop.measured, drop.limit, drop.item_id) == (reason, None, None, "0123456789abcdef")
    assert child.read(functions.echo, "0123456789", 5) == b"01234"


def test_a_crash_is_tried_once_more(child: ChildProcess, tmp_path: Path) -> None:
    """A job that crashes the child once, and not again, gives its result."""
    assert child.read(functions.crash_once, tmp_path / "marker") == "survived"


def test_an_unusable_video_keeps_its_reason(child: ChildProcess) -> None:
    """What a function finds unusable is raised here with its measured value, and the child lives on."""
    before = child.read(functions.process_id)
    with pytest.raises(UnusableVideo) as caught:
        child.read(functions.refuse)
    assert (caught.value.reason, caught.value.measured, caught.value.limit) == (DropReason.TOO_SHORT, 1.0, 2.0)
    assert child.read(functions.process_id) == before


def test_cpu_time_is_counted_for_each_job(child: ChildProcess) -> None:
    """A child that has used more than one job's CPU time over its life goes on: the start alone takes a good part."""
    for _ in range(3):
        child.read(functions.process_id)
    assert child.cpu_seconds() > 0
    assert child.read(functions.process_id) == child.process_id


def test_a_bug_in_the_child_is_a_bug_here(child: ChildProcess) -> None:
    """An error that a stage must not raise arrives with the child's traceback, and is not a drop."""
    with pytest.raises(ChildBugError, match="a bug of the stage"):
        child.read(functions.fail)


def test_a_child_killed_between_jobs_is_no_jobs_fault(child: ChildProcess) -> None:
    """If the process ended while it had nothing to do, the next job gets a new one."""
    os.kill(child.read(functions.process_id), signal.SIGKILL)
    time.sleep(0.1)
    assert child.read(functions.echo, "0123456789", 3) == b"012"


def test_closing_leaves_no_process() -> None:
    """After the with block the process is gone."""
    with ChildProcess() as child:
        process_id = child.read(functions.process_id)
    assert not psutil.pid_exists(process_id)


PARENT = """
import sys
from pipeline.child.process import ChildProcess
from tests.pipeline.child import functions
child = ChildProcess()
print(child.read(functions.process_id), flush=True)
if sys.argv[1] == "busy":
    child.read(functions.compute)
sys.stdin.read()
"""


@pytest.mark.parametrize("state", ["idle", "busy"])
def test_a_killed_parent_takes_its_child_along(state: str) -> None:
    """After a SIGKILL of the parent, busy or idle, the child ends; its shared memory never had a name to stay under."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, state], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    assert parent.stdin is not None
    process = psutil.Process(int(parent.stdout.readline()))
    shared = [part.path for part in process.memory_maps() if part.path.startswith(("/dev/shm", "/memfd"))]  # noqa: S108 only looked at
    parent.kill()
    parent.wait()
    parent.stdout.close()
    parent.stdin.close()
    gone, alive = psutil.wait_procs([process], timeout=30)
    assert (len(gone), len(alive)) == (1, 0)
    assert shared == ["/memfd:frames"]


def test_segments_are_those_of_the_stage(child: ChildProcess, tmp_path: Path) -> None:
    """What the child cuts for groups is what the stage cuts here."""
    item = request(make_video(tmp_path / "clip", KINDS["h264_b_pyramid"]), [group("g", seconds(0.5, 2.5))])
    assert list(CutSegments().process(item, child.read, RNG)) == list(CutSegments().process(item, read_here, RNG))
