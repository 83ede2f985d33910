"""A place on a disk or a store: what its address means, and what is done to its file."""

import hashlib
import os
import pickle
from pathlib import Path

import pytest

from pipeline.storage.location import Location, filesystem_error, is_address
from schemas.errors import UserError


def test_a_local_path_is_absolute_and_reads_as_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A relative path is taken from the working folder; what is shown can be given again."""
    monkeypatch.chdir(tmp_path)
    location = Location.parse("a/b.mp4")
    assert (location.is_local, str(location)) == (True, f"{tmp_path}/a/b.mp4")
    assert Location.parse(str(location)) == location
    assert Location.parse(f"file://{tmp_path}/a/b.mp4") == location
    assert str(location / "c") == f"{tmp_path}/a/b.mp4/c"


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("", "'' is not a path"),
        ("http://host/x", "http:// cannot be used; allowed are local paths, file://, s3:// and gs://"),
        ("s3://", "'s3://' does not name a bucket; give s3://bucket/path"),
        ("gs:///x", "'gs:///x' does not name a bucket; give gs://bucket/path"),
        ("s3://bucket//x", "has an empty part between two slashes"),
        ("s3://bucket%/x", "'s3://bucket%/x' cannot be used: Cannot parse URI"),
        ("file://host/x", "does not name a file of this machine; give file:///path with three slashes"),
        ("a\0b", "holds a NUL character"),
        ("a\udcffb", "is not UTF-8; rename it"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(address: str, problem: str) -> None:
    """One line with the address and what may be given in its place; no network is asked for it."""
    with pytest.raises(UserError) as refused:
        Location.parse(address)
    assert problem in str(refused.value)


def test_only_a_scheme_with_slashes_is_an_address() -> None:
    """A path with a colon is a path."""
    assert [is_address(text) for text in ("s3://b/k", "C:/x", "a:b", "x/s3://b")] == [True, False, False, False]


def test_a_server_of_ones_own_goes_with_the_location(monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS_ENDPOINT_URL is kept in the pickled location: a worker elsewhere need not have the variable."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    location = Location.parse("s3://bucket/key")
    content = pickle.dumps(location)
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    assert pickle.loads(content) == location  # noqa: S301 written above
    assert "http://127.0.0.1:1" in str(location.filesystem.__reduce__())
    assert str(location) == "s3://bucket/key"


def test_a_file_is_written_read_moved_and_deleted(tmp_path: Path) -> None:
    """Its bytes and their SHA-256 come back, however its name ends; a moved file is gone from where it was."""
    location = Location.parse(str(tmp_path / "deep" / "a.gz"))
    location.write_bytes(b"not compressed")
    assert (location.is_file(), location.read_bytes()) == (True, b"not compressed")
    assert location.sha256() == hashlib.sha256(b"not compressed").hexdigest()
    assert location.entry().size_bytes == len(b"not compressed")
    other = Location.parse(str(tmp_path / "other" / "b"))
    other.adopt(Path(location.path))
    assert (location.is_file(), other.read_bytes()) == (False, b"not compressed")
    other.delete()
    other.delete()
    assert not other.is_file()


def test_what_is_not_a_file_has_no_entry(tmp_path: Path) -> None:
    """FileNotFoundError if nothing is there, another OSError for a folder and a pipe."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileNotFoundError):
        Location.parse(str(tmp_path / "nothing")).entry()
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(OSError, match="is not a file"):
            Location.parse(str(path)).entry()


def test_special_files_are_known_before_they_are_opened(tmp_path: Path) -> None:
    """A pipe and a link to a device are special; a file, a folder, a broken link and nothing are not."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "device").symlink_to("/dev/zero")
    (tmp_path / "broken").symlink_to("gone")
    (tmp_path / "file").write_bytes(b"")
    names = ("pipe", "device", "broken", "file", "", "nothing")
    found = [Location.parse(str(tmp_path / name)).is_special for name in names]
    assert found == [True, True, False, False, False, False]


def test_files_below_a_folder_come_sorted(tmp_path: Path) -> None:
    """All depths, by path; a folder that does not exist holds none."""
    for name in ("b", "a/c", "a/b"):
        Location.parse(str(tmp_path / name)).write_bytes(name.encode())
    paths = [entry.path.removeprefix(f"{tmp_path}/") for entry in Location.parse(str(tmp_path)).entries()]
    assert paths == ["a/b", "a/c", "b"]
    assert list(Location.parse(str(tmp_path / "nothing")).entries()) == []


def test_an_error_is_told_without_its_path() -> None:
    """What the system says, on one line; the whole text of an error without a number."""
    assert filesystem_error(PermissionError(13, "Permission denied", "/x")) == "Permission denied"
    assert filesystem_error(OSError("two\n lines")) == "two lines"
