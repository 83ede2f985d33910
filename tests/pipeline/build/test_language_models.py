"""Builds whose steps ask a language model, with a scripted server in a process of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.endpoint.gate import read_usage
from pipeline.endpoint.settings import Budget
from pipeline.scripted.faults import FaultKind, Faults
from pipeline.scripted.process import scripted_server
from pipeline.scripted.settings import ServerSettings
from pipeline.storage.location import Location
from schemas.drop import ItemType
from schemas.errors import CapError, EndpointError
from stages.models.chat import ModelRole
from tests.pipeline.asking_stage import QUESTIONS
from tests.pipeline.asking_steps import build_asking, server_stats
from tests.pipeline.runs import make_videos, shard_hashes

pytestmark = [pytest.mark.process, pytest.mark.slow(15)]
VIDEOS = 5
CALLS = VIDEOS * QUESTIONS
PROBES = 3
KEY = "planted-key-0815"


@pytest.fixture(scope="module")
def sound() -> Iterator[str]:
    """A server without a fault."""
    with scripted_server(ServerSettings()) as address:
        yield address


@pytest.fixture(scope="module")
def videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five files."""
    return make_videos(tmp_path_factory.mktemp("videos") / "in", VIDEOS)


@pytest.fixture(scope="module")
def built(videos: Path, sound: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set that nothing went wrong with."""
    out = tmp_path_factory.mktemp("built") / "ds"
    build_asking(videos, out, sound)
    return out


def usage_of(out: Path) -> tuple[int, int]:
    """Calls spent, and replies from the cache."""
    usage = read_usage(Location.parse(str(out / ".work" / "usage.json"))).roles[ModelRole.JUDGE]
    return usage.spent.calls, usage.from_cache


def test_a_build_asks_each_question_once(videos: Path, sound: str, built: Path) -> None:
    """Probes and questions are all that is used; the model that the server lists is named in the set; a resume asks
    nothing, not even probes.
    """
    manifest = build_asking(videos, built, sound)
    line = manifest.account.line(ItemType.VISUAL_NEGATIVE)
    assert line is not None
    assert line.dropped_count == CALLS
    assert [(use.role, use.name) for use in manifest.models if use.role == "judge"] == [("judge", "scripted")]
    assert usage_of(built) == (CALLS + PROBES, 0)


def test_offline_gives_the_same_bytes(videos: Path, sound: str, built: Path, tmp_path: Path) -> None:
    """From a copy of the cache alone, with no server; a reply that is missing ends the run with its role and number."""
    manifest = shard_hashes(build_asking(videos, built, sound))
    replies = tmp_path / "copied"
    shutil.copytree(built / ".work" / "replies", replies)
    nowhere = "http://127.0.0.1:9/v1"
    again = build_asking(videos, tmp_path / "again", nowhere, replies=str(replies), offline=True)
    assert shard_hashes(again) == manifest
    next(replies.glob("[0-9a-f][0-9a-f]/*.json")).unlink()
    with pytest.raises(EndpointError, match=r"the cache lacks 1 replies \(1 by the judge\)"):
        build_asking(videos, tmp_path / "less", nowhere, replies=str(replies), offline=True)
    assert len(list((tmp_path / "less" / ".work" / "units").rglob("[!.]*.parquet"))) == VIDEOS - 1


def test_offline_without_a_cache_is_one_line(videos: Path, tmp_path: Path) -> None:
    """Nothing says which model the replies would be of."""
    with pytest.raises(EndpointError, match=r"--offline: .*models\.json does not say which model was the judge"):
        build_asking(videos, tmp_path / "ds", "http://127.0.0.1:9/v1", offline=True)
    assert not (tmp_path / "ds").exists()


def test_a_budget_is_never_passed_and_a_higher_one_goes_on(
    videos: Path, sound: str, built: Path, tmp_path: Path
) -> None:
    """The server receives exactly as many calls as the budget allows; then the same command with a higher one ends
    with the same bytes, and what was paid is not paid again.
    """
    before = server_stats(sound)["calls"]
    with pytest.raises(CapError, match="calls = 9 is reached"):
        build_asking(videos, tmp_path / "ds", sound, budget=Budget(calls=9))
    assert server_stats(sound)["calls"] - before == 9
    manifest = build_asking(videos, tmp_path / "ds", sound, budget=Budget(calls=CALLS + PROBES))
    assert server_stats(sound)["calls"] - before == CALLS + PROBES
    assert shard_hashes(manifest) == shard_hashes(build_asking(videos, built, sound))


def test_faults_of_the_network_change_nothing(
    videos: Path, sound: str, built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With each kind of fault on 3 % of the calls and a key, the shards are those without; the key is in no byte that
    was written.
    """
    kinds = [
        FaultKind.RATE_LIMITED,
        FaultKind.RATE_LIMITED_SILENTLY,
        FaultKind.SERVER_ERROR,
        FaultKind.OVERLOADED,
        FaultKind.DROPPED,
        FaultKind.HALF_BODY,
        FaultKind.ERROR_BODY,
    ]
    faults = Faults(rates=dict.fromkeys(kinds, 0.06), retry_after_seconds=0.01)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with scripted_server(ServerSettings(faults=faults, key=KEY)) as address:
        manifest = build_asking(videos, tmp_path / "ds", address)
        assert server_stats(address)["calls"] > CALLS + PROBES
    assert shard_hashes(manifest) == shard_hashes(build_asking(videos, built, sound))
    written = [file for file in (tmp_path / "ds").rglob("*") if file.is_file()]
    assert len(written) > CALLS
    assert not [file for file in written if KEY.encode() in file.read_bytes()]


def test_a_wrong_key_ends_a_build_before_it_reads_a_video(
    videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line, without the key; nothing was hashed or decoded."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with (
        scripted_server(ServerSettings(key="another")) as address,
        pytest.raises(EndpointError, match="refuses the key in OPENAI_API_KEY") as error,
    ):
        build_asking(videos, tmp_path / "ds", address)
    assert KEY not in str(error.value)
    assert not (tmp_path / "ds").exists()
