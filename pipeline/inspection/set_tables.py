"""What a set is made of: how many pairs there are of each axis, type, predicate, kind and edit."""

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
from pydantic import Field
from rich import box
from rich.table import Table

from pipeline.dataset.finished_set import TABLES, FinishedSet
from schemas.arrow import arrow_schema
from schemas.dataset import Account
from schemas.record import Record

_COUNTED = {
    "axis": "axis",
    "question type": "question_type",
    "predicate": "chosen_claim.predicate",
    "kind of rejection": "rejected_kind",
    "adversary axis": "adversary_axis",
    "edit": "corruption.edit",
    "visual edit": "visual_edit",
    "visual negative": "visual_negatives.list.element.kind",
    "split": "split",
}
"""What is counted over the pairs, and the column that says it."""


class Overview(Record):
    """What `vidpref inspect`, and a set's card, tell of a whole set."""

    recipe_name: str
    """Name of the recipe."""
    fingerprint: str
    """What may change a row, hashed."""
    rows: dict[str, int]
    """Rows of each table."""
    groups: int = Field(ge=0)
    """Questions with their answers, twins counted."""
    videos: int = Field(ge=0)
    """Videos with pairs."""
    account: Account
    """What became of everything."""
    counts: dict[str, dict[str, int]]
    """Pairs by axis, question type, predicate, kind of rejection, ..., the commonest first."""
    columns: dict[str, dict[str, str]]
    """Of each table its columns and their types."""


def overview(opened: FinishedSet) -> Overview:
    """Count a set; reads a few columns of the pairs, one row group at a time. DatasetError where it is damaged."""
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
    """An Arrow type in short: structs by their field names."""
    if pa.types.is_list(of):
        return f"{_type(of.value_type)}[]"
    if pa.types.is_struct(of):
        return "{" + ", ".join(field.name for field in of) + "}"
    return {"large_binary": "bytes", "double": "float"}.get(str(of), str(of))


def account_table(account: Account) -> Table:
    """Produced = kept + dropped, one line per type of item and one per reason."""
    table = Table(title="What became of everything", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("item", "produced", "kept", "dropped", "because"):
        table.add_column(name, justify="left" if name in ("item", "because") else "right")
    for line in account.lines:
        first = (line.item_type.value, str(line.produced), str(line.kept), str(line.dropped_count))
        reasons = [f"{entry.count} {entry.reason.value.replace('_', ' ')}" for entry in line.dropped] or [""]
        table.add_row(*first, "\n".join(reasons), end_section=True)
    if account.ignored_files:
        table.add_row("other files", str(account.ignored_files), "", "", "ignored: no video by their extension")
    return table


def count_tables(found: Overview) -> Iterator[Table]:
    """One table for each thing counted."""
    total = max(1, found.rows["pairs"])
    for name, values in found.counts.items():
        table = Table(title=f"Pairs by {name}", title_justify="left", show_header=False, box=box.SIMPLE, pad_edge=False)
        for value, count in values.items():
            table.add_row(value.replace("_", " "), str(count), f"{count / total:.1%}")
        yield table


def column_table(found: Overview) -> Table:
    """The columns of every table."""
    table = Table(title="Columns", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("table", "column", "type"):
        table.add_column(name, overflow="fold")
    for name, columns in found.columns.items():
        for number, (column, kind) in enumerate(columns.items()):
            table.add_row(name if number == 0 else "", column, kind, end_section=number == len(columns) - 1)
    return table
