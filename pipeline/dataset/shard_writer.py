"""Rows become Parquet shards of fixed size: the same rows in the same order give the same bytes."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Generic, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.storage.location import Location
from schemas.dataset import ShardEntry

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True)
class ShardSizes:
    """When a row group is full (at whichever limit comes first), and how many row groups make a shard."""

    row_group_rows: int = 10_000
    row_group_bytes: int = 64 << 20
    """Size in memory; a single addition may be larger."""
    row_groups: int = 16


CLIP_SIZES = ShardSizes(row_group_bytes=4 << 20, row_groups=256)
"""Of the clips: a clip of usual size has a row group of its own, so that it can be read without its neighbours."""


class ShardWriter:
    """Writes rows as `TABLE/PART-00000.parquet` and so on; without rows it writes one shard that has no row group."""

    def __init__(
        self, out: Location, table: str, schema: pa.Schema, sizes: ShardSizes, scratch: Path, part: str = "part"
    ) -> None:
        self._out, self._name, self._schema, self._sizes = out, f"{table}/{part}", schema, sizes
        self._path = scratch / f"{table}-{part}.parquet"
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
        """Write what is pending, and return all shards in order."""
        if self._pending:
            self._flush()
        if self._writer is None and not self._entries:
            self._writer = self._opened()
        if self._writer is not None:
            self._close(self._writer)
        return self._entries

    def _pending_rows(self) -> int:
        return sum(table.num_rows for table in self._pending)

    def _pending_bytes(self) -> int:
        return sum(table.nbytes for table in self._pending)

    def _opened(self) -> pq.ParquetWriter:
        # statistics of nested columns would help no reader, and make half of the footer
        flat = [field.name for field in self._schema if not pa.types.is_nested(field.type)]
        return pq.ParquetWriter(self._path, self._schema, compression="zstd", write_statistics=flat)

    def _flush(self) -> None:
        """Write the pending rows as one row group."""
        group = pa.concat_tables(self._pending).combine_chunks()
        self._pending = []
        writer = self._writer or self._opened()
        writer.write_table(group, row_group_size=group.num_rows)
        self._writer, self._groups = writer, self._groups + 1
        if self._groups == self._sizes.row_groups:
            self._close(writer)

    def _close(self, writer: pq.ParquetWriter) -> None:
        """Finish the shard and move it to its place."""
        writer.close()
        self._writer, self._groups = None, 0
        name = f"{self._name}-{len(self._entries):05d}.parquet"
        with self._path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        rows, size = pq.read_metadata(self._path).num_rows, self._path.stat().st_size
        (self._out / name).adopt(self._path)
        self._entries.append(ShardEntry(path=name, rows=rows, bytes=size, sha256=sha256))


class SplitWriter(Generic[S]):
    """Writes a table whose rows belong to splits: each split that has rows gets shards of its own, named after it."""

    def __init__(self, open_writer: Callable[[S], ShardWriter], empty: S) -> None:
        """`empty`: the split of the one empty shard of a table without rows."""
        self._open, self._empty = open_writer, empty
        self._writers: dict[S, ShardWriter] = {}

    def add(self, rows: pa.Table, split: S) -> None:
        """Append rows of one split; they must come in order of id within it."""
        if split not in self._writers:
            self._writers[split] = self._open(split)
        self._writers[split].add(rows)

    def finish(self) -> list[ShardEntry]:
        """Write what is pending, and return the shards of all splits."""
        writers = self._writers or {self._empty: self._open(self._empty)}
        return [entry for split in sorted(writers) for entry in writers[split].finish()]
