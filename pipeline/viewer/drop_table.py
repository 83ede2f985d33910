"""The drops of a set: counted by stage and reason, filtered and paged, and what became of one video.

D is the number of drops.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.dataset.finished_set import FinishedSet
from pipeline.viewer.facets import NONE, Facet
from schemas.arrow import arrow_schema
from schemas.drop import Drop

FACETS = {"item": "item_type", "stage": "stage", "reason": "reason"}
"""What drops are filtered by, with its column."""


class DropTable:
    """The drops of a set, held in memory. DatasetError if their shards cannot be read."""

    def __init__(self, opened: FinishedSet) -> None:
        parts = list(opened.tables("drops"))
        self._table = pa.concat_tables(parts) if parts else arrow_schema(Drop).empty_table()
        self._facets = {name: _facet(self._table.column(column)) for name, column in FACETS.items()}

    def page(self, wanted: Mapping[str, frozenset[str]], text: str, start: int, count: int) -> dict[str, Any]:
        """The drops that pass all filters, from number `start` on, with the number of each value.

        Args:
            wanted: for each of `FACETS` the values of which a drop must have one.
            text: what the id, the video, its URI or the detail must contain, in any case.
            start: how many are left out at the beginning.
            count: how many are given at most.
        """
        every = self._holding(text)
        masks = {name: self._facets[name].mask(set(values)) for name, values in wanted.items() if name in FACETS}
        counts = {}
        for name, facet in self._facets.items():
            others = [mask for other, mask in masks.items() if other != name]
            counts[name] = facet.counts(np.logical_and.reduce([every, *others]))
        rows = np.flatnonzero(np.logical_and.reduce([every, *masks.values()]))
        taken = self._table.take(pa.array(rows[start : start + count], type=pa.int64()))
        return {"total": len(rows), "facets": counts, "rows": taken.to_pylist()}

    def flow(self) -> dict[str, dict[str, int]]:
        """How many items each stage dropped, by reason."""
        found: dict[str, dict[str, int]] = {}
        pairs = zip(*(self._table.column(name).to_pylist() for name in ("stage", "reason")), strict=True)
        for stage, reason in pairs:
            reasons = found.setdefault(stage, {})
            reasons[reason] = reasons.get(reason, 0) + 1
        return found

    def of_video(self, video_id: str) -> list[dict[str, Any]]:
        """All drops of a video, in order."""
        mask = pc.fill_null(pc.equal(self._table.column("video_id"), video_id), False)
        rows: list[dict[str, Any]] = self._table.filter(mask).to_pylist()
        return rows

    def _holding(self, text: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        found = np.zeros(self._table.num_rows, dtype=np.bool_)
        if not text:
            return ~found
        for name in ("item_id", "video_id", "uri", "detail"):
            held = pc.fill_null(pc.match_substring(self._table.column(name), text, ignore_case=True), False)
            found |= held.to_numpy()
        return found


def _facet(column: pa.ChunkedArray) -> Facet:
    encoded = pc.fill_null(column.combine_chunks(), NONE).dictionary_encode()
    return Facet(tuple(encoded.dictionary.to_pylist()), encoded.indices.to_numpy(zero_copy_only=False))
