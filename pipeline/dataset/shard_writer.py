"""Rows become Parquet shards of fixed size: the same rows in the same order give the same bytes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.storage.location import Location
from schemas.dataset import ShardEntry


@dataclass(frozen=True)
class ShardSizes:
    """When a row group is full (at whichever limit comes first), and how many row groups make a shard."""

    row_group_rows: int = 10_000
    row_group_bytes: int = 64 << 20
    """Size in memory; one addition may be larger."""
    row_groups: int = 16


class ShardWriter:
    """Writes one table of the set as `NAME/part-00000.parquet` and so on; an empty table has one empty shard."""

    def __init__(self, out: Location, name: str, schema: pa.Schema, sizes: ShardSizes, scratch: Path) -> None:
        self._out, self._name, self._schema, self._sizes = out, name, schema, sizes
        self._path = scratch / f"{name}.parquet"
        self._pending: list[pa.Table] = []
        self._groups = 0
        self._writer: pq.ParquetWriter | None = None
        self._entries: list[ShardEntry] = []

    def add(self, rows: pa.Table) -> None:
        """Append rows, few enough to be held in memory; they must come in order of id."""
        rows = rows.cast(self._schema)
        if self._pending and self._pending_bytes() + rows.nbytes > self._sizes.row_group_bytes:
            self._flush()
        while rows.num_rows:
            space = self._sizes.row_group_rows - self._pending_rows()
            self._pending.append(rows.slice(0, space))
            rows = rows.slice(space)
            if self._pending_rows() == self._sizes.row_group_rows:
                self._flush()

    def finish(self) -> list[ShardEntry]:
        """Write what is pending; gives all shards in order."""
        if self._pending or not (self._entries or self._writer):
            self._flush()
        if self._writer is not None:
            self._close(self._writer)
        return self._entries

    def _pending_rows(self) -> int:
        return sum(table.num_rows for table in self._pending)

    def _pending_bytes(self) -> int:
        return sum(table.nbytes for table in self._pending)

    def _flush(self) -> None:
        """Write the pending rows as one row group."""
        group = pa.concat_tables([self._schema.empty_table(), *self._pending]).combine_chunks()
        self._pending = []
        writer = self._writer or pq.ParquetWriter(self._path, self._schema, compression="zstd")
        writer.write_table(group, row_group_size=max(1, group.num_rows))
        self._writer, self._groups = writer, self._groups + 1
        if self._groups == self._sizes.row_groups:
            self._close(writer)

    def _close(self, writer: pq.ParquetWriter) -> None:
        """Finish the shard and move it to its place."""
        writer.close()
        self._writer, self._groups = None, 0
        name = f"{self._name}/part-{len(self._entries):05d}.parquet"
        with self._path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        rows, size = pq.read_metadata(self._path).num_rows, self._path.stat().st_size
        (self._out / name).adopt(self._path)
        self._entries.append(ShardEntry(path=name, rows=rows, bytes=size, sha256=sha256))
