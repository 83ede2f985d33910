"""--videos: what is taken, what is refused, what is in the files."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import fs

from pipeline.inputs.contents import hash_file, read_contents
from pipeline.inputs.hash_cache import Ledger
from pipeline.inputs.videos import Source, find_videos
from pipeline.storage.location import Location
from schemas.drop import DropReason
from schemas.errors import VideosError
from schemas.video import VideoRef


def uris(sources: Iterable[Source]) -> list[str]:
    return [source.ref.uri for source in sources]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """b.mp4, sub/a.MKV, sub/deep/c.webm, and two files that are no videos."""
    for name in ("b.mp4", "sub/a.MKV", "sub/deep/c.webm", "notes.txt", ".hidden.mp4"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def test_a_folder_is_read_to_its_depths(folder: Path) -> None:
    """Videos of all depths are taken in order of uri, relative to the folder; the rest is counted as ignored."""
    inputs = find_videos(str(folder))
    assert uris(inputs.sources) == ["b.mp4", "sub/a.MKV", "sub/deep/c.webm"]
    assert inputs.ignored_files == 2


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.mp4", ["b.mp4"]),
        ("*", ["b.mp4"]),
        ("*/*", ["sub/a.MKV"]),
        ("**/*.webm", ["sub/deep/c.webm"]),
        ("sub/**", ["a.MKV", "deep/c.webm"]),
        ("[bc].mp?", ["b.mp4"]),
    ],
)
def test_a_glob_takes_what_it_matches(folder: Path, pattern: str, expected: list[str]) -> None:
    """`*` stays within a folder, `**` does not; uris are relative to the part without wildcards."""
    assert uris(find_videos(f"{folder}/{pattern}").sources) == expected


def test_links_that_lead_back_are_followed_once(folder: Path) -> None:
    """Each real folder is read once, under its path without links; a link to a folder elsewhere is followed."""
    (folder / "sub" / "back").symlink_to(folder)
    (folder / "a_link").symlink_to(folder / "sub")
    (folder / "self.mp4").symlink_to("self.mp4")
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir()
    (elsewhere / "d.mp4").write_bytes(b"d")
    (elsewhere / "round").symlink_to(elsewhere)
    (folder / "linked").symlink_to(elsewhere)
    assert uris(find_videos(str(folder)).sources) == ["b.mp4", "linked/d.mp4", "sub/a.MKV", "sub/deep/c.webm"]
    assert uris(find_videos(f"{folder}/a_link/**/*.webm").sources) == ["deep/c.webm"]
    assert uris(find_videos(f"{folder}/**/a_*/*.MKV").sources) == ["a_link/a.MKV"]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("c[1]/*.mp4", ["x.mp4"]),
        ("c[1]/[xy].mp4", ["x.mp4"]),
        ("*/c[1]/*", ["d/c[1]/z.mp4"]),
        ("c[12]/*", ["c1/w.mp4"]),
    ],
)
def test_what_exists_as_it_is_written_is_no_pattern(tmp_path: Path, pattern: str, expected: list[str]) -> None:
    """A folder whose name holds brackets is found by its name; where none has the name, brackets are a choice."""
    for name in ("c[1]/x.mp4", "c1/w.mp4", "d/c[1]/z.mp4"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(name.encode())
    assert uris(find_videos(f"{tmp_path}/{pattern}").sources) == expected


def test_a_glob_may_start_at_the_root(folder: Path) -> None:
    """A wildcard in the first part of a path is one; only folders that can fit are read, not the whole disk."""
    first, *others = folder.parts[1:]
    inside = "/".join(others)
    assert uris(find_videos(f"/[{first[0]}]{first[1:]}/{inside}/*.mp4").sources) == [f"{first}/{inside}/b.mp4"]
    with pytest.raises(VideosError, match="holds no video"):
        find_videos("/*.no_such_video")


def test_hidden_folders_are_not_read(folder: Path) -> None:
    """What lies in a folder whose name starts with a dot is taken only where --videos names such a folder."""
    (folder / "sub" / ".cache" / "deep").mkdir(parents=True)
    (folder / "sub" / ".cache" / "e.mp4").write_bytes(b"e")
    for pattern in ("", "/**", "/**/*.mp4", "/*/**"):
        assert not [uri for uri in uris(find_videos(f"{folder}{pattern}").sources) if "e.mp4" in uri]
    for pattern in ("/sub/.cache", "/sub/.cache/*", "/*/.cache/*", "/**/.cache/**", "/**/**/.cache/*", "/sub/.*/*"):
        assert [Path(uri).name for uri in uris(find_videos(f"{folder}{pattern}").sources)] == ["e.mp4"]


def test_one_file_is_one_video(folder: Path) -> None:
    """The path of a file is taken whatever its extension."""
    assert uris(find_videos(str(folder / "notes.txt")).sources) == ["notes.txt"]


def test_a_manifest_names_videos_beside_it(folder: Path) -> None:
    """Lines are taken in order of uri, empty ones skipped; a path is relative to the manifest."""
    manifest = folder / "m.jsonl"
    manifest.write_text('{"uri": "sub/a.MKV", "id": "second", "licence": "CC0"}\n\n{"uri": "b.mp4"}\n')
    first, second = find_videos(str(manifest)).sources
    assert (first.ref.uri, first.location.read_bytes()) == ("b.mp4", b"b.mp4")
    assert second.ref == VideoRef(uri="sub/a.MKV", id="second", licence="CC0")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("not json", "line 2: Invalid JSON"),
        ('{"id": "x"}', "line 2: uri is missing"),
        ('{"uri": "c.mp4", "spilt": "test"}', "line 2: unknown key spilt: did you mean split?"),
        ('{"uri": "c.mp4", "split": "dev"}', "line 2: split: Input should be 'train', 'validation' or 'test'"),
        ('{"uri": "b.mp4"}', "line 2: uri 'b.mp4' is already in line 1"),
        ('{"uri": "c.mp4", "id": "one"}', "line 2: id 'one' is already in line 1"),
        (r'{"uri": "c\u0000.mp4"}', "c\\x00.mp4' holds a NUL character, which no path can; remove it"),
        ('{"uri": "file:///c%00.mp4"}', "line 2: uri '/c\\x00.mp4' holds a NUL character"),
        ('{"uri": "file://c.mp4"}', "line 2: uri 'file://c.mp4' names no file of this machine; give file:///path"),
        ('{"uri": "s3:///c.mp4"}', "line 2: uri 's3:///c.mp4' names no bucket; give s3://bucket/path"),
        ('{"uri": "s3://bucket//c.mp4"}', "line 2: uri 's3://bucket//c.mp4' has an empty part between two slashes"),
    ],
)
def test_a_bad_line_is_named_by_its_number(folder: Path, line: str, problem: str) -> None:
    """A manifest with a bad line is refused, with the number of the line and what is wrong with it."""
    (folder / "m.jsonl").write_text(json.dumps({"uri": "b.mp4", "id": "one"}) + f"\n{line}\n")
    with pytest.raises(VideosError) as refused:
        find_videos(str(folder / "m.jsonl"))
    assert problem in str(refused.value)


@pytest.mark.parametrize("address", ["http://host/c.mp4", "https://host/c.mp4", "HTTPS://host/c.mp4", "ftp://host/c"])
def test_an_address_that_cannot_be_read_is_refused_with_those_that_can(folder: Path, address: str) -> None:
    """It is never taken as a path: not in a manifest, whose line is named, nor as --videos."""
    (folder / "m.jsonl").write_text(json.dumps({"uri": "b.mp4"}) + "\n" + json.dumps({"uri": address}))
    allowed = "cannot be used; allowed are local paths, file://, s3:// and gs://; copy what lies there to one of them"
    for videos, start in ((str(folder / "m.jsonl"), f"{folder}/m.jsonl line 2: uri"), (address, "--videos")):
        with pytest.raises(VideosError) as refused:
            find_videos(videos)
        scheme = address.partition("://")[0].lower()
        assert str(refused.value) == f"{start} {address!r}: {scheme}:// {allowed}"


def test_a_file_address_names_the_path(folder: Path) -> None:
    """file:// is followed by an absolute path in which %20 is a space, in a manifest and as --videos."""
    (folder / "a b.mp4").write_bytes(b"spaced")
    addresses = [f"file://{folder}/a%20b.mp4", f"file://localhost{folder}/b.mp4"]
    (folder / "m.jsonl").write_text("\n".join(json.dumps({"uri": address}) for address in addresses))
    sources = find_videos(f"file://{folder}/m.jsonl").sources
    assert [source.location.read_bytes() for source in sources] == [b"spaced", b"b.mp4"]


