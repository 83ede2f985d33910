"""Checks the shards against dataset.json, byte for byte, and their columns against the schema of this program."""

from collections.abc import Collection, Iterator

from pipeline.dataset.finished_set import ROUND_TABLES, TABLES, FinishedSet
from pipeline.storage.location import Location, filesystem_error
from pipeline.verification.failure import SetFailure
from schemas.arrow import arrow_schema
from schemas.dataset import ShardEntry
from schemas.errors import DatasetError

_RECORDS = {**TABLES, **ROUND_TABLES}


def file_failures(opened: FinishedSet) -> Iterator[SetFailure]:
    """One failure per shard that is missing, not listed, or not as listed."""
    listed = {shard.path for shard in opened.manifest.shards}
    for table in (*TABLES, *ROUND_TABLES):
        if table in TABLES and not opened.shards(table):
            yield SetFailure("dataset.json", f"it lists no shard of {table}")
        yield from _unlisted(opened.location / table, table, listed)
    for shard in opened.manifest.shards:
        try:
            yield from (SetFailure(shard.path, problem) for problem in _shard_problems(opened, shard))
        except OSError as error:
            yield SetFailure(shard.path, f"it cannot be read: {filesystem_error(error)}")


def _unlisted(folder: Location, table: str, listed: Collection[str]) -> Iterator[SetFailure]:
    try:
        for entry in folder.entries():
            path = f"{table}/{entry.path.removeprefix(folder.path).lstrip('/')}"
            if path not in listed:
                yield SetFailure(path, "dataset.json does not list it")
    except OSError as error:
        yield SetFailure(table, f"it cannot be read: {filesystem_error(error)}")


def _shard_problems(opened: FinishedSet, shard: ShardEntry) -> Iterator[str]:
    table = shard.path.split("/", maxsplit=1)[0]
    place = opened.location / shard.path
    if table not in _RECORDS:
        yield f"there is no table {table}, only {', '.join(_RECORDS)}"
        return
    if not place.is_file():
        yield "the file is missing"
        return
    if (size := place.entry().size_bytes) != shard.bytes:
        yield f"{size} bytes, dataset.json lists {shard.bytes}"
    if (found := opened.sha256(shard)) != shard.sha256:
        yield f"SHA-256 is {found}, dataset.json lists {shard.sha256}"
    try:
        with opened.open_shard(shard) as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
            splits = set(file.read(["split"])["split"].to_pylist()) if "split" in schema.names else set()
    except DatasetError as error:
        yield str(error)
        return
    if rows != shard.rows:
        yield f"{rows} rows, dataset.json lists {shard.rows}"
    if not schema.equals(arrow_schema(_RECORDS[table]), check_metadata=False):
        yield f"its columns are not those of the {table} table"
    if others := sorted(str(split) for split in splits if not shard.path.startswith(f"{table}/{split}-")):
        yield f"it holds rows of the split {', '.join(others)}"
