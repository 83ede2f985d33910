"""A file as a path on this machine; copies from a store are tested in `tests/pipeline/test_object_store.py`."""

from pathlib import Path

import pytest
from pyarrow import fs

from pipeline.storage.local_copy import FetchError, local_copy
from pipeline.storage.location import Location


def test_a_local_file_is_its_own_copy(tmp_path: Path) -> None:
    """Nothing is copied on a disk."""
    (tmp_path / "a.mp4").write_bytes(b"a")
    with local_copy(Location.parse(str(tmp_path / "a.mp4"))) as path:
        assert path == tmp_path / "a.mp4"
    assert path.exists()


def test_a_file_of_a_store_is_copied_for_as_long_as_it_is_used(tmp_path: Path) -> None:
    """The copy has the name and the bytes of the file, and is gone afterwards; the file stays."""
    (tmp_path / "a.mp4").write_bytes(b"video")
    store = Location(fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem()), "a.mp4")
    with local_copy(store) as path:
        assert (path.name, path.read_bytes()) == ("a.mp4", b"video")
        assert path != tmp_path / "a.mp4"
    assert not path.parent.exists()
    assert (tmp_path / "a.mp4").exists()


def test_a_file_that_cannot_be_fetched_is_no_bug(tmp_path: Path) -> None:
    """The store's error becomes a FetchError, which drops the video."""
    store = Location(fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem()), "gone.mp4")
    with pytest.raises(FetchError), local_copy(store):
        pass
