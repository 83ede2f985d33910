"""`--where`: a condition on the columns of the pairs, in SQL."""

import pyarrow.dataset as pads

from pipeline.dataset.finished_set import FinishedSet
from schemas.errors import DatasetError, UserError
from schemas.problems import one_line


def pair_ids_where(opened: FinishedSet, condition: str) -> frozenset[str]:
    """The ids of the pairs for which a condition holds.

    Raises UserError if duckdb is not installed, or if the condition is not one.
    """
    try:
        import duckdb  # noqa: PLC0415 an extra of its own
    except ImportError as error:
        raise UserError("--where needs DuckDB: pip install 'vidpref[sql]'; --filter needs nothing") from error
    paths = [(opened.location / shard.path).path for shard in opened.shards("pairs")]
    try:
        pairs = pads.dataset(paths, filesystem=opened.location.filesystem, format="parquet")
    except OSError as error:
        raise DatasetError(f"the pairs of {opened.location} cannot be read: {one_line(error)}") from error
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("pairs", pairs)
        try:
            found = connection.execute(f"SELECT pair_id FROM pairs WHERE ({condition}\n)").fetchall()  # noqa: S608 the user's own condition
        except duckdb.Error as error:
            hint = "write a condition on the columns of pairs, such as \"axis = 'spatial' and difficulty > 0.5\""
            raise UserError(f"--where {condition!r}: {one_line(error)}; {hint}") from error
    return frozenset(pair_id for (pair_id,) in found)
