"""A folder with one file of every bad kind, built by the program: each file is a counted drop, or is in the set."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.build.build import build
from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from pipeline.dataset.finished_set import FinishedSet
from pipeline.engine.local_run import run_locally
from pipeline.engine.progress import LineProgress
from schemas.arrow import from_table
from schemas.dataset import DatasetManifest
from schemas.drop import Drop, DropReason, ItemType
from tests.pipeline.runs import make_videos, request_for
from tests.videos import X264, flipped, make_audio_only, make_video, truncated, without_duration

pytestmark = [pytest.mark.process, pytest.mark.video]


@pytest.fixture(scope="module")
def bad_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one file of every bad kind, and a good one."""
    folder = tmp_path_factory.mktemp("bad")
    good = make_video(folder / "good", X264)
    moov_first = make_video(folder / "first", replace(X264, seed=1, container_options={"movflags": "faststart"}))
    (folder / "same.mp4").write_bytes(good.read_bytes())
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "text.mp4").write_text("this is no video\n" * 100)
    make_audio_only(folder / "audio.mp4")
    truncated(good, 0.5).rename(folder / "moov_last.mp4")
    truncated(moov_first, 0.6).rename(folder / "moov_first.mp4")
    flipped(moov_first).rename(folder / "flipped.mp4")
    make_video(folder / "one_frame", replace(X264, num_frames=1))
    without_duration(moov_first).rename(folder / "no_duration.mp4")
    return folder


@pytest.fixture(scope="module")
def built(bad_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set that the folder gives, built by the program without Ray."""
    out = tmp_path_factory.mktemp("sets") / "ds"
    assert exit_code(app, ["build", "facts", "--videos", str(bad_files), "--out", str(out), "--local"]) == 0
    return out


@pytest.mark.parametrize(
    ("uri", "reasons"),
    [
        ("same.mp4", {DropReason.DUPLICATE}),
        ("empty.mp4", {DropReason.EMPTY_FILE}),
        ("text.mp4", {DropReason.UNDECODABLE}),
        ("audio.mp4", {DropReason.NO_VIDEO_STREAM}),
        ("moov_last.mp4", {DropReason.UNDECODABLE}),
        ("one_frame.mp4", {DropReason.TOO_SHORT, DropReason.TOO_FEW_FRAMES}),
    ],
)
def test_a_bad_file_is_one_drop_of_its_reason(built: Path, uri: str, reasons: set[DropReason]) -> None:
    """The file appears once among the dropped videos, with a reason that says what is wrong with it."""
    drops = [drop for drop in drops_of(built) if drop.item_type is ItemType.VIDEO and drop.uri == uri]
    assert len(drops) == 1
    assert drops[0].reason in reasons


@pytest.mark.parametrize("uri", ["good.mp4", "moov_first.mp4", "flipped.mp4", "no_duration.mp4", "first.mp4"])
def test_a_damaged_file_ends_exactly_once(built: Path, uri: str) -> None:
    """A file of which something can be decoded is either in the set or dropped, and nothing else."""
    dropped = [d for d in drops_of(built) if d.item_type is ItemType.VIDEO and d.uri == uri]
    kept = {uri for t in FinishedSet.open(str(built)).tables("clips", ["uri"]) for uri in t["uri"].to_pylist()}
    assert len(dropped) + (uri in kept) == 1


def test_the_account_of_bad_files_adds_up(built: Path) -> None:
    """Eleven files, each with one end."""
    manifest = DatasetManifest.model_validate_json((built / "dataset.json").read_bytes())
    line = manifest.account.line(ItemType.VIDEO)
    assert line is not None
    assert (line.produced, line.kept + line.dropped_count) == (11, 11)


def test_a_set_damaged_after_the_fact_is_named_by_verify(
    built: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A flipped byte in a copy of the set: exit code 2, and the shard is named."""
    copy = tmp_path / "ds"
    shutil.copytree(built, copy)
    shard = copy / "drops" / "part-00000.parquet"
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 1
    shard.write_bytes(content)
    assert exit_code(app, ["verify", str(copy)]) == 2
    said = capsys.readouterr()
    assert "drops/part-00000.parquet: SHA-256 is" in said.out
    assert said.err.startswith(f"vidpref: {copy} is damaged: ")
    assert exit_code(app, ["verify", str(built)]) == 0


def test_dataset_json_is_readable(built: Path) -> None:
    """It is plain JSON that names every shard that is there."""
    content = json.loads((built / "dataset.json").read_bytes())
    assert sorted(shard["path"] for shard in content["shards"]) == sorted(
        str(path.relative_to(built)) for path in built.glob("*/*.parquet")
    )


def test_names_with_control_characters_stay_on_their_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name with a line break, a tab and an escape sequence is escaped in progress, tables, drops and errors, and
    stored as it is: two such files with one content are a clip and a drop that names both.
    """
    videos = make_videos(tmp_path / "two\nlines", 1)
    ugly = ["a\nb\tc\x1b[31m.mp4", "a\nb\x1b[2J.mp4"]
    for name in ugly:
        (videos / name).write_bytes(b"ugly")
    lines: list[str] = []
    build(request_for(videos, tmp_path / "ds"), run_locally, LineProgress(lines.append))
    [drop] = [drop for drop in drops_of(tmp_path / "ds") if drop.reason is DropReason.DUPLICATE]
    assert (drop.uri, drop.detail) == (ugly[1], f"same content as {ugly[0]}")
    for arguments in (["inspect"], ["inspect", "--drops"], ["inspect", "--clip", ugly[0]]):
        assert exit_code(app, [*arguments, str(tmp_path / "ds")]) == 0
    lines += capsys.readouterr().out.splitlines()
    missing = str(videos / "no\nfile")
    assert exit_code(app, ["build", "facts", "--videos", missing, "--out", str(tmp_path), "--local"]) == 2
    lines += (said := capsys.readouterr().err.splitlines())
    assert len(said) == 1
    assert all(line.isprintable() for line in lines)
    assert sum(r"a\nb" in line for line in lines) >= 3


def drops_of(out: Path) -> list[Drop]:
    return [drop for table in FinishedSet.open(str(out)).tables("drops") for drop in from_table(Drop, table)]
