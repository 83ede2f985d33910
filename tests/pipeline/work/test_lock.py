"""One run at a time writes to an --out."""

from pathlib import Path

import pytest
from pyarrow import fs

from pipeline.storage.location import Location
from pipeline.work.lock import output_locked
from schemas.errors import OutputError


def refused(out: Location, lock: Location) -> None:
    """Try to be the second holder."""
    with pytest.raises(OutputError, match="is being written by another run"), output_locked(out, lock):
        pass


def test_a_locked_output_is_refused_until_it_is_released(tmp_path: Path) -> None:
    """The second holder is refused, an exception of the first one releases the lock, and another --out is free."""
    out, lock = Location.parse(str(tmp_path)), Location.parse(str(tmp_path / "lock"))
    with output_locked(out, lock), output_locked(out, Location.parse(str(tmp_path / "other"))):
        refused(out, lock)
    with pytest.raises(KeyboardInterrupt), output_locked(out, lock):
        raise KeyboardInterrupt
    with output_locked(out, lock):
        pass


def test_a_store_is_never_locked(tmp_path: Path) -> None:
    """It has no locks: two builds may run, and no lock file is written."""
    store = Location(fs.SubTreeFileSystem(str(tmp_path), fs.LocalFileSystem()), "ds")
    with output_locked(store, store / "lock"), output_locked(store, store / "lock"):
        assert list(tmp_path.iterdir()) == []
