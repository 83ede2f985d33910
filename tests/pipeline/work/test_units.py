"""Units at rest: whole or not at all, and known by what they were made from."""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from numpy.random import default_rng

from pipeline.storage.location import Location
from pipeline.work.units import Units
from schemas.errors import OutputError
from schemas.unit import Unit
from stages.payloads import CutRequest, VideoFile
from tests.pipeline.fakes import FakeCut, FakeDecode, FakeGenerate, FakeGround, FakeVerify
from tests.sets import Offered

SHA = "ab" * 32


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    """A unit of the fakes: one clip, three groups, one drop."""
    path = tmp_path / "video"
    path.write_bytes(b"video")
    file, rng = VideoFile(path, SHA), default_rng(0)
    [decoded] = FakeDecode().process(file, None, rng)
    [grounded] = FakeGround().process(decoded, None, rng)  # type: ignore[arg-type]
    written, drop = FakeGenerate().process(grounded, None, rng)  # type: ignore[arg-type]
    [cut] = FakeCut().process(CutRequest(file, written), None, rng)  # type: ignore[arg-type]
    [whole] = FakeVerify().process(cut, None, rng)  # type: ignore[arg-type]
    return Unit(content_sha256=SHA, questions_seen=4, groups=whole.groups, drops=(drop,), clips=whole.clips)  # type: ignore[arg-type, union-attr]


@pytest.fixture
def units(tmp_path: Path) -> Units:
    """An empty folder of units."""
    return Units(Location.parse(str(tmp_path / "units")), "f" * 64)


def test_a_unit_is_read_back_as_it_was(units: Units, unit: Unit) -> None:
    """Reading gives an equal record, whole or without the pixels."""
    units.commit(unit, unit.content_sha256)
    assert units.read(SHA) == unit
    offered = Offered(SHA, unit.questions_seen, unit.groups, unit.drops)
    assert units.offer(SHA) == offered.outlined()
    some = {unit.groups[0].group_id, unit.groups[-1].group_id}
    assert units.groups(SHA, some) == [group for group in unit.groups if group.group_id in some]
    assert units.clip_ids(SHA).to_pylist() == [clip.clip_id for clip in unit.clips]
    assert units.committed() == {SHA}


def test_the_same_unit_gives_the_same_bytes(units: Units, unit: Unit) -> None:
    """Committing twice leaves equal files."""
    units.commit(unit, unit.content_sha256)
    first = units.location(SHA).read_bytes()
    units.commit(unit, unit.content_sha256)
    assert units.location(SHA).read_bytes() == first


def test_the_footer_names_key_and_row(units: Units, unit: Unit) -> None:
    """The footer holds the unit's key, which depends on content and fingerprint, and a hash of its row."""
    units.commit(unit, unit.content_sha256)
    metadata = pq.read_metadata(units.location(SHA).path).metadata
    assert metadata[b"vidpref_unit"].decode() == units.key(SHA)
    assert units.key(SHA) != units.key("cd" * 32)
    assert units.key(SHA) != Units(units.folder, "e" * 64).key(SHA)
    assert len(metadata[b"vidpref_row_sha256"]) == 64


def test_another_row_under_the_same_footer_is_noticed(units: Units, unit: Unit) -> None:
    """A file whose row is not the one that was committed is refused."""
    units.commit(unit, unit.content_sha256)
    path = units.location(SHA).path
    table = pq.ParquetFile(path).read()
    changed = table.set_column(1, table.schema.field(1), [[99]])
    pq.write_table(changed, path)
    with pytest.raises(OutputError, match="vidpref_row_sha256"):
        units.read(SHA)


def test_a_flipped_byte_is_noticed_without_reading_all(units: Units, unit: Unit) -> None:
    """Pages carry checksums, so a damaged clip is refused where it is read."""
    units.commit(unit, unit.content_sha256)
    path = Path(units.location(SHA).path)
    content = bytearray(path.read_bytes())
    content[content.index(unit.clips[0].frames[1].jpeg[8:24])] ^= 1  # random bytes are stored as they are
    path.write_bytes(content)
    with pytest.raises(OutputError, match="is damaged"):
        units.clips(SHA)


def test_what_a_killed_commit_leaves_is_no_unit(units: Units, unit: Unit) -> None:
    """A file under a temporary name is never taken for a unit, and is swept away at the next start."""
    units.commit(unit, unit.content_sha256)
    left = Path(units.location(SHA).path).parent / ".half-written.tmp"
    left.write_bytes(b"half")
    assert units.committed() == {SHA}
    units.sweep()
    assert not left.exists()
    assert units.committed() == {SHA}


def test_a_commit_that_fails_leaves_nothing(units: Units, unit: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk is full, neither the unit nor a temporary file is there, and one line says so."""

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"^--out .*: the disk is full; make room"):
        units.commit(unit, unit.content_sha256)
    assert units.committed() == set()
    assert [path for path in Path(units.folder.path).rglob("*") if path.is_file()] == []
