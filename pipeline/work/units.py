"""Units at rest: one Parquet file per video, which exists whole or not at all.

The file is named by `Video.unit_name` (the content hash, and a hash of the annotations if there are any), its folder by
the fingerprint, so existence means "done by this recipe". The footer carries the unit's key and a hash of its row;
pages carry checksums.
"""

import hashlib
import io
import json
from collections.abc import Collection
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.storage.disk_full import explain_full_disk
from pipeline.storage.location import Location
from schemas.arrow import column_paths, from_table, to_table
from schemas.errors import OutputError
from schemas.group import CandidateGroup
from schemas.samples import Retrospection
from schemas.unit import LentClip, Unit, UnitOffer

_KEY = b"vidpref_unit"
_ROW_HASH = b"vidpref_row_sha256"
_OFFER_COLUMNS = column_paths(UnitOffer)


@dataclass(frozen=True)
class Units:
    """The units of one fingerprint; it can be pickled, so that workers anywhere can commit."""

    folder: Location
    """The folder `units/` of the work folder."""
    fingerprint: str

    def commit(self, unit: Unit, unit_name: str) -> None:
        """Write a unit: on a local disk under a temporary name, synced and renamed; on a store as one object.

        Raises OutputError if the disk is full.
        """
        table = to_table(Unit, [unit])
        metadata = {_KEY: self.key(unit_name).encode(), _ROW_HASH: row_hash(unit).encode()}
        table = table.replace_schema_metadata({**(table.schema.metadata or {}), **metadata})
        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd", write_page_checksum=True)
        location = self.location(unit_name)
        with explain_full_disk(f"--out {location}"):
            location.write_bytes(buffer.getvalue())

    def key(self, unit_name: str) -> str:
        """The key of a unit: a hash of what it was made from and of the recipe."""
        return hashlib.sha256(f"{unit_name}\0{self.fingerprint}".encode()).hexdigest()

    def location(self, unit_name: str) -> Location:
        """Where a unit lies."""
        return self._root / unit_name[:2] / f"{unit_name}.parquet"

    def committed(self) -> set[str]:
        """Names of all units that exist."""
        names = (entry.path.rpartition("/")[2] for entry in self._root.entries())
        return {name.removesuffix(".parquet") for name in names if not name.startswith(".")}

    def offer(self, unit_name: str) -> UnitOffer:
        """The part of a unit that finalise chooses by; pixels and proofs stay on disk."""
        [offer] = from_table(UnitOffer, self._read(unit_name, _OFFER_COLUMNS))
        return offer

    def groups(self, unit_name: str, group_ids: Collection[str]) -> list[CandidateGroup]:
        """Some groups of a unit, whole, in the unit's order."""
        groups = self._read(unit_name, ["groups"]).column("groups").combine_chunks().flatten()
        wanted = pc.is_in(groups.field("group_id"), pa.array(sorted(group_ids), pa.string()))
        return [CandidateGroup.model_validate(group) for group in groups.filter(wanted).to_pylist()]

    def clips(self, unit_name: str) -> pa.Table:
        """The clips of a unit, as Arrow rows of `UnitClip`."""
        clips = self._read(unit_name, ["clips"]).column("clips").combine_chunks().flatten()
        return pa.Table.from_struct_array(clips)

    def lent(self, unit_name: str) -> tuple[LentClip, ...]:
        """What a unit's clips show, for groups of other videos; the pixels stay on disk."""
        columns = [f"clips.list.element.{path}" for path in column_paths(LentClip)]
        clips = self._read(unit_name, columns).column("clips")
        return tuple(LentClip.model_validate(clip) for clip in clips.combine_chunks().flatten().to_pylist())

    def retrospection(self, unit_name: str) -> Retrospection | None:
        """What a round of self-sampling left in a unit."""
        [found] = self._read(unit_name, ["retrospection"]).column("retrospection").to_pylist()
        return None if found is None else Retrospection.model_validate(found)

    def clip_ids(self, unit_name: str) -> pa.Array:
        """The ids of a unit's clips; the pixels stay on disk."""
        clips = self._read(unit_name, ["clips.list.element.clip_id"]).column("clips")
        return clips.combine_chunks().flatten().field("clip_id")

    def read(self, unit_name: str) -> Unit:
        """A whole unit. Raises OutputError if its row differs from what was committed."""
        table = self._read(unit_name, None)
        [unit] = from_table(Unit, table)
        expected = {_KEY: self.key(unit_name), _ROW_HASH: row_hash(unit)}
        for name, value in expected.items():
            if (found := (table.schema.metadata or {}).get(name, b"").decode()) != value:
                raise OutputError(f"{self.location(unit_name)}: {name.decode()} is {found}, expected {value}")
        return unit

    def discard(self, unit_name: str) -> None:
        """Delete a unit, so that it is made again."""
        self.location(unit_name).delete()

    def sweep(self) -> None:
        """Delete the temporary files of interrupted commits."""
        for entry in self._root.entries():
            if entry.path.rpartition("/")[2].startswith("."):
                Location(self._root.filesystem, entry.path).delete()

    @property
    def _root(self) -> Location:
        return self.folder / self.fingerprint[:16]

    def _read(self, unit_name: str, columns: list[str] | None) -> pa.Table:
        location = self.location(unit_name)
        try:
            with pq.ParquetFile(location.path, filesystem=location.filesystem, page_checksum_verification=True) as file:
                return file.read(columns=columns)
        except (pa.ArrowInvalid, OSError) as error:
            first_line = str(error).splitlines()[0]
            raise OutputError(f"{location} is damaged ({first_line}); delete it and run again") from error


def row_hash(unit: Unit) -> str:
    """SHA-256 over every value of a unit, hex."""
    text = json.dumps(unit.model_dump(), default=_bytes_hash, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _bytes_hash(value: bytes) -> str:
    return hashlib.sha256(value).hexdigest()
