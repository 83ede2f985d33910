"""What a finished build says: the account, and what to type next."""

from rich.console import Console
from rich.table import Table

from schemas.dataset import Account, DatasetManifest


def print_summary(console: Console, manifest: DatasetManifest, out: str) -> None:
    """The account of a set and the commands that look into it."""
    console.print(account_table(manifest.account))
    console.print(
        f"{out} is done. Next: vidpref inspect {out} | vidpref verify {out} | vidpref audit {out}", soft_wrap=True
    )


def account_table(account: Account) -> Table:
    """Produced = kept + dropped, one row per type of item."""
    table = Table("item", "produced", "kept", "dropped", "for")
    for line in account.lines:
        reasons = ", ".join(f"{entry.reason} {entry.count}" for entry in line.dropped)
        table.add_row(line.item_type, str(line.produced), str(line.kept), str(line.dropped_count), reasons)
    return table
