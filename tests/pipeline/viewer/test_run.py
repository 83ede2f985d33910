"""`vidpref view` refuses what it cannot show, and ends with what was said."""

import io
import os
import signal
import threading
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.viewer.run import ViewOptions, run_view
from schemas.errors import DatasetError, UserError
from tests.finished import Whole, store


def test_it_serves_until_it_is_stopped_and_then_counts(whole: Whole, tmp_path: Path) -> None:
    """The address has a token; Ctrl-C is no error, and after a sample the table says what is not judged yet."""

    class Stopping(io.StringIO):
        """Presses Ctrl-C once the last line of the start is printed."""

        def write(self, text: str) -> int:
            if "Ctrl-C ends the viewer" in text:
                threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
            return super().write(text)

    console = Console(file=Stopping(), width=200)
    run_view(console, ViewOptions(str(whole.path), reviews=str(tmp_path), reviewer="ann", sample=5))
    printed = console.file.getvalue()  # type: ignore[attr-defined]  # it is a Stopping
    assert "http://127.0.0.1:" in printed
    assert "?token=" in printed
    assert "ann judged 0 of 5 pairs" in printed


def test_what_is_no_set_or_no_reviewer_is_one_line(whole: Whole, tmp_path: Path) -> None:
    """Nothing is served."""
    with pytest.raises(DatasetError, match="is not a finished set"):
        run_view(Console(quiet=True), ViewOptions(str(tmp_path)))
    with pytest.raises(UserError, match="cannot name a file"):
        run_view(Console(quiet=True), ViewOptions(str(whole.path), reviewer="../ann"))


def test_a_set_whose_shards_lie_elsewhere_is_refused(tmp_path: Path) -> None:
    """A dataset.json that names a file outside of its folder is damaged."""
    store(tmp_path / "ds", [], [], [], questions=0)
    manifest = tmp_path / "ds" / "dataset.json"
    manifest.write_text(manifest.read_text().replace("pairs/", "pairs/../../../etc/", 1))
    with pytest.raises(DatasetError, match="does not lie in the set"):
        run_view(Console(quiet=True), ViewOptions(str(tmp_path / "ds")))
