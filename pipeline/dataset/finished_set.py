"""A finished set, opened: its dataset.json, and its tables read lazily, wherever they lie."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import ValidationError

from pipeline.storage.location import Location
from schemas.arrow import from_table
from schemas.clip import Clip
from schemas.context import ClipContext
from schemas.dataset import DatasetManifest, ShardEntry
from schemas.drop import Drop
from schemas.errors import DatasetError
from schemas.pair import Pair
from schemas.problems import first_problem, one_line
from schemas.record import Record
from schemas.samples import Comparison, SampledQuestion
from schemas.video import Split

TABLES: dict[str, type[Record]] = {"pairs": Pair, "clips": Clip, "drops": Drop}
"""The tables of a set and the record that a row of each is."""
ROUND_TABLES: dict[str, type[Record]] = {
    "contexts": ClipContext,
    "samples": SampledQuestion,
    "comparisons": Comparison,
}
"""Further tables of the set of a round of self-sampling; the shards of `comparisons` are named by their outcome."""

R = TypeVar("R", bound=Record)
_FOOTERS = 64
"""Shards whose footers are kept: a footer says where everything lies, and without it each read would fetch it again."""


@dataclass(frozen=True)
class RowGroup:
    """One row group of one shard: the unit in which tables are read into memory."""

    shard: ShardEntry
    number: int


class FinishedSet:
    """A set whose dataset.json could be read; whether its shards are whole is what `verify` checks."""

    def __init__(self, location: Location, manifest: DatasetManifest) -> None:
        self.location = location
        self.manifest = manifest
        self._footers: dict[str, pq.FileMetaData] = {}

    def __reduce__(self) -> tuple[type["FinishedSet"], tuple[Location, DatasetManifest]]:
        """Sent to another process without its footers, which are read there again."""
        return FinishedSet, (self.location, self.manifest)

    @classmethod
    def open(cls, address: str) -> "FinishedSet":
        """Open the set at a path or an s3:// or gs:// address. DatasetError if there is no set, or a damaged one."""
        location = Location.parse(address)
        try:
            content = (location / "dataset.json").read_bytes()
        except FileNotFoundError as error:
            hint = "give the --out of a build that has finished"
            raise DatasetError(f"{address} is not a finished set: it has no dataset.json; {hint}") from error
        except OSError as error:
            raise DatasetError(f"{address} cannot be read: {one_line(error)}") from error
        try:
            return cls(location, DatasetManifest.model_validate_json(content))
        except ValidationError as error:
            problem = first_problem(error, DatasetManifest)
            raise DatasetError(f"{address}: dataset.json is damaged: {problem}; build the set again") from error
        except DatasetError as error:
            raise DatasetError(f"{address}: {error}") from error

    def shards(self, table: str) -> list[ShardEntry]:
        """The shards of a table, in order."""
        return [shard for shard in self.manifest.shards if shard.path.startswith(f"{table}/")]

    def splits(self) -> list[Split]:
        """The splits that the shards of the pairs are named after, sorted by name."""
        names = self.parts("pairs")
        return [split for split in sorted(Split) if split in names]

    def parts(self, table: str) -> list[str]:
        """What the shards of a table are named after, such as splits, sorted by name."""
        return sorted({shard.path.removeprefix(f"{table}/").rpartition("-")[0] for shard in self.shards(table)})

    def rows(self) -> dict[str, int]:
        """Rows of each table that it has, by dataset.json."""
        tables = (*TABLES, *(table for table in ROUND_TABLES if self.shards(table)))
        return {table: sum(shard.rows for shard in self.shards(table)) for table in tables}

    def row_groups(self, table: str) -> Iterator[RowGroup]:
        """Every row group of a table, in order. DatasetError if a shard cannot be opened."""
        for shard in self.shards(table):
            with self.open_shard(shard) as file:
                count = file.num_row_groups
            yield from (RowGroup(shard, number) for number in range(count))

    def read(self, group: RowGroup, columns: Sequence[str] | None = None) -> pa.Table:
        """A row group, or some of its columns (nested ones by dotted path). DatasetError if it is damaged."""
        with self.open_shard(group.shard) as file:
            return file.read_row_group(group.number, columns=None if columns is None else list(columns))

    def column_bytes(self, group: RowGroup) -> dict[str, int]:
        """Bytes of each column of a row group, as they are stored. DatasetError if the shard cannot be opened."""
        with self.open_shard(group.shard) as file:
            stored = file.metadata.row_group(group.number)
        found: dict[str, int] = {}
        for column in map(stored.column, range(stored.num_columns)):
            name = column.path_in_schema.partition(".")[0]
            found[name] = found.get(name, 0) + column.total_compressed_size
        return found

    def tables(self, table: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """A table, one row group at a time."""
        for group in self.row_groups(table):
            yield self.read(group, columns)

    def records(self, record: type[R], table: str) -> Iterator[R]:
        """A table as records, in order. DatasetError if a row breaks an invariant."""
        for part in self.tables(table):
            for start in range(part.num_rows):
                try:
                    yield from from_table(record, part.slice(start, 1))
                except ValidationError as error:
                    raise DatasetError(f"{table} of {self.location}: {one_line(error)}; see vidpref verify") from error

    @contextmanager
    def open_shard(self, shard: ShardEntry) -> Iterator[pq.ParquetFile]:
        """A shard as Parquet. DatasetError if it is missing or damaged, while opening or while reading."""
        place = self.location / shard.path
        try:
            with (
                place.filesystem.open_input_file(place.path) as stream,
                pq.ParquetFile(stream, metadata=self._footers.get(shard.path), pre_buffer=not place.is_local) as file,
            ):
                self._keep(shard, file.metadata)
                yield file
        except (OSError, pa.ArrowException) as error:
            raise DatasetError(f"{place} cannot be read: {one_line(error)}; see vidpref verify") from error

    def _keep(self, shard: ShardEntry, footer: pq.FileMetaData) -> None:
        self._footers[shard.path] = footer
        for path in list(self._footers)[:-_FOOTERS]:
            self._footers.pop(path, None)

    def sha256(self, shard: ShardEntry) -> str:
        """SHA-256 of the shard's file, hex. OSError if it cannot be read."""
        return (self.location / shard.path).sha256()
