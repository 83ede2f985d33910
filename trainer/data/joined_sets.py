"""Several finished sets become one: ids say which set they are of, no video is both trained on and held out.

A set may have a share of the pairs. Then as many groups are taken as the shares allow without taking one twice.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.dataset import DatasetManifest
from schemas.errors import DatasetError
from schemas.hash_order import hash_order
from schemas.video import Split
from trainer.data.held_out import SplitRows, split_rows
from trainer.data.records import GroupRows
from trainer.data.shards import OpenSet, PairRow
from trainer.data.twins import TwinGroups, grouped_with_twins

_IDS = frozenset({"clip_id", "group_id", "twin_of", "other_clip_id"})
"""Columns and nested fields whose values are unique within one set only."""
_MARK = "@"


@dataclass(frozen=True)
class GivenSet:
    """One value of --data."""

    path: str
    """As the user gave it."""
    opened: OpenSet
    share: float | None = None
    """Its part of the pairs to train on, relative to those of the others; null: all it has."""

    @property
    def short_side(self) -> int | None:
        """Most pixels of the shorter side of its stored frames, as its build was told; null if it does not say."""
        decode = self.opened.manifest.recipe.get("decode")
        found = decode.get("short_side") if isinstance(decode, dict) else None
        return found if isinstance(found, int) else None


@dataclass(frozen=True)
class JoinedSets:
    """Several sets, read as one. The ids of clips and groups of the Nth end in @N; pairs and videos keep theirs."""

    sets: tuple[GivenSet, ...]

    @property
    def manifest(self) -> DatasetManifest:
        """That of the first set."""
        return self.sets[0].opened.manifest

    def row_groups(self, table: str) -> Iterator[tuple[int, Any]]:
        """Every row group of a table of every set, with the set's number from 1."""
        for number, given in enumerate(self.sets, start=1):
            for group in given.opened.row_groups(table):
                yield number, group

    def read(self, group: tuple[int, Any], columns: Sequence[str] | None = None) -> pa.Table:
        """A row group, or some of its columns."""
        number, own = group
        return _marked(self.sets[number - 1].opened.read(own, columns), f"{_MARK}{number}")

    def column_bytes(self, group: tuple[int, Any]) -> Mapping[str, int]:
        """Bytes of each column of a row group, as they are stored."""
        number, own = group
        return self.sets[number - 1].opened.column_bytes(own)

    def split(self, rows: Iterable[PairRow], held_out_share: float) -> SplitRows:
        """Each set's own split; a video that one set holds out, or keeps for a test, is not trained on in any.

        So a set alone, as `evaluate` reads it, holds out no video that was trained on.
        """
        of_set: dict[int, list[PairRow]] = {}
        for row in rows:
            of_set.setdefault(_number(row.clip_id), []).append(row)
        parts = [split_rows(own, held_out_share) for own in of_set.values()]
        held_out = tuple(row for part in parts for row in part.held_out)
        kept_apart = {row.video_id for own in of_set.values() for row in own if row.split is not Split.TRAIN}
        kept_apart |= {row.video_id for row in held_out}
        every = [row for part in parts for row in part.train]
        train = tuple(row for row in every if row.video_id not in kept_apart)
        if not train:
            raise DatasetError(
                "--data: every video to train on is held out by another set; build them with equal splits"
            )
        by_hash = any(part.chosen_by_hash for part in parts)
        return SplitRows(train, held_out, by_hash, held_out_elsewhere=len(every) - len(train))

    def in_shares(self, groups: Sequence[GroupRows], pairs: Callable[[TwinGroups], int]) -> list[GroupRows]:
        """The groups to train on: all, or from each set its share of the pairs, the same ones every time.

        Groups are taken in an order by hash, twins together, so that one set runs out exactly at its share.
        """
        shares = {number: given.share for number, given in enumerate(self.sets, start=1) if given.share is not None}
        if not shares:
            return list(groups)
        held = dict.fromkeys(shares, 0)
        for twins in grouped_with_twins(groups):
            held[_number(twins[0].group_id)] += pairs(twins)
        total = min(held[number] / share for number, share in shares.items())
        return list(_up_to({number: total * share for number, share in shares.items()}, groups, pairs))


def _up_to(
    wanted: Mapping[int, float], groups: Sequence[GroupRows], pairs: Callable[[TwinGroups], int]
) -> Iterator[GroupRows]:
    """Groups until each set has given as many pairs as are wanted of it."""
    given = dict.fromkeys(wanted, 0)
    for twins in sorted(grouped_with_twins(groups), key=lambda twins: hash_order(twins[0].twins_id)):
        number = _number(twins[0].group_id)
        if given[number] < wanted[number]:
            given[number] += pairs(twins)
            yield from twins


def _number(marked: str) -> int:
    """The number of the set that an id belongs to."""
    return int(marked.rpartition(_MARK)[2])


def _marked(table: pa.Table, mark: str) -> pa.Table:
    """The table with `mark` at the end of every id."""
    for place, field in enumerate(table.schema):
        column = table.column(place)
        if field.name in _IDS:
            table = table.set_column(place, field, pc.binary_join_element_wise(column, mark, ""))
        elif field.name in ("shown", "visual_negatives"):
            values = [_with_mark(value, mark) for value in column.to_pylist()]
            table = table.set_column(place, field, pa.array(values, type=field.type))
    return table


def _with_mark(value: Any, mark: str) -> Any:
    if isinstance(value, list):
        return [_with_mark(one, mark) for one in value]
    if isinstance(value, dict):
        return {
            name: f"{inner}{mark}" if name in _IDS and inner is not None else _with_mark(inner, mark)
            for name, inner in value.items()
        }
    return value
