"""`vidpref demo` refuses an --out in which it cannot render."""

from pathlib import Path

import pytest
from rich.console import Console

from pipeline.demo.run import DemoOptions, run_demo
from schemas.errors import OutputError


def test_an_out_on_a_store_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips are rendered to a local disk: an address is refused, and no folder named `s3:` is made for it."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match=r"^--out s3://bucket/demo: .*give a local path$"):
        run_demo(Console(quiet=True), DemoOptions("s3://bucket/demo", 2))
    assert list(tmp_path.iterdir()) == []


def test_an_out_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """It, and a folder below it, cannot be made."""
    file = tmp_path / "file"
    file.write_text("")
    for out in (file, file / "demo"):
        with pytest.raises(OutputError, match=f"^--out {out} cannot be written: "):
            run_demo(Console(quiet=True), DemoOptions(str(out), 2))
