"""The Ray run of fakes: the same bytes as the local run, each operator with its own resources, no hang."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import ray

from pipeline.endpoint.settings import Budget
from pipeline.engine.ray_processes import no_process_left
from pipeline.engine.ray_run import run_on_ray
from pipeline.engine.settings import Engine, StepResources
from pipeline.engine.video_task import StageBugError
from pipeline.scripted.process import scripted_server
from pipeline.scripted.settings import ServerSettings
from schemas.dataset import DatasetManifest
from schemas.drop import ItemType
from schemas.errors import CapError
from tests.finished import write_set
from tests.pipeline.asking_stage import QUESTIONS
from tests.pipeline.asking_steps import build_asking, server_stats
from tests.pipeline.dataset.test_shards_elsewhere import documented
from tests.pipeline.engine.odd_fakes import DeadlyGround, SeenDecode, SeenGenerate, SeenGround, SeenVerify
from tests.pipeline.fakes import FakeDecode, fake_steps
from tests.pipeline.runs import make_videos, run_fakes, shard_hashes, unit_states

pytestmark = [
    pytest.mark.ray,
    pytest.mark.slow(90),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:ray"),  # Ray's own, about itself
]


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """A cluster of its own: two CPUs, and a GPU that is only a number."""
    with no_process_left():
        ray.init(address="local", num_cpus=2, num_gpus=1, include_dashboard=False, log_to_driver=False)
        yield
        ray.shutdown()


KEY = "planted-key-1234"


@dataclass(frozen=True)
class Build:
    """A finished build by the fakes."""

    folder: Path
    manifest: DatasetManifest

    def unit_hashes(self) -> dict[str, str]:
        """SHA-256 of every unit by name."""
        return {name: digest for name, (_, digest) in unit_states(self.folder).items()}


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight videos and a bad one."""
    videos = make_videos(tmp_path_factory.mktemp("ray_run") / "videos", 8)
    (videos / "bad.mp4").write_bytes(b"bad")
    return videos


@pytest.fixture(scope="module")
def local(videos: Path) -> Build:
    """What a local run makes of them."""
    return Build(videos.parent / "local", run_fakes(videos, videos.parent / "local"))


@pytest.fixture(scope="module", params=[1, 2], ids="{} workers".format)
def on_ray(videos: Path, request: pytest.FixtureRequest) -> Build:
    """What one worker, or two, make of them on Ray, with a GPU for ground; each worker writes down the GPUs it sees."""
    folder = videos.parent / f"ray{request.param}"
    seen = videos.parent / f"seen{request.param}"
    seen.mkdir()
    steps = fake_steps(
        decode=SeenDecode(seen=str(seen)),
        ground=SeenGround(seen=str(seen)),
        generate=SeenGenerate(seen=str(seen)),
        verify=SeenVerify(seen=str(seen)),
    )
    engine = Engine(workers=request.param, steps={"ground": StepResources(num_gpus=1 / request.param)})
    return Build(folder, run_fakes(videos, folder, run=run_on_ray, engine=engine, steps=steps))


def test_the_same_bytes_as_the_local_run(local: Build, on_ray: Build) -> None:
    """Every shard has the SHA-256 that the local run gives it, and so has every unit."""
    assert shard_hashes(on_ray.manifest) == shard_hashes(local.manifest)
    assert on_ray.manifest.account == local.manifest.account
    assert on_ray.unit_hashes() == local.unit_hashes()


def test_a_gpu_lands_on_ground_alone(on_ray: Build) -> None:
    """With a GPU for ground, its workers see device 0 and every other worker sees none."""
    seen = on_ray.folder.with_name(on_ray.folder.name.replace("ray", "seen"))
    devices = {file.name: file.read_text() for file in seen.iterdir()}
    assert devices == {"decode": "", "ground": "0", "generate": "", "verify": ""}


