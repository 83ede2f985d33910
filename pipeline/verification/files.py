"""Are the shards those that dataset.json lists, byte for byte, with the schema that this program knows?"""

from collections.abc import Iterator

from pipeline.dataset.finished_set import TABLES, FinishedSet
from schemas.arrow import arrow_schema
from schemas.dataset import ShardEntry
from schemas.errors import DatasetError


def file_failures(opened: FinishedSet) -> Iterator[str]:
    """One line per shard that is missing, surplus, or not what dataset.json says."""
    listed = {shard.path for shard in opened.manifest.shards}
    for table in TABLES:
        if not opened.shards(table):
            yield f"dataset.json: no shard of {table} is listed"
        folder = opened.location / table
        for entry in folder.entries():
            path = f"{table}/{entry.path.removeprefix(folder.path).lstrip('/')}"
            if path not in listed:
                yield f"{path}: dataset.json does not list it"
    for shard in opened.manifest.shards:
        yield from _shard_failures(opened, shard)


def _shard_failures(opened: FinishedSet, shard: ShardEntry) -> Iterator[str]:
    table = shard.path.split("/", maxsplit=1)[0]
    place = opened.location / shard.path
    if table not in TABLES:
        yield f"{shard.path}: there is no table {table}, only {', '.join(TABLES)}"
        return
    if not place.is_file():
        yield f"{shard.path}: the file is missing"
        return
    if (size := place.entry().size_bytes) != shard.bytes:
        yield f"{shard.path}: {size} bytes, dataset.json says {shard.bytes}"
    if (found := opened.sha256(shard)) != shard.sha256:
        yield f"{shard.path}: SHA-256 is {found}, dataset.json says {shard.sha256}"
    try:
        with opened.open_shard(shard) as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
    except DatasetError as error:
        yield f"{shard.path}: {error}"
        return
    if rows != shard.rows:
        yield f"{shard.path}: {rows} rows, dataset.json says {shard.rows}"
    if not schema.equals(arrow_schema(TABLES[table]), check_metadata=False):
        yield f"{shard.path}: its columns are not those of a {table} table"