@pytest.mark.parametrize("name", ["m.jsonl", "M.JSONL", "m.NDJson"])
def test_a_manifest_is_one_whatever_its_editor_makes_of_it(folder: Path, name: str) -> None:
    """A byte-order mark before the first line and capitals in the extension change nothing."""
    (folder / name).write_bytes(b'\xef\xbb\xbf{"uri": "b.mp4"}\r\n{"uri": "sub/a.MKV"}\r\n')
    assert uris(find_videos(str(folder / name)).sources) == ["b.mp4", "sub/a.MKV"]


@pytest.mark.parametrize("videos", ["missing", "missing/*.mp4", "empty", "no_videos"])
def test_nothing_to_take_is_refused(tmp_path: Path, videos: str) -> None:
    """A missing path, an empty folder and one without videos are refused in one line."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "no_videos").mkdir()
    (tmp_path / "no_videos" / "a.txt").write_text("a")
    with pytest.raises(VideosError) as refused:
        find_videos(str(tmp_path / videos))
    assert "\n" not in str(refused.value)


def test_a_name_that_is_no_text_is_refused_with_the_name(tmp_path: Path) -> None:
    """A file name that is not UTF-8 cannot be stored as a uri: it is named, any other text is taken."""
    (tmp_path / "ä b 😀.mp4").write_bytes(b"video")
    assert uris(find_videos(str(tmp_path)).sources) == ["ä b 😀.mp4"]
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.mp4")).write_bytes(b"video")
    with pytest.raises(VideosError, match="is not UTF-8; rename it"):
        find_videos(str(tmp_path))


def test_the_least_uri_of_equal_contents_is_kept(folder: Path) -> None:
    """Of two files with the same bytes the lesser uri is the video; the other is a drop that names it."""
    (folder / "z.mp4").write_bytes(b"b.mp4")
    contents = read_contents(find_videos(str(folder)).sources, ledger(folder))
    assert sorted(video.ref.uri for video in contents.videos) == ["b.mp4", "sub/a.MKV", "sub/deep/c.webm"]
    [drop] = contents.drops
    assert (drop.reason, drop.uri, drop.detail) == (DropReason.DUPLICATE, "z.mp4", "same content as b.mp4")


@pytest.mark.parametrize("given", [{"id": "mine"}, {"split": "test"}, {"licence": "CC0"}, {"source": "web"}])
def test_of_equal_contents_the_one_that_more_is_said_of_is_kept(folder: Path, given: dict[str, str]) -> None:
    """What the manifest says of z.mp4 is not lost to b.mp4, which has the same bytes and a lesser uri."""
    (folder / "z.mp4").write_bytes(b"b.mp4")
    lines = [{"uri": "b.mp4"}, {"uri": "z.mp4", **given}]
    (folder / "m.jsonl").write_text("\n".join(map(json.dumps, lines)))
    contents = read_contents(find_videos(str(folder / "m.jsonl")).sources, ledger(folder))
    assert [video.ref for video in contents.videos] == [VideoRef(uri="z.mp4", **given)]
    assert [(drop.uri, drop.detail) for drop in contents.drops] == [("b.mp4", "same content as z.mp4")]


@pytest.mark.parametrize("other", [{}, {"id": "other"}])
def test_an_id_that_is_the_hash_of_another_video_is_refused(folder: Path, other: dict[str, str]) -> None:
    """Ids of clips start with the hash, so one line names both uris, whether or not the other has an id of its own."""
    taken = hashlib.sha256(b"b.mp4").hexdigest()[:16]
    lines = [{"uri": "b.mp4", **other}, {"uri": "sub/a.MKV", "id": taken}]
    (folder / "m.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(VideosError) as refused:
        read_contents(find_videos(str(folder / "m.jsonl")).sources, ledger(folder))
    assert all(name in str(refused.value) for name in ("b.mp4", "sub/a.MKV", repr(taken), "give it another id"))
    (folder / "own.jsonl").write_text(json.dumps({"uri": "b.mp4", "id": taken}))
    assert read_contents(find_videos(str(folder / "own.jsonl")).sources, ledger(folder)).videos[0].video_id == taken


def test_what_cannot_be_read_is_a_drop(folder: Path) -> None:
    """A file that refuses to be opened, and one that a manifest names and is not there, are UNREADABLE."""
    locked = Location(fs.PyFileSystem(_Locked()), str(folder / "b.mp4"))
    absent = Location.parse(str(folder / "absent.mp4"))
    sources = [Source(VideoRef(uri="b.mp4"), locked), Source(VideoRef(uri="absent.mp4"), absent)]
    contents = read_contents(sources, ledger(folder))
    assert contents.videos == ()
    assert [(drop.reason, drop.detail) for drop in contents.drops] == [
        (DropReason.UNREADABLE, "cannot be read"),
        (DropReason.UNREADABLE, "does not exist"),
    ]


def test_the_ledger_spares_a_second_reading(folder: Path) -> None:
    """A file that has not changed is not opened again; one whose time of change differs is."""
    known = ledger(folder)
    first = read_contents(find_videos(str(folder)).sources, known)
    locked = [Source(video.ref, Location(fs.PyFileSystem(_Locked()), video.location.path)) for video in first.videos]
    assert read_contents(locked, ledger(folder)).drops == ()
    os.utime(folder / "b.mp4", ns=(1, 1))
    assert [drop.uri for drop in read_contents(locked, ledger(folder)).drops] == ["b.mp4"]


@pytest.mark.parametrize(
    "damaged", [b"", b'{"a": ', b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"KEY": 1}', b'{"KEY": "ab"}']
)
def test_a_damaged_ledger_is_as_good_as_none(folder: Path, damaged: bytes) -> None:
    """Whatever stands in it that is no hash, the files are hashed anew and the ledger is whole afterwards."""
    key = json.dumps(ledger_key(folder / "b.mp4"))[1:-1].encode()
    (folder / "ledger.json").write_bytes(damaged.replace(b"KEY", key))
    [video] = read_contents(find_videos(str(folder / "b.mp4")).sources, ledger(folder)).videos
    assert video.content_sha256 == hashlib.sha256(b"b.mp4").hexdigest()
    assert json.loads((folder / "ledger.json").read_bytes()) == {ledger_key(folder / "b.mp4"): video.content_sha256}


def test_the_hash_is_that_of_the_bytes(folder: Path) -> None:
    """SHA-256 of "b.mp4" by another route."""
    assert hash_file(Location.parse(str(folder / "b.mp4"))) == hashlib.sha256(b"b.mp4").hexdigest()


def ledger(folder: Path) -> Ledger:
    return Ledger(Location.parse(str(folder / "ledger.json")))


def ledger_key(path: Path) -> str:
    return f"{path}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}"


class _Locked(fs.FileSystemHandler):
    """A local filesystem that lets nobody open a file: tests may run as root, who may open all."""

    def get_type_name(self) -> str:
        return "locked"

    def get_file_info(self, paths: list[str]) -> list[fs.FileInfo]:
        return list(fs.LocalFileSystem().get_file_info(paths))

    def open_input_file(self, path: str) -> pa.NativeFile:
        raise PermissionError(13, "Permission denied", path)

    open_input_stream = open_output_stream = open_append_stream = open_input_file

    def _refuse(self, *arguments: object) -> None:
        raise NotImplementedError(arguments)

    copy_file = create_dir = delete_dir = delete_dir_contents = delete_file = delete_root_dir_contents = _refuse
    get_file_info_selector = move = normalize_path = _refuse
