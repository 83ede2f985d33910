"""The Ray run of fakes: the same bytes as the local run, each operator with its own resources, no hang."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import ray
from numpy.random import Generator

from pipeline.engine.ray_run import run_on_ray
from pipeline.engine.settings import Engine
from pipeline.engine.video_task import StageBugError
from schemas.drop import Drop, ItemType
from schemas.errors import CapError
from stages.payloads import DecodedVideo, GroundedVideo, VideoFile, WrittenVideo
from tests.pipeline.fakes import FakeDecode, FakeGenerate, FakeGround, FakeVerify, fake_chain
from tests.pipeline.runs import make_videos, run_fakes, shard_hashes, unit_states

pytestmark = [
    pytest.mark.ray,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),  # Ray's own, about itself
]


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """A cluster of its own: two CPUs, and a GPU that is only a number."""
    ray.init(address="local", num_cpus=2, num_gpus=1, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@pytest.mark.parametrize("workers", [1, 2])
def test_the_same_bytes_as_the_local_run(tmp_path: Path, workers: int) -> None:
    """Every shard has the SHA-256 that the local run gives it, and so has every unit."""
    videos = make_videos(tmp_path / "videos", 8)
    (videos / "bad.mp4").write_bytes(b"bad")
    local = run_fakes(videos, tmp_path / "local")
    on_ray = run_fakes(videos, tmp_path / "ray", run=run_on_ray, engine=Engine(workers=workers))
    assert shard_hashes(on_ray) == shard_hashes(local)
    assert on_ray.account == local.account
    contents = [{name: state[1] for name, state in unit_states(tmp_path / out).items()} for out in ("local", "ray")]
    assert contents[0] == contents[1]


def test_a_gpu_lands_on_ground_alone(tmp_path: Path) -> None:
    """With one GPU for ground, ground's worker sees device 0 and every other worker sees none."""
    seen = str(tmp_path)
    chain = replace(
        fake_chain(),
        decode=_SeenDecode(seen=seen),
        ground=_SeenGround(seen=seen),
        generate=_SeenGenerate(seen=seen),
        verify=_SeenVerify(seen=seen),
    )
    videos = make_videos(tmp_path / "videos", 2)
    run_fakes(videos, tmp_path / "ds", run=run_on_ray, engine=Engine(workers=1, ground_gpus=1), chain=chain)
    devices = {name: (tmp_path / name).read_text() for name in ("decode", "ground", "generate", "verify")}
    assert devices == {"decode": "", "ground": "0", "generate": "", "verify": ""}


def test_a_bug_stops_the_run_and_names_stage_and_item(tmp_path: Path) -> None:
    """What a stage should never raise stops a Ray run as it does a local one."""
    videos = make_videos(tmp_path / "videos", 3)
    (videos / "zzz.mp4").write_bytes(b"bug")
    with pytest.raises(StageBugError, match=r"decode failed on zzz\.mp4: .*fails as none should"):
        run_fakes(videos, tmp_path / "ds", run=run_on_ray)


def test_a_worker_that_dies_of_a_video_stops_the_run_and_names_it(tmp_path: Path) -> None:
    """A video whose stage kills its worker process is tried three times, never for ever."""
    chain = replace(fake_chain(), ground=_DeadlyGround())
    with pytest.raises(StageBugError, match=r"ground failed on 000\.mp4: the worker died 3 times"):
        run_fakes(make_videos(tmp_path / "videos", 1), tmp_path / "ds", run=run_on_ray, chain=chain)


def test_a_run_of_which_most_videos_fail_stops(tmp_path: Path) -> None:
    """Twenty videos that all end the decoder."""
    (tmp_path / "videos").mkdir()
    for number in range(20):
        (tmp_path / "videos" / f"{number}.mp4").write_bytes(f"crash {number}".encode())
    with pytest.raises(CapError, match="20 of 20 videos failed"):
        run_fakes(tmp_path / "videos", tmp_path / "ds", run=run_on_ray)


@pytest.mark.slow
def test_300_rows_of_2_mb_do_not_hang_on_2_cpus(tmp_path: Path) -> None:
    """Six operators on two CPUs pass 300 rows of 4 x 500 kB; pools that ask for too much would pass none."""
    videos = make_videos(tmp_path / "videos", 300)
    chain = fake_chain(frame_bytes=500_000)
    account = run_fakes(videos, tmp_path / "ds", run=run_on_ray, chain=chain).account
    line = account.line(ItemType.VIDEO)
    assert line is not None
    assert line.produced == 300
    assert len(unit_states(tmp_path / "ds")) == 300


def _tell(folder: str, name: str) -> None:
    (Path(folder) / name).write_text(os.environ.get("CUDA_VISIBLE_DEVICES", ""))


class _SeenDecode(FakeDecode):
    """Tells which GPUs it sees."""

    seen: str

    def process(self, item: VideoFile, rng: Generator, /) -> Iterator[DecodedVideo | Drop]:
        _tell(self.seen, "decode")
        yield from super().process(item, rng)


class _SeenGround(FakeGround):
    """Tells which GPUs it sees."""

    seen: str

    def process(self, item: DecodedVideo, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        _tell(self.seen, "ground")
        yield from super().process(item, rng)


class _SeenGenerate(FakeGenerate):
    """Tells which GPUs it sees."""

    seen: str

    def process(self, item: GroundedVideo, rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        _tell(self.seen, "generate")
        yield from super().process(item, rng)


class _SeenVerify(FakeVerify):
    """Tells which GPUs it sees."""

    seen: str

    def process(self, item: WrittenVideo, rng: Generator, /) -> Iterator[WrittenVideo | Drop]:
        _tell(self.seen, "verify")
        yield from super().process(item, rng)


class _DeadlyGround(FakeGround):
    """Ends the process that it runs in, as a broken native library would."""

    def process(self, item: DecodedVideo, rng: Generator, /) -> Iterator[GroundedVideo | Drop]:
        yield from super().process(item, rng)
        os._exit(1)
