"""A whole set as tables: its account, its pairs counted by property, and its columns."""

from collections.abc import Iterator

from rich import box
from rich.table import Table

from pipeline.dataset.overview import Overview


def count_tables(found: Overview) -> Iterator[Table]:
    """One table per property of pairs."""
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
