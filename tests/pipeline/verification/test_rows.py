"""Rows are records, or failures that say why they cannot be."""

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.dataset.finished_set import FinishedSet
from pipeline.verification.failure import SetFailure
from pipeline.verification.rows import ValidRow, rows_of
from schemas.pair import Pair
from tests.finished import Whole
from tests.pipeline.verification.damage import PAIRS, rewrite, stored_pairs


def test_a_row_that_breaks_an_invariant_is_reported_by_its_number(copy: Whole) -> None:
    """An empty answer in row 2 is a failure in one line; all other rows are records, in order."""
    table = pq.read_table(copy.path / PAIRS)
    numbers = pa.array(range(table.num_rows))
    chosen = pc.if_else(pc.equal(numbers, 2), "", table.column("chosen"))
    pairs = stored_pairs(copy)
    rewrite(copy, PAIRS, table.set_column(table.schema.get_field_index("chosen"), "chosen", chosen))
    rows = list(rows_of(FinishedSet.open(str(copy.path)), Pair, "pairs"))
    failure = rows.pop(2)
    assert isinstance(failure, SetFailure)
    assert failure.item == f"{PAIRS} row 2"
    assert "\n" not in str(failure)
    assert [row.record for row in rows if isinstance(row, ValidRow)] == pairs[:2] + pairs[3:]
