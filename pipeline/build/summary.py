"""Prints the end of a build: the account, what language models used, missed aims, and the next commands."""

from shlex import quote

from rich.console import Console

from pipeline.build.round_notes import round_notes
from pipeline.build.shortfalls import shortfalls
from pipeline.build.written_notes import written_grounds
from pipeline.dataset.finished_set import FinishedSet
from pipeline.endpoint.usage_table import kept_usage
from pipeline.presentation.account_table import account_table
from pipeline.work.folder import estimate_file, usage_file


def print_summary(console: Console, out: str) -> None:
    """Print the account of the set at `out`, what language models used, missed aims and next commands.

    Raises DatasetError if it is damaged.
    """
    opened = FinishedSet.open(out)
    console.print(account_table(opened.manifest.account))
    if (usage := kept_usage(usage_file(opened.location), estimate_file(opened.location))) is not None:
        console.print(usage)
    for line in (*written_grounds(opened), *round_notes(opened), *shortfalls(opened)):
        console.print(f"note: {line}", markup=False, highlight=False, soft_wrap=True)
    console.print(f"{out} is done. Next:", markup=False, highlight=False, soft_wrap=True)
    for command in ("inspect", "verify", "audit"):
        console.print(f"  vidpref {command} {quote(out)}", markup=False, highlight=False, soft_wrap=True)
