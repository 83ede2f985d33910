"""--videos: what is taken and what is refused."""

import json
import os
import socket
from pathlib import Path

import pytest

from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from pipeline.inputs.contents import read_contents
from pipeline.inputs.hash_cache import HashCache
from pipeline.inputs.videos import find_videos
from pipeline.storage.location import Location
from schemas.drop import DropReason
from schemas.errors import VideosError
from tests.pipeline.inputs.sources import uris
from tests.shared import NEEDS_SHARED, shared


def test_a_folder_is_read_to_its_depths(folder: Path) -> None:
    """Videos of all depths are taken in order of uri, relative to the folder; the rest is counted as ignored."""
    inputs = find_videos(str(folder))
    assert uris(inputs.sources) == ["b.mp4", "sub/a.MKV", "sub/deep/c.webm"]
    assert inputs.ignored_files == 2


def test_one_file_is_one_video(folder: Path) -> None:
    """A file that is named itself is taken whatever its extension, and without one."""
    for name in ("recording", "clip.dat"):
        (folder / name).write_bytes(b"video")
        assert uris(find_videos(str(folder / name)).sources) == [name]


@pytest.mark.parametrize("name", ["list.json", "list.csv", "videos.TXT", "list.tsv", "list.yaml", "list.parquet"])
def test_a_list_of_another_format_is_refused_with_the_one_that_is_read(tmp_path: Path, name: str) -> None:
    """A list is never decoded as if it were a video: the line names the file, and .jsonl with an example."""
    (tmp_path / name).write_text('["a.mp4"]')
    with pytest.raises(VideosError) as refused:
        find_videos(str(tmp_path / name))
    assert all(part in str(refused.value) for part in (str(tmp_path / name), ".jsonl", '{"uri": "a.mp4"}'))


@NEEDS_SHARED
def test_the_shared_json_list_is_one_line_and_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A JSON list given as --videos: the line names .jsonl, and no output is made."""
    videos, out = str(shared("cases", "list.json")), tmp_path / "ds"
    assert exit_code(app, ["build", "facts", "--videos", videos, "--out", str(out), "--local"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert ".jsonl" in line
    assert not out.exists()


def special_files(folder: Path) -> list[str]:
    """Names of a pipe, a socket, and links to both and to devices, beside a video."""
    folder.mkdir()
    (folder / "video.mp4").write_bytes(b"video")
    os.mkfifo(folder / "pipe.mp4")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(folder / "socket.mp4"))
    links = {"p.mp4": "pipe.mp4", "s.mp4": "socket.mp4", "zeros.mp4": "/dev/zero", "null.mp4": "/dev/null"}
    for name, target in links.items():
        (folder / name).symlink_to(target)
    return ["pipe.mp4", "socket.mp4", *links]


def test_pipes_sockets_and_devices_are_never_opened(tmp_path: Path) -> None:
    """In a folder, by a glob and in a manifest they are counted as ignored: two files and four links to such."""
    special = special_files(tmp_path / "v")
    lines = [json.dumps({"uri": name}) for name in ["video.mp4", *special]]
    (tmp_path / "v" / "m.jsonl").write_text("\n".join(lines))
    manifest_in_folder = 1
    for videos, ignored in (("v", 6 + manifest_in_folder), ("v/*.mp4", 6), ("v/m.jsonl", 6)):
        inputs = find_videos(str(tmp_path / videos))
        assert (uris(inputs.sources), inputs.ignored_files) == (["video.mp4"], ignored)


def test_a_pipe_as_all_videos_is_refused(tmp_path: Path) -> None:
    """It is refused before it is opened: as a video, as the manifest, and as all that a manifest names."""
    for name in special_files(tmp_path / "v"):
        with pytest.raises(VideosError, match="is a pipe, a socket or a device"):
            find_videos(str(tmp_path / "v" / name))
    os.mkfifo(tmp_path / "m.jsonl")
    with pytest.raises(VideosError, match="is a pipe, a socket or a device"):
        find_videos(str(tmp_path / "m.jsonl"))
    (tmp_path / "only.jsonl").write_text('{"uri": "v/pipe.mp4"}')
    with pytest.raises(VideosError, match=r"lists no video \(1 other file ignored\); a manifest has one line for each"):
        find_videos(str(tmp_path / "only.jsonl"))


def test_a_broken_link_is_a_source(tmp_path: Path) -> None:
    """A link to a file that is gone, and one that leads back to itself, are taken, so that each becomes a drop."""
    (tmp_path / "a.mp4").symlink_to("gone.mp4")
    (tmp_path / "b.mp4").symlink_to("b.mp4")
    (tmp_path / "c.txt").symlink_to("gone.txt")
    inputs = find_videos(str(tmp_path))
    assert (uris(inputs.sources), inputs.ignored_files) == (["a.mp4", "b.mp4"], 1)


@pytest.mark.parametrize("videos", ["missing", "missing/*.mp4", "empty", "no_videos"])
def test_nothing_to_take_is_refused(tmp_path: Path, videos: str) -> None:
    """A missing path, an empty folder and one without videos are refused in one line."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "no_videos").mkdir()
    (tmp_path / "no_videos" / "a.txt").write_text("a")
    with pytest.raises(VideosError) as refused:
        find_videos(str(tmp_path / videos))
    assert "\n" not in str(refused.value)


def test_a_video_whose_name_is_not_utf_8_is_dropped_under_its_escaped_name(tmp_path: Path) -> None:
    """It cannot be stored by its uri, and it costs no other video: it is a drop; other files may have any name.

    Given by itself, it is refused, since nothing else is there to build from.
    """
    (tmp_path / "ä b 😀.mp4").write_bytes(b"video")
    assert uris(find_videos(str(tmp_path)).sources) == ["ä b 😀.mp4"]
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_bytes(b"notes")
    assert find_videos(str(tmp_path)).ignored_files == 1
    odd = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.mp4")
    Path(odd).write_bytes(b"other video")
    contents = read_contents(find_videos(str(tmp_path)).sources, HashCache(Location.parse(str(tmp_path / "hashes"))))
    assert [video.ref.uri for video in contents.videos] == ["ä b 😀.mp4"]
    [drop] = contents.drops
    assert (drop.uri, drop.reason, drop.detail) == ("\\udcff.mp4", DropReason.UNREADABLE, "its name is not UTF-8")
    with pytest.raises(VideosError, match="is not UTF-8; rename it"):
        find_videos(odd)
