"""Files that are complete or do not exist."""

import os
from pathlib import Path

import pytest

from trainer.atomic_file import sweep_partial, write_whole


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    """The content is that given, an older one is replaced, and nothing else is left beside it."""
    path = tmp_path / "a" / "b.json"
    for content in (b"one", b"two"):
        write_whole(path, content)
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk at the last moment: the older content stays, and no partial file."""
    path = tmp_path / "b.json"
    write_whole(path, b"one")

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"two")
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_what_killed_processes_leave_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed before it renames leaves a partial file; sweeping deletes it, and nothing else."""
    (tmp_path / "kept.partial.json").touch()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            write_whole(tmp_path / "deep" / "b.json", b"two")
    assert len(list((tmp_path / "deep").iterdir())) == 1
    sweep_partial(tmp_path)
    assert list((tmp_path / "deep").iterdir()) == []
    assert (tmp_path / "kept.partial.json").exists()
