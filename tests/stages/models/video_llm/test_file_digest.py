"""Digests of files: right whatever happened to the file, and read once if nothing did."""

import hashlib
import os
from pathlib import Path

import pytest

from stages.models.video_llm import file_digest
from stages.models.video_llm.file_digest import file_sha256, files_digest

LONG = b"0123456789abcdef" * (1 << 16)
"""1 MiB, the least that is remembered."""
OLD = 1_000_000_000


@pytest.fixture(autouse=True)
def caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of caches, with every file taken as settled: ctime cannot be set."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    monkeypatch.setattr(file_digest, "_SETTLED_SECONDS", -1.0)
    return tmp_path / "caches"


def entries(caches: Path) -> list[Path]:
    """The remembered digests."""
    return [path for path in caches.rglob("*") if path.is_file()]


def sha256(content: bytes) -> str:
    """Of some bytes."""
    return hashlib.sha256(content).hexdigest()


def test_a_file_is_read_once(tmp_path: Path, caches: Path) -> None:
    """What is remembered is what is given the next time; nobody reads the file again."""
    file = tmp_path / "weights"
    file.write_bytes(LONG)
    assert file_sha256(file) == sha256(LONG)
    [entry] = entries(caches)
    entry.write_text("f" * 64)
    assert file_sha256(file) == "f" * 64


@pytest.mark.parametrize("change", ["content", "copy", "times"])
def test_a_file_that_changed_is_read_again(tmp_path: Path, change: str) -> None:
    """One byte changed with size and modification time kept; a copy in its place; other times."""
    file = tmp_path / "weights"
    file.write_bytes(LONG)
    os.utime(file, (OLD, OLD))
    file_sha256(file)
    content = LONG
    if change == "content":
        content = b"x" + LONG[1:]
        file.write_bytes(content)
        os.utime(file, (OLD, OLD))
    elif change == "copy":
        content = LONG[:-1] + b"x"
        (tmp_path / "copy").write_bytes(content)
        os.utime(tmp_path / "copy", (OLD, OLD))
        (tmp_path / "copy").replace(file)
    else:
        os.utime(file, (OLD, OLD + 1))
    assert file_sha256(file) == sha256(content)


@pytest.mark.parametrize("damage", ["", "no digest", "f" * 63, "\udcff"])
def test_a_damaged_entry_is_not_believed(tmp_path: Path, caches: Path, damage: str) -> None:
    """The file is hashed again, and its entry is mended."""
    file = tmp_path / "weights"
    file.write_bytes(LONG)
    file_sha256(file)
    [entry] = entries(caches)
    entry.write_bytes(damage.encode(errors="surrogateescape"))
    assert file_sha256(file) == sha256(LONG) == entry.read_text()


def test_a_cache_that_cannot_be_written_is_done_without(
    tmp_path: Path, caches: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file stands where its folder would be, or the user has no home."""
    file = tmp_path / "weights"
    file.write_bytes(LONG)
    caches.write_text("")
    assert file_sha256(file) == sha256(LONG)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", _homeless)
    assert file_sha256(file) == sha256(LONG)


def _homeless() -> Path:
    raise RuntimeError("Could not determine home directory.")


def test_what_has_just_changed_is_not_remembered(tmp_path: Path, caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may change again within one tick of the file system's clock. Nor are small files."""
    monkeypatch.setattr(file_digest, "_SETTLED_SECONDS", 60.0)
    file = tmp_path / "weights"
    file.write_bytes(LONG)
    assert file_sha256(file) == sha256(LONG)
    monkeypatch.setattr(file_digest, "_SETTLED_SECONDS", -1.0)
    (tmp_path / "small").write_bytes(LONG[:-1])
    assert file_sha256(tmp_path / "small") == sha256(LONG[:-1])
    assert entries(caches) == []


def test_several_files_are_told_apart_by_name_and_content(tmp_path: Path) -> None:
    """Order does not matter; two contents exchanged do."""
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("1")
    second.write_text("2")
    before = files_digest([first, second])
    assert files_digest([second, first]) == before
    first.write_text("2")
    second.write_text("1")
    assert files_digest([first, second]) != before
