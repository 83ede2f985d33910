"""What is in the files: contents, duplicates, and files that cannot be read."""

import hashlib
import json
from pathlib import Path

import pytest
from pyarrow import fs

from pipeline.inputs.contents import read_contents
from pipeline.inputs.videos import VideoSource, find_videos
from pipeline.storage.location import Location
from schemas.drop import DropReason
from schemas.errors import VideosError
from schemas.video import VideoRef
from tests.pipeline.inputs.sources import LockedFiles, cache


def test_the_least_uri_of_equal_contents_is_kept(folder: Path) -> None:
    """Of two files with the same bytes the lesser uri is the video; the other is a drop that names it."""
    (folder / "z.mp4").write_bytes(b"b.mp4")
    contents = read_contents(find_videos(str(folder)).sources, cache(folder))
    assert sorted(video.ref.uri for video in contents.videos) == ["b.mp4", "sub/a.MKV", "sub/deep/c.webm"]
    [drop] = contents.drops
    assert (drop.reason, drop.uri, drop.detail) == (DropReason.DUPLICATE, "z.mp4", "same content as b.mp4")


@pytest.mark.parametrize("given", [{"id": "mine"}, {"split": "test"}, {"licence": "CC0"}, {"source": "web"}])
def test_of_equal_contents_the_one_that_more_is_said_of_is_kept(folder: Path, given: dict[str, str]) -> None:
    """What the manifest says of z.mp4 is not lost to b.mp4, which has the same bytes and a lesser uri."""
    (folder / "z.mp4").write_bytes(b"b.mp4")
    lines = [{"uri": "b.mp4"}, {"uri": "z.mp4", **given}]
    (folder / "m.jsonl").write_text("\n".join(map(json.dumps, lines)))
    contents = read_contents(find_videos(str(folder / "m.jsonl")).sources, cache(folder))
    assert [video.ref for video in contents.videos] == [VideoRef(uri="z.mp4", **given)]
    assert [(drop.uri, drop.detail) for drop in contents.drops] == [("b.mp4", "same content as z.mp4")]


@pytest.mark.parametrize("other", [{}, {"id": "other"}])
def test_an_id_that_is_the_hash_of_another_video_is_refused(folder: Path, other: dict[str, str]) -> None:
    """Ids of clips start with the hash, so one line names both uris, whether or not the other has an id of its own."""
    taken = hashlib.sha256(b"b.mp4").hexdigest()[:16]
    lines = [{"uri": "b.mp4", **other}, {"uri": "sub/a.MKV", "id": taken}]
    (folder / "m.jsonl").write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(VideosError) as refused:
        read_contents(find_videos(str(folder / "m.jsonl")).sources, cache(folder))
    assert all(name in str(refused.value) for name in ("b.mp4", "sub/a.MKV", repr(taken), "give it another id"))
    (folder / "own.jsonl").write_text(json.dumps({"uri": "b.mp4", "id": taken}))
    assert read_contents(find_videos(str(folder / "own.jsonl")).sources, cache(folder)).videos[0].video_id == taken


def test_what_cannot_be_read_is_a_drop(folder: Path) -> None:
    """UNREADABLE are a file that cannot be opened, one that a manifest names and does not exist, a folder in place of a
    file, a link to a file that is gone, and a link that leads back to itself.
    """
    locked = Location(fs.PyFileSystem(LockedFiles()), str(folder / "b.mp4"))
    (folder / "link.mp4").symlink_to("gone.mp4")
    (folder / "self.mp4").symlink_to("self.mp4")
    others = [(name, Location.parse(str(folder / name))) for name in ("absent.mp4", "sub", "link.mp4", "self.mp4")]
    sources = [VideoSource(VideoRef(uri=uri), place) for uri, place in [("b.mp4", locked), *others]]
    contents = read_contents(sources, cache(folder))
    assert contents.videos == ()
    assert {drop.reason for drop in contents.drops} == {DropReason.UNREADABLE}
    assert [(drop.uri, drop.detail) for drop in contents.drops] == [
        ("b.mp4", "cannot be read"),
        ("absent.mp4", "does not exist"),
        ("sub", "cannot be read"),
        ("link.mp4", "a broken link"),
        ("self.mp4", "a broken link"),
    ]
