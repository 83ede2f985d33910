"""An --out is written by one build at a time, and may turn out to be too small."""

import errno
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from pipeline.storage.location import Location
from pipeline.work.folder import open_work_folder
from schemas.errors import OutputError
from tests.pipeline.runs import IDENTITY, make_videos, run_fakes, shard_hashes, unit_states


@pytest.mark.process
def test_a_second_build_on_one_out_is_refused_until_the_first_one_is_gone(tmp_path: Path) -> None:
    """Another process holds the folder: one line says so and no unit is made; the lock goes with the process, killed
    or not.
    """
    context = multiprocessing.get_context("spawn")
    holds = context.Event()
    other = context.Process(target=_hold, args=(str(tmp_path / "ds"), holds))
    other.start()
    videos = make_videos(tmp_path / "videos", 1)
    assert holds.wait(60)
    with pytest.raises(OutputError, match="is being written by another run") as refused:
        run_fakes(videos, tmp_path / "ds")
    assert "\n" not in str(refused.value)
    assert unit_states(tmp_path / "ds") == {}
    other.kill()
    other.join(60)
    run_fakes(videos, tmp_path / "ds")
    assert len(unit_states(tmp_path / "ds")) == 1


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int | None], None]]:
    """A function that lets N more files reach the disk; None lets all of them."""
    real, left = os.fsync, [-1]

    def fsync(handle: int) -> None:
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        left[0] -= 1
        real(handle)

    def allow(count: int | None) -> None:
        left[0] = -1 if count is None else count

    monkeypatch.setattr("pipeline.storage.location.os.fsync", fsync)
    return allow


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The shards of three videos that were built in one go."""
    folder = tmp_path_factory.mktemp("whole")
    return shard_hashes(run_fakes(make_videos(folder / "videos", 3), folder / "ds"))


@pytest.mark.process
@pytest.mark.parametrize("writes", [1, 4, 7, 10, 13, 16])
def test_a_full_disk_is_one_line_and_the_build_goes_on_later(
    tmp_path: Path, disk: Callable[[int | None], None], whole: dict[str, str], writes: int
) -> None:
    """Whichever file no longer fits (hashes, units, shards): OutputError, nothing half written, then the same set."""
    videos = make_videos(tmp_path / "videos", 3)
    disk(writes)
    with pytest.raises(
        OutputError, match=r"cannot be written: No space left|: the disk is full; make room"
    ) as full_disk:
        run_fakes(videos, tmp_path / "ds")
    assert "\n" not in str(full_disk.value)
    assert not (tmp_path / "ds" / "dataset.json").exists()
    disk(None)
    assert shard_hashes(run_fakes(videos, tmp_path / "ds")) == whole


def _hold(out: str, holds: Event) -> None:
    with open_work_folder(Location.parse(out), IDENTITY):
        holds.set()
        time.sleep(120)
