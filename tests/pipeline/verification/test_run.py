"""`vidpref verify` accepts a whole set, and names what is wrong with a damaged one."""

import io
import json
import tracemalloc
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.dataset.finished_set import FinishedSet
from pipeline.dataset.shard_writer import ShardSizes
from pipeline.verification.run import VerifyOptions, failures, run_verify
from schemas.errors import DatasetError
from tests.finished import Whole, write_set
from tests.pipeline.verification.damage import PAIRS, found


def test_a_whole_set_has_no_failure(whole: Whole) -> None:
    """Nothing is wrong with a set that is as it was built."""
    assert found(whole) == []


def test_a_whole_set_is_one_line(whole: Whole) -> None:
    """The line has the numbers of pairs, clips and drops."""
    console = Console(record=True, file=io.StringIO(), width=60)
    run_verify(console, VerifyOptions(str(whole.path)))
    [line] = console.export_text().splitlines()
    rows = FinishedSet.open(str(whole.path)).rows()
    assert all(f"{rows[table]} {table[:-1]}" in line for table in ("pairs", "clips", "drops"))


def test_a_damaged_set_is_an_error_after_its_failures(copy: Whole) -> None:
    """Every failure is a line, or an entry of the JSON; then the command raises with their number."""
    (copy.path / PAIRS).unlink()
    expected = [str(failure) for failure in found(copy)]
    assert expected
    for as_json in (False, True):
        console = Console(record=True, file=io.StringIO(), width=200)
        with pytest.raises(DatasetError, match=f"{len(expected)} failures"):
            run_verify(console, VerifyOptions(str(copy.path), as_json=as_json))
        text = console.export_text()
        assert (json.loads(text)["failures"] if as_json else text.splitlines()) == expected


@pytest.mark.slow(10)
def test_memory_does_not_grow_with_the_set(tmp_path: Path) -> None:
    """Four times the clips are verified in at most a third more memory."""
    peaks = []
    for videos in (25, 100):
        sizes = ShardSizes(row_group_rows=20, row_groups=4)
        opened = FinishedSet.open(str(write_set(tmp_path / str(videos), videos, sizes=sizes).path))
        tracemalloc.start()
        assert list(failures(opened)) == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] <= 4 / 3 * peaks[0]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (None, "it has no dataset.json"),
        ("{", "dataset.json is damaged"),
        ("{}", "dataset.json is damaged: schema_version"),
    ],
)
def test_what_is_not_a_set_is_refused_in_one_line(tmp_path: Path, content: str | None, named: str) -> None:
    """A folder without a readable dataset.json is refused with one line that says why."""
    if content is not None:
        (tmp_path / "dataset.json").write_text(content)
    with pytest.raises(DatasetError, match=named) as caught:
        FinishedSet.open(str(tmp_path))
    assert "\n" not in str(caught.value)


def test_a_set_of_another_version_is_refused_by_its_path(copy: Whole) -> None:
    """The line names the set, so that one of several can be found."""
    manifest = json.loads((copy.path / "dataset.json").read_text())
    (copy.path / "dataset.json").write_text(json.dumps(manifest | {"schema_version": 1}))
    with pytest.raises(DatasetError, match=f"^{copy.path}: the set has schema version 1,"):
        FinishedSet.open(str(copy.path))


def test_an_account_that_does_not_add_up_is_refused(copy: Whole) -> None:
    """That produced = kept + dropped is checked when the set is opened."""
    manifest = json.loads((copy.path / "dataset.json").read_text())
    manifest["account"]["lines"][0]["kept"] += 1
    (copy.path / "dataset.json").write_text(json.dumps(manifest))
    with pytest.raises(DatasetError, match="does not add up"):
        FinishedSet.open(str(copy.path))