def test_a_bug_stops_the_run_and_names_stage_and_item(tmp_path: Path) -> None:
    """What a stage should never raise stops a Ray run as it does a local one."""
    videos = tmp_path / "videos"
    videos.mkdir()
    for name, content in {"aaa": b"bad 1", "bbb": b"bad 2", "zzz": b"bug"}.items():
        (videos / f"{name}.mp4").write_bytes(content)
    with pytest.raises(StageBugError, match=r"decode failed on zzz\.mp4: .*fails as none should"):
        run_fakes(videos, tmp_path / "ds", run=run_on_ray, steps=fake_steps()[:1])


def test_a_worker_that_dies_of_a_video_stops_the_run_and_names_it(tmp_path: Path) -> None:
    """A video whose stage kills its worker process is tried three times, never for ever."""
    steps = fake_steps(ground=DeadlyGround())[:2]
    with pytest.raises(StageBugError, match=r"ground failed on 000\.mp4: the worker died 3 times"):
        run_fakes(make_videos(tmp_path / "videos", 1), tmp_path / "ds", run=run_on_ray, steps=steps)


def test_a_run_of_which_most_videos_fail_stops(tmp_path: Path) -> None:
    """Twenty videos that all end the decoder."""
    (tmp_path / "videos").mkdir()
    for number in range(20):
        (tmp_path / "videos" / f"{number}.mp4").write_bytes(f"crash {number}".encode())
    with pytest.raises(CapError, match="20 of 20 videos failed"):
        run_fakes(tmp_path / "videos", tmp_path / "ds", run=run_on_ray, steps=fake_steps()[:1])


def test_60_rows_of_2_mb_do_not_hang_on_2_cpus(tmp_path: Path) -> None:
    """Six operators on two CPUs pass 60 rows of 4 x 500 kB, twice what the plan lets be on its way: seven workers with
    two rows each at 4 MB are 56 MB. Pools that ask for too much would pass none.
    """
    videos = make_videos(tmp_path / "videos", 60)
    steps, engine = fake_steps(decode=FakeDecode(frame_bytes=500_000)), Engine(task_memory_mb=4)
    account = run_fakes(videos, tmp_path / "ds", run=run_on_ray, steps=steps, engine=engine).account
    line = account.line(ItemType.VIDEO)
    assert line is not None
    assert line.produced == 60
    assert len(unit_states(tmp_path / "ds")) == 60


def test_workers_ask_through_one_gate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server receives as many calls as the budget allows and none more, from workers that never had the key in
    their environment, several videos at a time. A local run goes on with a higher budget, pays nothing twice, and ends
    with the bytes of a run that was never stopped. The key is in no file, also not in Ray's.
    """
    videos = make_videos(tmp_path / "videos", 6)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with scripted_server(ServerSettings(key=KEY, latency_seconds=0.05)) as address:
        with pytest.raises(CapError, match="calls = 16 is reached: 16 calls"):
            build_asking(videos, tmp_path / "ray", address, run=run_on_ray, budget=Budget(calls=16))
        assert server_stats(address)["calls"] == 16
        assert server_stats(address)["most_in_flight"] > QUESTIONS
        manifest = build_asking(videos, tmp_path / "ray", address, budget=Budget(calls=100))
        assert server_stats(address)["calls"] == 6 * QUESTIONS + 3
        local = build_asking(videos, tmp_path / "local", address)
    assert shard_hashes(manifest) == shard_hashes(local)
    session = Path(ray._private.worker.global_worker.node.get_session_dir_path())
    files = [file for folder in (tmp_path, session) for file in folder.rglob("*") if file.is_file()]
    assert not [file for file in files if KEY.encode() in file.read_bytes()]


def test_ray_data_reads_the_pairs_of_a_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the line of docs/data.md, nested columns too."""
    whole = write_set(tmp_path / "ds")
    monkeypatch.chdir(tmp_path)
    line = documented("ray").replace('"ds', f'"{tmp_path}/ds')  # its workers are somewhere else
    rows = eval(line, {"ray": ray}).select_columns(["pair_id", "chosen_claims"]).take_all()  # noqa: S307 what a user types
    pairs = {pair.pair_id: pair for video in whole.finalised.videos for pair in video.pairs()}
    assert {row["pair_id"]: len(row["chosen_claims"]) for row in rows} == {
        pair_id: len(pair.chosen_claims) for pair_id, pair in pairs.items()
    }
