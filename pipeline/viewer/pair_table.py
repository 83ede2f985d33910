"""The pairs of a set as a table of questions: filtered, sorted and paged, from a few columns held in memory.

R is the number of pairs, G the number of groups; groups are numbered in the order in which the set stores them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.dataset.finished_set import FinishedSet, RowGroup
from pipeline.viewer.facets import COLUMNS, Facet, facets_of
from schemas.arrow import from_table
from schemas.errors import DatasetError, UserError
from schemas.human_verdict import texts_hash
from schemas.pair import Pair

Mask = NDArray[np.bool_]
Numbers = NDArray[np.int64]
_TEXTS = ("question", "chosen", "rejected")
_IDS = ("pair_id", "group_id", "twin_of", "video_id")
SORTS = ("set", "question", "axis", "type", "model", "difficulty", "length", "pairs")
"""What groups can be sorted by; "set" is the order in which they are stored."""


@dataclass(frozen=True)
class GroupQuery:
    """Which groups are listed, in which order. UserError if the order is not one of `SORTS`."""

    wanted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For each facet the values of which a pair must have one."""
    text: str = ""
    """What the question or an answer must contain, in any case; or the id of a pair, group, clip or video."""
    sort: str = "set"
    descending: bool = False

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            raise UserError(f"groups cannot be sorted by {self.sort!r}; allowed are {', '.join(SORTS)}")


@dataclass(frozen=True)
class Found:
    """The groups that a query finds."""

    groups: Numbers
    """Their numbers, in the order of the query."""
    pairs: int
    """How many of their pairs it finds."""
    facets: dict[str, dict[str, int]]
    """For each facet the values that pairs have which pass all other filters, with their number."""


