"""Which files fit a glob, and which folders are read for it."""

from pathlib import Path

import pytest

from pipeline.inputs.videos import find_videos
from schemas.errors import VideosError
from tests.pipeline.inputs.sources import uris


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
