"""What a finished build prints."""

import io
from pathlib import Path
from shlex import quote

from rich.console import Console

from pipeline.build.summary import print_summary
from pipeline.dataset.finished_set import FinishedSet
from tests.finished import Whole, write_set


def printed(out: str) -> str:
    """The summary as text."""
    console = Console(file=io.StringIO(), record=True, width=200)
    print_summary(console, out)
    return console.export_text()


def test_the_account_is_printed_line_by_line(whole: Whole) -> None:
    """Each type of item with its produced, kept and dropped numbers, and each reason with its number."""
    text = printed(str(whole.path))
    rows = [line.split() for line in text.splitlines()]
    account = FinishedSet.open(str(whole.path)).manifest.account
    assert account.lines
    for line in account.lines:
        figures = [line.item_type.value, str(line.produced), str(line.kept), str(line.dropped_count)]
        assert any(row[:4] == figures for row in rows)
        for entry in line.dropped:
            assert f"{entry.count} {entry.reason.value.replace('_', ' ')}" in text


def test_a_folder_in_brackets_is_named_as_it_is(tmp_path: Path) -> None:
    """No part of --out is markup: a word in brackets is kept, and [/INST] is not the end of something.

    It has a space, so it is quoted in the next commands: a shell takes them as they are printed.
    """
    out = str(tmp_path / "[the box][" / "INST]")
    write_set(Path(out), videos=2)
    text = printed(out)
    assert f"{out} is done. Next:" in text
    assert f"vidpref inspect {quote(out)}" in text
