"""Hashes of files that have not changed are not computed again."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from pyarrow import fs

from pipeline.inputs.contents import read_contents
from pipeline.inputs.videos import VideoSource, find_videos
from pipeline.storage.location import Location
from tests.pipeline.inputs.sources import LockedFiles, cache


def test_the_cache_spares_a_second_reading(folder: Path) -> None:
    """A file that has not changed is not opened again; one whose time of change differs is."""
    known = cache(folder)
    first = read_contents(find_videos(str(folder)).sources, known)
    filesystem = fs.PyFileSystem(LockedFiles())
    locked = [VideoSource(video.ref, Location(filesystem, video.location.path)) for video in first.videos]
    assert read_contents(locked, cache(folder)).drops == ()
    os.utime(folder / "b.mp4", ns=(1, 1))
    assert [drop.uri for drop in read_contents(locked, cache(folder)).drops] == ["b.mp4"]


@pytest.mark.parametrize(
    "damaged", [b"", b'{"a": ', b"\xff\xfe", b"[]", b"null", b"[" * 100_000, b'{"KEY": 1}', b'{"KEY": "ab"}']
)
def test_a_damaged_cache_is_as_good_as_none(folder: Path, damaged: bytes) -> None:
    """Whatever stands in it that is no hash, the files are hashed anew and the cache is whole afterwards."""
    key = json.dumps(cache_key(folder / "b.mp4"))[1:-1].encode()
    (folder / "hashes.json").write_bytes(damaged.replace(b"KEY", key))
    [video] = read_contents(find_videos(str(folder / "b.mp4")).sources, cache(folder)).videos
    assert video.content_sha256 == hashlib.sha256(b"b.mp4").hexdigest()
    assert json.loads((folder / "hashes.json").read_bytes()) == {cache_key(folder / "b.mp4"): video.content_sha256}


def cache_key(path: Path) -> str:
    return f"{path}\0{path.stat().st_size}\0{path.stat().st_mtime_ns}"
