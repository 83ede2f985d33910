"""Videos from and sets to an object store: a real S3 protocol, spoken by moto's server on this machine."""

import errno
import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from pipeline.dataset.finished_set import FinishedSet
from pipeline.endpoint.settings import Budget
from pipeline.engine.ray_cluster import open_cluster
from pipeline.engine.ray_run import run_on_ray
from pipeline.inputs.videos import find_videos
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.review import Review
from pipeline.scripted.process import scripted_server
from pipeline.scripted.settings import ServerSettings
from pipeline.storage.local_copy import FetchError, local_copy
from pipeline.storage.location import Location
from schemas.dataset import DatasetManifest
from schemas.errors import CapError, OutputError
from schemas.human_verdict import Judgement
from tests.pipeline.asking_stage import QUESTIONS
from tests.pipeline.asking_steps import build_asking, server_stats
from tests.pipeline.runs import make_videos, run_fakes, shard_hashes, unit_states
from tests.trainer.reading import amplification, write_padded_set

pytestmark = pytest.mark.slow(30)


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of an empty bucket on a server of its own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    environment = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",  # the server takes any
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    name = f"bucket-{uuid.uuid4().hex}"  # servers of one process share what they hold
    boto3.client("s3").create_bucket(Bucket=name)
    yield f"s3://{name}"
    server.stop()


@pytest.fixture
def videos(bucket: str, tmp_path: Path) -> str:
    """Five videos in the bucket, equal to those of a local folder."""
    for path in make_videos(tmp_path / "videos", 5).iterdir():
        Location.parse(f"{bucket}/videos/deep/{path.name}").write_bytes(path.read_bytes())
    return f"{bucket}/videos"


def test_a_set_on_a_store_equals_the_local_one(bucket: str, videos: str, tmp_path: Path) -> None:
    """Shards written to the store have the SHA-256 of a local run over the same files (uris differ by nothing)."""
    local = run_fakes(tmp_path / "videos", tmp_path / "ds")
    stored = run_fakes(f"{videos}/deep", f"{bucket}/ds")
    assert shard_hashes(stored) == shard_hashes(local)
    for shard in stored.shards:
        content = Location.parse(f"{bucket}/ds/{shard.path}").read_bytes()
        assert hashlib.sha256(content).hexdigest() == shard.sha256
    opened = FinishedSet.open(f"{bucket}/ds").manifest
    assert opened == DatasetManifest.model_validate(stored.model_dump())


def test_an_epoch_of_training_fetches_each_byte_of_a_store_about_once(bucket: str, tmp_path: Path) -> None:
    """A fourth of the set at a time: at most 1.5 times the bytes that are shown."""
    path = write_padded_set(tmp_path)
    for file in (path / "dataset.json", *path.rglob("*.parquet")):
        Location.parse(f"{bucket}/{file.relative_to(path)}").write_bytes(file.read_bytes())
    assert amplification(bucket, 300_000, in_windows=True) <= 1.5


def test_a_resume_on_a_store_makes_nothing_again(bucket: str, videos: str) -> None:
    """A second run reads no video again and leaves every unit as it is."""
    run_fakes(videos, f"{bucket}/ds", limit=3)
    before = _units(bucket)
    run_fakes(videos, f"{bucket}/ds")
    after = _units(bucket)
    assert (len(before), len(after)) == (3, 5)
    assert {key: after[key] for key in before} == before


def test_a_glob_on_a_store(bucket: str, videos: str) -> None:
    """Wildcards work on a store as they do on a disk."""
    manifest = run_fakes(f"{videos}/*/00[12].mp4", f"{bucket}/ds")
    assert manifest.account.lines[0].produced == 2


@pytest.mark.usefixtures("videos")
def test_a_store_is_searched_by_the_rules_of_a_disk(bucket: str) -> None:
    """Brackets that a key holds are taken as they are, hidden folders are left out, a bucket may be a pattern."""
    for key in ("c[1]/x.mp4", "c1/w.mp4", ".cache/e.mp4"):
        Location.parse(f"{bucket}/{key}").write_bytes(key.encode())
    assert [source.ref.uri for source in find_videos(f"{bucket}/c[1]/*.mp4").sources] == ["x.mp4"]
    expected = ["c1/w.mp4", "c[1]/x.mp4", *(f"videos/deep/{number:03d}.mp4" for number in range(5))]
    assert [source.ref.uri for source in find_videos(bucket).sources] == expected
    found = find_videos(f"{bucket[:-1]}?/c1/*").sources
    assert [source.ref.uri for source in found] == [f"{bucket.removeprefix('s3://')}/c1/w.mp4"]


