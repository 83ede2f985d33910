"""Damaging a finished set, and what verify finds."""

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.failure import SetFailure
from pipeline.verification.run import failures
from schemas.arrow import arrow_schema, from_table
from schemas.clip import Clip
from schemas.pair import Pair
from tests.finished import Whole

PAIRS = "pairs/train-00000.parquet"
CLIPS = "clips/part-00000.parquet"
DROPS = "drops/part-00000.parquet"


def found(copy: Whole) -> list[SetFailure]:
    """Every failure of the set."""
    return list(failures(FinishedSet.open(str(copy.path))))


def problems_of(copy: Whole, item: str) -> list[str]:
    """What is wrong with one item."""
    return [failure.problem for failure in found(copy) if failure.item == item]


def stored_pairs(copy: Whole) -> list[Pair]:
    """The rows of pairs."""
    return from_table(Pair, pq.read_table(copy.path / PAIRS))


def stored_clips(copy: Whole) -> list[Clip]:
    """The rows of clips."""
    return from_table(Clip, pq.read_table(copy.path / CLIPS))


def rewrite(copy: Whole, path: str, rows: pa.Table) -> None:
    """Replace a shard; dataset.json gets its new size, hash and number of rows."""
    record = {"pairs": Pair, "clips": Clip}.get(path.split("/", maxsplit=1)[0])
    if record is not None and rows.num_columns == len(arrow_schema(record)):
        rows = rows.cast(arrow_schema(record))
    pq.write_table(rows, copy.path / path)
    opened = FinishedSet.open(str(copy.path))
    changed = {"rows": rows.num_rows, "bytes": (copy.path / path).stat().st_size}
    shards = tuple(
        shard.model_copy(update=changed | {"sha256": opened.sha256(shard)}) if shard.path == path else shard
        for shard in opened.manifest.shards
    )
    (copy.path / "dataset.json").write_text(opened.manifest.model_copy(update={"shards": shards}).model_dump_json())
