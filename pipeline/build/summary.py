"""Prints the end of a build: the account, the aims that the set misses, and the next commands."""

from shlex import quote

from rich.console import Console

from pipeline.build.shortfalls import shortfalls
from pipeline.dataset.finished_set import FinishedSet
from pipeline.presentation.account_table import account_table


def print_summary(console: Console, out: str) -> None:
    """Print the account of the set at `out`, missed aims and next commands. Raises DatasetError if it is damaged."""
    opened = FinishedSet.open(out)
    console.print(account_table(opened.manifest.account))
    for line in shortfalls(opened):
        console.print(f"note: {line}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{out} is done. Next:", markup=False, highlight=False, soft_wrap=True)
    for command in ("inspect", "verify", "audit"):
        console.print(f"  vidpref {command} {quote(out)}", markup=False, highlight=False, soft_wrap=True)
