"""A manifest of videos: its lines, addresses and mistakes."""

import json
import os
from pathlib import Path

import pytest

from pipeline.inputs.videos import find_videos
from schemas.errors import VideosError
from schemas.video import VideoRef
from tests.pipeline.inputs.sources import uris


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
        ("not json", "line 2: the line is not JSON"),
        ("[" * 100_000, "line 2: the line is not JSON"),
        (r'{"uri": "c.mp4", "id": "\ud800"}', "line 2: Invalid JSON: unexpected end of hex escape"),
        ('{"uri": "c.mp4", "annotations": "pipe"}', "line 2: annotations pipe is a pipe, a socket or a device"),
        ('{"uri": "c.mp4", "annotations": "none.json"}', "line 2: "),
        ('{"id": "x"}', "line 2: uri is missing"),
        ('{"uri": "c.mp4", "spilt": "test"}', "line 2: unknown key spilt: did you mean split?"),
        ('{"uri": "c.mp4", "split": "dev"}', "line 2: split: Input should be 'train', 'validation' or 'test'"),
        ('{"uri": "b.mp4"}', "line 2: uri 'b.mp4' is already in line 1"),
        ('{"uri": "c.mp4", "id": "one"}', "line 2: id 'one' is already in line 1"),
        (r'{"uri": "c\u0000.mp4"}', "c\\x00.mp4' holds a NUL character, which no path may hold; remove it"),
        ('{"uri": "file:///c%00.mp4"}', "line 2: uri '/c\\x00.mp4' holds a NUL character"),
        (
            '{"uri": "file://c.mp4"}',
            "line 2: uri 'file://c.mp4' does not name a file of this machine; give file:///path",
        ),
        ('{"uri": "s3:///c.mp4"}', "line 2: uri 's3:///c.mp4' does not name a bucket; give s3://bucket/path"),
        ('{"uri": "s3://bucket//c.mp4"}', "line 2: uri 's3://bucket//c.mp4' has an empty part between two slashes"),
    ],
)
def test_a_bad_line_is_named_by_its_number(folder: Path, line: str, problem: str) -> None:
    """A manifest with a bad line is refused, with the number of the line and what is wrong with it."""
    (folder / "m.jsonl").write_text(json.dumps({"uri": "b.mp4", "id": "one"}) + f"\n{line}\n")
    os.mkfifo(folder / "pipe")
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