class PairTable:
    """The pairs of a set. DatasetError if their shards cannot be read."""

    def __init__(self, opened: FinishedSet) -> None:
        self._opened = opened
        self._row_groups: list[RowGroup] = list(opened.row_groups("pairs"))
        names = tuple(dict.fromkeys((*_IDS, *_TEXTS, "difficulty", *COLUMNS)))
        parts = [opened.read(group, names) for group in self._row_groups]
        if not parts or not sum(part.num_rows for part in parts):
            raise DatasetError(f"{opened.location} holds no pairs: there is nothing to look at; see vidpref inspect")
        self._starts = np.cumsum([0, *(part.num_rows for part in parts)])
        table = pa.concat_tables(parts)
        self.facets = facets_of(table)
        self._columns = {name: table.column(name).combine_chunks() for name in (*_IDS, *_TEXTS, "difficulty")}
        self._clip_ids = table.column("clip_id").combine_chunks().dictionary_encode()
        encoded = self._columns["group_id"].dictionary_encode()
        self.group_ids: list[str] = encoded.dictionary.to_pylist()
        self.group_R: Numbers = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        self.first_G: Numbers = np.unique(self.group_R, return_index=True)[1]
        """The first row of each group."""
        self._number = {group_id: number for number, group_id in enumerate(self.group_ids)}
        self._ranks: dict[str, NDArray[np.float64]] = {}
        self._hashes: dict[str, str] = {}

    @property
    def rows(self) -> int:
        """The number of pairs."""
        return len(self.group_R)

    @cached_property
    def row_of_pair(self) -> dict[str, int]:
        """The row of each pair, by its id."""
        return {pair_id: row for row, pair_id in enumerate(self._columns["pair_id"].to_pylist())}

    @cached_property
    def twins(self) -> dict[str, list[str]]:
        """The other groups of the same question, shown otherwise, by group id."""
        bases = [base or group_id for base, group_id in zip(self._of_first("twin_of"), self.group_ids, strict=True)]
        members: dict[str, list[str]] = {}
        for base, group_id in zip(bases, self.group_ids, strict=True):
            members.setdefault(base, []).append(group_id)
        pairs = zip(bases, self.group_ids, strict=True)
        return {group_id: [other for other in members[base] if other != group_id] for base, group_id in pairs}

    def _of_first(self, name: str) -> list[str | None]:
        taken: list[str | None] = pc.take(self._columns[name], pa.array(self.first_G)).to_pylist()
        return taken

    def number(self, group_id: str) -> int:
        """The number of a group. UserError if there is no such group."""
        if group_id not in self._number:
            raise UserError(f"the set has no group {group_id}")
        return self._number[group_id]

    def values(self, names: Sequence[str], rows: Sequence[int]) -> list[dict[str, object]]:
        """Ids, texts and difficulty of some rows."""
        taken = pa.array(rows, type=pa.int64())
        columns = {name: pc.take(self._columns[name], taken).to_pylist() for name in names}
        return [{name: column[i] for name, column in columns.items()} for i in range(len(rows))]

    def rows_of(self, group_id: str) -> list[int]:
        """The rows of a group, in order. UserError if there is no such group."""
        return [int(row) for row in np.flatnonzero(self.group_R == self.number(group_id))]

    def pairs(self, rows: Sequence[int]) -> list[Pair]:
        """Rows with all their columns. DatasetError if a row breaks an invariant."""
        found: dict[int, Pair] = {}
        for part in sorted({int(np.searchsorted(self._starts, row, side="right")) - 1 for row in rows}):
            inside = [row for row in rows if self._starts[part] <= row < self._starts[part + 1]]
            table = self._opened.read(self._row_groups[part])
            taken = table.take(pa.array([row - int(self._starts[part]) for row in inside]))
            try:
                found |= zip(inside, from_table(Pair, taken), strict=True)
            except ValueError as error:
                raise DatasetError(
                    f"a pair of {self._opened.location} is damaged: {error}; see vidpref verify"
                ) from error
        return [found[row] for row in rows]

    def find(self, query: GroupQuery, more: Mapping[str, Facet] | None = None) -> Found:
        """The groups of which a pair passes all filters.

        Args:
            query: the filters and the order.
            more: facets beside those of the table, such as what a reviewer says.
        """
        facets = {**self.facets, **(more or {})}
        masks = {name: facets[name].mask(set(wanted)) for name, wanted in query.wanted.items() if name in facets}
        text = self._holds(query.text) if query.text else np.ones(self.rows, dtype=np.bool_)
        passes = _all_of((text, *masks.values()))
        counts = {
            name: facet.counts(_all_of((text, *(mask for other, mask in masks.items() if other != name))))
            if name in masks
            else facet.counts(passes)
            for name, facet in facets.items()
        }
        groups = np.unique(self.group_R[passes])
        ranks = self.ranks(query)[groups]
        return Found(groups[np.argsort(ranks, kind="stable")], int(passes.sum()), counts)

    def ranks(self, query: GroupQuery) -> NDArray[np.float64]:
        """Where each group stands in the order of a query: distinct numbers, the smallest first."""
        if query.sort not in self._ranks:
            keys = _SORTS[query.sort](self)
            order = np.argsort(keys, kind="stable") if isinstance(keys, np.ndarray) else _order(keys)
            ranks = np.empty(len(order))
            ranks[order] = np.arange(len(order))
            self._ranks[query.sort] = ranks
        return -self._ranks[query.sort] if query.descending else self._ranks[query.sort]

    def _holds(self, text: str) -> Mask:
        """Which pairs contain a text, or have it as one of their ids."""
        found = np.zeros(self.rows, dtype=np.bool_)
        for name in _TEXTS:
            found |= _numpy(pc.match_substring(self._columns[name], text, ignore_case=True))
        for name in _IDS:
            found |= _numpy(pc.fill_null(pc.equal(self._columns[name], text), False))
        return found | _numpy(pc.equal(self._clip_ids.dictionary, text))[self._clip_codes]

    @cached_property
    def _clip_codes(self) -> NDArray[np.int32]:
        codes: NDArray[np.int32] = self._clip_ids.indices.to_numpy(zero_copy_only=False)
        return codes

    def group_of_pair(self, pair_id: str) -> str | None:
        """The group of a pair; None if there is no such pair."""
        row = self.row_of_pair.get(pair_id)
        return None if row is None else self.group_ids[self.group_R[row]]

    def is_of_video(self, video_id: str) -> Mask:
        """Which pairs are about a video."""
        return _numpy(pc.equal(self._columns["video_id"], video_id))

    def hashes(self, pair_ids: Sequence[str]) -> list[str]:
        """The hash of the texts of some pairs."""
        new = [pair_id for pair_id in pair_ids if pair_id not in self._hashes]
        values = self.values(_TEXTS, [self.row_of_pair[pair_id] for pair_id in new])
        for pair_id, texts in zip(new, values, strict=True):
            self._hashes[pair_id] = texts_hash(*(str(texts[name]) for name in _TEXTS))
        return [self._hashes[pair_id] for pair_id in pair_ids]

    def clip_ids(self, rows: Sequence[int]) -> list[str]:
        """The clip of each of some rows."""
        names = self.facets["clip"].values
        return [names[code] for code in self.facets["clip"].codes_R[np.array(rows, dtype=np.int64)]]

    def names(self, facet: str, rows: Sequence[int]) -> list[str]:
        """The value that each of some rows has in a facet."""
        found = self.facets[facet]
        return [found.values[code] for code in found.codes_R[np.array(rows, dtype=np.int64)]]


def _all_of(masks: Sequence[Mask]) -> Mask:
    passes = masks[0].copy()
    for mask in masks[1:]:
        passes &= mask
    return passes


def _numpy(array: pa.Array) -> Mask:
    values: Mask = array.to_numpy(zero_copy_only=False)
    return values


def _order(keys: Sequence[str]) -> Numbers:
    order: Numbers = pc.sort_indices(pa.array(keys)).to_numpy()
    return order.astype(np.int64)


def _of_facet(name: str) -> Callable[[PairTable], Sequence[str]]:
    return lambda table: table.names(name, [int(row) for row in table.first_G])


def _of_number(name: str) -> Callable[[PairTable], NDArray[np.float64]]:
    def keys(table: PairTable) -> NDArray[np.float64]:
        values = table.values((name,), [int(row) for row in table.first_G])
        return np.array([np.inf if value[name] is None else value[name] for value in values], dtype=np.float64)

    return keys


def _lengths(table: PairTable) -> NDArray[np.float64]:
    return np.array([len(str(value["chosen"])) for value in table.values(("chosen",), list(table.first_G))])


_SORTS: dict[str, Callable[[PairTable], Sequence[str] | NDArray[np.float64]]] = {
    "set": lambda table: np.arange(len(table.group_ids), dtype=np.float64),
    "question": lambda table: [str(v["question"]) for v in table.values(("question",), list(table.first_G))],
    "axis": _of_facet("axis"),
    "type": _of_facet("type"),
    "model": _of_facet("model"),
    "difficulty": _of_number("difficulty"),
    "length": _lengths,
    "pairs": lambda table: np.bincount(table.group_R).astype(np.float64),
}
