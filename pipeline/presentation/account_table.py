"""The account of a set as a table."""

from rich import box
from rich.table import Table

from schemas.dataset import Account


def account_table(account: Account) -> Table:
    """One row per type of item: produced = kept + dropped, with the reasons."""
    table = Table(title="What became of everything", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("item", "produced", "kept", "dropped", "reasons"):
        table.add_column(name, justify="left" if name in ("item", "reasons") else "right")
    for line in account.lines:
        first = (line.item_type.value, str(line.produced), str(line.kept), str(line.dropped_count))
        reasons = [f"{entry.count} {entry.reason.value.replace('_', ' ')}" for entry in line.dropped] or [""]
        table.add_row(*first, "\n".join(reasons), end_section=True)
    if account.ignored_files:
        ignored = "ignored: hidden, of another type, or not a regular file"
        table.add_row("other files", str(account.ignored_files), "", "", ignored)
    return table
