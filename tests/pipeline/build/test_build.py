"""The local run of fakes: what a build means."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.engine.settings import Engine
from pipeline.engine.video_task import StageBugError
from schemas.arrow import arrow_schema, from_table
from schemas.clip import Clip
from schemas.drop import Drop, DropReason, ItemType
from schemas.errors import CapError, OutputError
from schemas.pair import Pair
from tests.pipeline.runs import IDENTITY, make_videos, run_fakes, shard_hashes, unit_states

pytestmark = [pytest.mark.process, pytest.mark.slow(20)]


def read(out: Path, name: str, record: type) -> list:
    return [row for file in sorted((out / name).iterdir()) for row in from_table(record, pq.ParquetFile(file).read())]


def test_account_of_a_run_with_drops(tmp_path: Path) -> None:
    """5 good videos of 3 groups with 1 pair and 1 dropped question each, a bad one, a duplicate and a text file:
    7 videos = 5 kept + 2 dropped, 20 questions = 15 kept + 5 dropped, 15 pairs.
    """
    videos = make_videos(tmp_path / "videos", 5)
    (videos / "bad.mp4").write_bytes(b"bad")
    (videos / "same.mkv").write_bytes((videos / "000.mp4").read_bytes())
    (videos / "notes.txt").write_text("no video")
    account = run_fakes(videos, tmp_path / "ds").account
    found = {line.item_type: (line.produced, line.kept, line.dropped_count) for line in account.lines}
    assert found[ItemType.VIDEO] == (7, 5, 2)
    assert found[ItemType.QUESTION] == (20, 15, 5)
    assert found[ItemType.CLIP] == (5, 5, 0)
    assert found[ItemType.PAIR] == (15, 15, 0)
    assert account.ignored_files == 1


def test_rows_are_joined_and_sorted(tmp_path: Path) -> None:
    """Pairs, clips and drops come in order of id, and clips and drops carry id and uri of their video."""
    out = tmp_path / "ds"
    run_fakes(make_videos(tmp_path / "videos"), out)
    pairs, clips, drops = read(out, "pairs", Pair), read(out, "clips", Clip), read(out, "drops", Drop)
    assert [pair.pair_id for pair in pairs] == sorted(pair.pair_id for pair in pairs)
    assert [clip.clip_id for clip in clips] == sorted(clip.clip_id for clip in clips)
    assert {clip.uri for clip in clips} <= {f"{number:03d}.mp4" for number in range(12)}
    assert all(clip.video_id == clip.content_sha256[:16] and len(clip.segments) == 1 for clip in clips)
    assert all(drop.uri and drop.video_id for drop in drops)
    assert {pair.clip_id for pair in pairs} == {clip.clip_id for clip in clips}


@pytest.mark.parametrize(("name", "record"), [("pairs", Pair), ("clips", Clip), ("drops", Drop)])
def test_shards_have_the_schema_of_their_record(tmp_path: Path, name: str, record: type) -> None:
    """The Arrow schema of a shard is the one derived from the record, even where the shard is empty."""
    videos = tmp_path / "videos"
    videos.mkdir()
    (videos / "a.mp4").write_bytes(b"bad")
    run_fakes(videos, tmp_path / "ds")
    [shard] = (tmp_path / "ds" / name).iterdir()
    assert pq.ParquetFile(shard).schema_arrow.equals(arrow_schema(record))


def test_committed_units_are_never_made_again(tmp_path: Path) -> None:
    """A second run, and one with more videos, leaves every unit file untouched."""
    videos, out = make_videos(tmp_path / "videos", 6), tmp_path / "ds"
    first = run_fakes(videos, out, limit=3)
    before = unit_states(out)
    assert len(before) == 3
    run_fakes(videos, out)
    after = unit_states(out)
    assert len(after) == 6
    assert {name: after[name] for name in before} == before
    assert shard_hashes(run_fakes(videos, out, limit=3)) == shard_hashes(first)


def test_bytes_do_not_depend_on_order_or_names(tmp_path: Path) -> None:
    """Renamed videos in another order give the same pairs; clips differ in nothing but the uri."""
    straight = make_videos(tmp_path / "videos", 8)
    renamed = tmp_path / "renamed"
    renamed.mkdir()
    for number, path in enumerate(sorted(straight.iterdir(), reverse=True)):
        (renamed / f"other {number}.mp4").write_bytes(path.read_bytes())
    one, two = run_fakes(straight, tmp_path / "one"), run_fakes(renamed, tmp_path / "two")
    assert shard_hashes(one)["pairs/train-00000.parquet"] == shard_hashes(two)["pairs/train-00000.parquet"]
    for name in ("clips", "drops"):
        first, second = (
            pq.ParquetFile(tmp_path / out / name / "part-00000.parquet").read().drop_columns(["uri"])
            for out in ("one", "two")
        )
        assert first.equals(second)


def test_another_recipe_is_refused_with_the_difference(tmp_path: Path) -> None:
    """An --out made by another recipe is refused, and the line says which key differs and how."""
    videos, out = make_videos(tmp_path / "videos", 2), tmp_path / "ds"
    run_fakes(videos, out)
    other = IDENTITY.model_copy(update={"recipe": {"decode": {"frames": 8}}})
    with pytest.raises(OutputError, match=r"decode\.frames: 4 -> 8"):
        run_fakes(videos, out, identity=other)


def test_an_interrupted_replacement_is_no_finished_set(tmp_path: Path) -> None:
    """While shards are replaced there is no dataset.json, so a half-written set is never taken for a finished one."""
    videos, out = make_videos(tmp_path / "videos", 2), tmp_path / "ds"
    run_fakes(videos, out)
    shutil.rmtree(out / "pairs")
    (out / "pairs").write_text("in the way of the shards")
    with pytest.raises(FileExistsError):
        run_fakes(videos, out)
    assert not (out / "dataset.json").exists()


def test_a_bug_stops_the_run_and_names_stage_and_item(tmp_path: Path) -> None:
    """What a stage should never raise stops the run with stage and uri; what was done before is kept."""
    videos, out = make_videos(tmp_path / "videos", 3), tmp_path / "ds"
    (videos / "zzz.mp4").write_bytes(b"bug")
    with pytest.raises(StageBugError, match=r"decode failed on zzz\.mp4: .*fails as none should"):
        run_fakes(videos, out)
    assert not (out / "dataset.json").exists()
    assert len(unit_states(out)) <= 3


def test_dropped_videos_are_retried_only_when_asked(tmp_path: Path) -> None:
    """A unit that a limit ended stays as it is until --retry-drops; one that was undecodable stays then too."""
    videos, out = tmp_path / "videos", tmp_path / "ds"
    videos.mkdir()
    (videos / "bad.mp4").write_bytes(b"bad")
    (videos / "crash.mp4").write_bytes(b"crash")
    first = run_fakes(videos, out)
    reasons = {entry.reason for line in first.account.lines for entry in line.dropped}
    assert reasons == {DropReason.UNDECODABLE, DropReason.CHILD_CRASHED}
    before = unit_states(out)
    run_fakes(videos, out)
    assert unit_states(out) == before
    run_fakes(videos, out, retry_drops=True)
    changed = {name for name, state in unit_states(out).items() if state[0] != before[name][0]}
    assert len(changed) == 1


@pytest.mark.parametrize(("failing", "stops"), [(11, True), (10, False)])
def test_a_run_of_which_most_videos_fail_stops_with_what_is_done(tmp_path: Path, failing: int, stops: bool) -> None:
    """Of 20 videos 11 that end the decoder are too many, 10 are not; with a higher share it goes on."""
    videos, out = make_videos(tmp_path / "videos", 20 - failing), tmp_path / "ds"
    for number in range(failing):
        (videos / f"failing{number}.mp4").write_bytes(f"crash {number}".encode())
    if stops:
        with pytest.raises(CapError, match=r"^11 of 20 videos failed \(11 child crashed\).*--retry-drops$"):
            run_fakes(videos, out)
        assert len(unit_states(out)) == 20
        assert not (out / "dataset.json").exists()
    manifest = run_fakes(videos, out, engine=Engine(max_failed_share=1.0) if stops else Engine())
    assert len(unit_states(out)) == 20
    assert {line.item_type: line.dropped_count for line in manifest.account.lines}[ItemType.VIDEO] == failing
