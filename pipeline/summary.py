"""What a finished build says: the account, and what to type next."""

from rich.console import Console

from pipeline.dataset import FinishedSet
from pipeline.inspection.counts import account_table
from pipeline.shortfalls import shortfalls
from schemas.dataset import DatasetManifest


def print_summary(console: Console, manifest: DatasetManifest, out: str) -> None:
    """The account of a set and the commands that look into it."""
    console.print(account_table(manifest.account))
    for line in shortfalls(FinishedSet.open(out)):
        console.print(f"note: {line}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{out} is done. Next:", markup=False)
    for command in ("inspect", "verify", "audit"):
        console.print(f"  vidpref {command} {out}", markup=False, highlight=False, soft_wrap=True)
