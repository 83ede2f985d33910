"""Counts the pairs of a set by axis, question type, predicate, kind of rejection, and so on."""

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
from pydantic import Field

from pipeline.dataset.finished_set import TABLES, FinishedSet
from schemas.arrow import arrow_schema
from schemas.dataset import Account
from schemas.pair import grounds_of
from schemas.record import Record
from schemas.shown import Shown

_COUNTED = {
    "axis": "axis",
    "question type": "question_type",
    "predicate": "chosen_claims.list.element.predicate",
    "writer": "question_model",
    "grounds": "verdicts",
    "kind of rejection": "rejected_kind",
    "adversary axis": "adversary_axis",
    "edit": "corruption.edit",
    "frames of the adversary": "corruption.frames",
    "prompt of the adversary": "corruption.prompt",
    "shown": "shown",
    "visual negative": "visual_negatives.list.element.kind",
    "split": "split",
}
"""Each thing that is counted over the pairs, and its column."""


class Overview(Record):
    """The counts of a whole set, for `vidpref inspect` and the card."""

    recipe_name: str
    fingerprint: str
    """A hash of everything that may change a row."""
    rows: dict[str, int]
    """Number of rows of each table."""
    groups: int = Field(ge=0)
    """Number of questions; a counterfactual twin counts as another question."""
    videos: int = Field(ge=0)
    """Number of videos with pairs."""
    account: Account
    """Items produced, kept and dropped, by type."""
    counts: dict[str, dict[str, int]]
    """Pairs by axis, question type, predicate, kind of rejection, and so on, the most frequent first."""
    columns: dict[str, dict[str, str]]
    """The columns of each table, with their types."""


def overview(opened: FinishedSet) -> Overview:
    """Count a set; reads a few columns of the pairs, one row group at a time. Raises DatasetError if it is damaged."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
    groups: set[str] = set()
    videos: set[str] = set()
    for part in opened.tables("pairs", ("group_id", "video_id", *_COUNTED.values())):
        groups.update(part.column("group_id").unique().to_pylist())
        videos.update(part.column("video_id").unique().to_pylist())
        for name, path in _COUNTED.items():
            counts[name].update(dict(_values(part, path)))
    return Overview(
        recipe_name=opened.manifest.recipe_name,
        fingerprint=opened.manifest.fingerprint,
        rows=opened.rows(),
        groups=len(groups),
        videos=len(videos),
        account=opened.manifest.account,
        counts={
            name: dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))) for name, found in counts.items()
        },
        columns={name: {field.name: _type(field.type) for field in arrow_schema(r)} for name, r in TABLES.items()},
    )


def _values(part: pa.Table, path: str) -> Iterator[tuple[str, int]]:
    if path == "shown":
        yield from Counter(Shown.model_validate(entry).name for entry in part.column(path).to_pylist()).items()
        return
    if path == "verdicts":
        rows = part.column(path).to_pylist()
        yield from Counter(grounds_of(one["check"] for one in verdicts).value for verdicts in rows).items()
        return
    name, *inner = path.split(".")
    column = part.column(name).combine_chunks()
    for field in inner:
        if field == "list":  # a pair counts once for each of its entries; "element" is Parquet's name for one
            column = column.flatten()
        elif field != "element":
            column = column.field(field)
    for entry in column.value_counts().to_pylist():
        yield entry["values"] or "none", entry["counts"]


def _type(of: pa.DataType) -> str:
    """A short name of an Arrow type; a struct is written as its field names."""
    if pa.types.is_list(of):
        return f"{_type(of.value_type)}[]"
    if pa.types.is_struct(of):
        return "{" + ", ".join(field.name for field in of) + "}"
    return {"large_binary": "bytes", "double": "float"}.get(str(of), str(of))
