"""The account as a table."""

import io

from rich.console import Console

from pipeline.presentation.account_table import account_table
from schemas.dataset import Account, AccountLine, ReasonCount
from schemas.drop import DropReason, ItemType


def test_every_number_of_the_account_stands_in_its_row() -> None:
    """Videos with two reasons, questions with none, and other files: each number is printed, reasons with theirs."""
    reasons = ((DropReason.DUPLICATE, 11), (DropReason.EMPTY_FILE, 22))
    dropped = tuple(ReasonCount(reason=reason, count=count) for reason, count in reasons)
    lines = (
        AccountLine(item_type=ItemType.VIDEO, produced=77, kept=44, dropped=dropped),
        AccountLine(item_type=ItemType.QUESTION, produced=555, kept=555),
    )
    console = Console(file=io.StringIO(), record=True, width=120)
    console.print(account_table(Account(lines=lines, ignored_files=9)))
    rows = [line.split() for line in console.export_text().splitlines()]
    assert ["video", "77", "44", "33", "11", "duplicate"] in rows
    assert ["22", "empty", "file"] in rows
    assert ["question", "555", "555", "0"] in rows
    assert any(row[:3] == ["other", "files", "9"] for row in rows)
