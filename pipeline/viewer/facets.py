"""What the pairs of a set are filtered by: for each facet the names of its values, and the value of each pair.

R is the number of pairs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from schemas.pair import Grounds, grounds_of
from schemas.shown import EditKind

Codes = NDArray[np.int32]
NONE = "none"
SEVERAL = "several claims"
_LENGTHS = (40, 80, 160)
"""Ends of the steps of length, in characters."""
COLUMNS = (
    "axis",
    "question_type",
    "chosen_claims.list.element.predicate",
    "rejected_kind",
    "corruption.edit",
    "source",
    "split",
    "question_model",
    "verdicts.list.element.check",
    "shown.segment_id",
    "shown.edits.list.element.kind",
    "chosen",
    "clip_id",
)
"""The columns that facets are made from."""


@dataclass(frozen=True)
class Facet:
    """One property by which pairs are filtered."""

    values: tuple[str, ...]
    """The names of its values."""
    codes_R: Codes
    """The number of the value of each pair."""

    def mask(self, wanted: set[str]) -> NDArray[np.bool_]:
        """Which pairs have one of these values."""
        chosen = np.array([value in wanted for value in self.values], dtype=np.bool_)
        return chosen[self.codes_R]

    def counts(self, mask_R: NDArray[np.bool_]) -> dict[str, int]:
        """How many of some pairs have each value, the most frequent first; values without a pair are left out."""
        numbers = np.bincount(self.codes_R[mask_R], minlength=len(self.values))
        found = ((self.values[i], int(numbers[i])) for i in np.flatnonzero(numbers))
        return dict(sorted(found, key=lambda entry: (-entry[1], entry[0])))


def facets_of(table: pa.Table) -> dict[str, Facet]:
    """All facets, by name, of a table that has the `COLUMNS`."""
    return {name: make(table) for name, make in _FACETS.items()}


def _named(column: str) -> Callable[[pa.Table], Facet]:
    """The facet of a column of names; null is "none"."""
    name, *inner = column.split(".")

    def make(table: pa.Table) -> Facet:
        array = table.column(name).combine_chunks()
        for field in inner:
            array = array.field(field)
        encoded = pc.fill_null(array, NONE).dictionary_encode()
        return Facet(tuple(encoded.dictionary.to_pylist()), encoded.indices.to_numpy(zero_copy_only=False))

    return make


def _firsts(lists: pa.ListArray) -> tuple[list[str | None], Codes]:
    """For each list how many entries it has, and the first of them."""
    lengths = pc.list_value_length(lists).to_numpy(zero_copy_only=False)
    starts = np.minimum(lists.offsets.to_numpy()[:-1], max(0, len(lists.values) - 1))
    return pc.take(lists.values, pa.array(starts)).to_pylist() if len(lists.values) else [None] * len(lists), lengths


def _predicates(table: pa.Table) -> Facet:
    """The predicate of the chosen answer's claim."""
    lists = _entries(table.column("chosen_claims"), "predicate")
    first, lengths = _firsts(lists)
    return _of_names(
        [NONE if n == 0 else str(name) if n == 1 else SEVERAL for name, n in zip(first, lengths, strict=True)]
    )


def _grounds(table: pa.Table) -> Facet:
    """What the labels rest on."""
    lists = _entries(table.column("verdicts"), "check")
    owners = pc.list_parent_indices(lists).to_numpy()
    checks = lists.flatten().dictionary_encode()
    codes, names = checks.indices.to_numpy(zero_copy_only=False), checks.dictionary.to_pylist()
    strength = {Grounds.UNCHECKED: 0, Grounds.PROVEN: 1, Grounds.ANNOTATED: 2, Grounds.JUDGED: 3}
    of_check = np.array([strength[grounds_of((name,))] for name in names] or [0], dtype=np.int32)
    found = np.zeros(len(lists), dtype=np.int32)
    np.maximum.at(found, owners, of_check[codes] if len(codes) else np.zeros(0, dtype=np.int32))
    return Facet(tuple(grounds.value for grounds in strength), found)


def _shown(table: pa.Table) -> Facet:
    """What is shown of the clip: all, a segment, or the kind of the first edit that is more than a seam."""
    shown = table.column("shown").combine_chunks()
    lists = _lists(shown.field("edits"), "kind")
    segments = shown.field("segment_id").is_valid().to_numpy(zero_copy_only=False)
    names = np.where(segments, "segment", NONE).astype(object)
    kinds, owners = lists.flatten().to_pylist(), pc.list_parent_indices(lists).to_numpy()
    for owner, kind in zip(owners[::-1], kinds[::-1], strict=True):
        if kind != EditKind.SEAM.value:
            names[owner] = kind
    return _of_names(list(names))


def _lengths(table: pa.Table) -> Facet:
    """How many characters the chosen answer has, in steps."""
    lengths = pc.utf8_length(table.column("chosen").combine_chunks()).to_numpy(zero_copy_only=False)
    edges = (0, *_LENGTHS)
    names = [f"{low + 1} to {high} characters" for low, high in zip(edges, _LENGTHS, strict=False)]
    return Facet((*names, f"over {_LENGTHS[-1]} characters"), np.searchsorted(_LENGTHS, lengths).astype(np.int32))


def _entries(column: pa.ChunkedArray, field: str) -> pa.ListArray:
    return _lists(column.combine_chunks(), field)


def _lists(lists: pa.ListArray, field: str) -> pa.ListArray:
    """A list of structs as a list of one of their fields."""
    return pa.ListArray.from_arrays(lists.offsets, lists.values.field(field))


def _of_names(names: list[str]) -> Facet:
    encoded = pa.array(names, type=pa.string()).dictionary_encode()
    return Facet(tuple(encoded.dictionary.to_pylist()), encoded.indices.to_numpy(zero_copy_only=False))


_FACETS: Mapping[str, Callable[[pa.Table], Facet]] = {
    "axis": _named("axis"),
    "type": _named("question_type"),
    "predicate": _predicates,
    "grounds": _grounds,
    "kind": _named("rejected_kind"),
    "edit": _named("corruption.edit"),
    "shown": _shown,
    "model": _named("question_model"),
    "length": _lengths,
    "source": _named("source"),
    "split": _named("split"),
    "clip": _named("clip_id"),
}

NAMES = tuple(_FACETS)
"""The names of all facets, in the order in which pages show them."""