def test_an_object_that_is_gone_is_a_fetch_error(bucket: str) -> None:
    """An object that cannot be fetched is an error of its own, not a bug."""
    with pytest.raises(FetchError), local_copy(Location.parse(f"{bucket}/missing.mp4")):
        pass


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_temporary_disk_stops_the_run_and_drops_no_video(
    videos: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """If the copy of a video does not fit, one line names the place; with room the set is the same as ever."""
    whole = run_fakes(videos, tmp_path / "reference")

    def no_room(*_: object) -> None:
        raise OSError(number, "no room")

    with monkeypatch.context() as patch:
        patch.setattr("pipeline.storage.location.shutil.copyfileobj", no_room)
        with pytest.raises(
            OutputError, match=r"a copy of s3://.* in .*: .*; make room or name another folder in TMPDIR"
        ) as refused:
            run_fakes(videos, tmp_path / "ds")
    assert "\n" not in str(refused.value)
    assert unit_states(tmp_path / "ds") == {}
    assert shard_hashes(run_fakes(videos, tmp_path / "ds")) == shard_hashes(whole)


def test_only_the_copying_is_watched(bucket: str) -> None:
    """A full disk that is met while the copy is in use is another one: it passes as it is, and the copy goes."""
    place = Location.parse(f"{bucket}/a.mp4")
    place.write_bytes(b"video")
    copies = []

    def use() -> None:
        with local_copy(place) as copy:
            copies.append((copy, copy.read_bytes()))
            raise OSError(errno.ENOSPC, "elsewhere")

    with pytest.raises(OSError, match="elsewhere"):
        use()
    [(copy, content)] = copies
    assert (content, copy.parent.exists()) == (b"video", False)


@pytest.mark.ray
@pytest.mark.filterwarnings("ignore::DeprecationWarning:ray")
def test_ray_workers_read_and_write_the_store(bucket: str, videos: str) -> None:
    """A Ray run from store to store gives the bytes of a local one."""
    local = run_fakes(videos, f"{bucket}/local")
    with open_cluster(2):
        assert shard_hashes(run_fakes(videos, f"{bucket}/ray", run=run_on_ray)) == shard_hashes(local)


def _units(bucket: str) -> dict[str, tuple[str, str]]:
    lister = boto3.client("s3").get_paginator("list_objects_v2")
    pages = lister.paginate(Bucket=bucket.removeprefix("s3://"), Prefix="ds/.work/units/")
    return {o["Key"]: (o["ETag"], str(o["LastModified"])) for page in pages for o in page.get("Contents", [])}


@pytest.mark.process
def test_replies_and_usage_on_a_store(bucket: str, tmp_path: Path) -> None:
    """A build that asks a language model keeps its replies and what it used on the store; a budget holds, and an
    offline build from there gives the bytes of a local one.
    """
    videos = make_videos(tmp_path / "asked", 3)
    with scripted_server(ServerSettings()) as address:
        with pytest.raises(CapError):
            build_asking(videos, f"{bucket}/asked", address, budget=Budget(calls=8))
        stored = build_asking(videos, f"{bucket}/asked", address, budget=Budget(calls=3 * QUESTIONS + 3))
        assert server_stats(address)["calls"] == 3 * QUESTIONS + 3
        local = build_asking(videos, tmp_path / "local", address)
    offline = build_asking(videos, tmp_path / "offline", address, replies=f"{bucket}/asked/.work/replies", offline=True)
    assert shard_hashes(stored) == shard_hashes(local) == shard_hashes(offline)


def test_verdicts_on_a_store_are_kept_and_none_is_lost(bucket: str) -> None:
    """Two programs of one reviewer have read the same: what the second wrote over is back after the first one's next
    verdict, and what was taken back stays away. Without a lock no more can be had.
    """
    folder = ReviewFolder(Location.parse(f"{bucket}/reviews"))
    first, second = (Review(folder, "ann", lambda: "2026-11-30T08:00:00Z") for _ in range(2))
    first.say("a-0", "h", {"judgement": Judgement.WRONG})
    first.say("b-0", "h", {"judgement": Judgement.RIGHT})
    first.undo()
    folder.change("ann", lambda kept: kept.clear())  # as a program does that had read nothing yet
    second.say("c-0", "h", {"judgement": Judgement.RIGHT})
    assert folder.read("ann").keys() == {"c-0"}
    first.say("d-0", "h", {"judgement": Judgement.DOUBTFUL})
    assert folder.read("ann").keys() == {"a-0", "c-0", "d-0"}
    assert [verdict.pair_id for verdict in ReviewFolder(folder.location).all_verdicts()] == ["a-0", "c-0", "d-0"]
