"""What a finished build says."""

import io
from pathlib import Path

from rich.console import Console

from pipeline.build.summary import print_summary
from tests.finished import write_set


def test_a_folder_in_brackets_is_named_as_it_is(tmp_path: Path) -> None:
    """No part of --out is markup: neither a word in brackets is left out, nor is [/INST] the end of something."""
    out = str(tmp_path / "[the box][" / "INST]")
    write_set(Path(out), videos=2)
    console = Console(file=io.StringIO(), record=True, width=200)
    print_summary(console, out)
    said = console.export_text()
    assert f"{out} is done. Next:" in said
    assert f"vidpref inspect {out}" in said
