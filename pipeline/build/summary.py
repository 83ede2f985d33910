"""What a finished build says: the account, what the set falls short of, and what to type next."""

from rich.console import Console

from pipeline.build.shortfalls import shortfalls
from pipeline.dataset.finished_set import FinishedSet
from pipeline.presentation.account_table import account_table


def print_summary(console: Console, out: str) -> None:
    """The account of the set at `out` and the commands that look into it. DatasetError where it is damaged."""
    opened = FinishedSet.open(out)
    console.print(account_table(opened.manifest.account))
    for line in shortfalls(opened):
        console.print(f"note: {line}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{out} is done. Next:", markup=False)
    for command in ("inspect", "verify", "audit"):
        console.print(f"  vidpref {command} {out}", markup=False, highlight=False, soft_wrap=True)
