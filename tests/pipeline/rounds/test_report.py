"""The files of a loop's report: JSON and a page that is whole in itself, with example pairs of each round."""

import re
import shutil
from pathlib import Path

import pytest

from pipeline.rounds.content import LoopReport
from pipeline.rounds.folder import LoopFolder
from pipeline.rounds.options import IterateOptions
from pipeline.rounds.report import write_report
from pipeline.rounds.settings import LoopSettings
from pipeline.rounds.state import LoopState
from pipeline.rounds.stop_rule import LoopEnd
from tests.finished import Whole
from tests.pipeline.rounds.scripted_rounds import accuracies, made, state
from tests.pipeline.viewer.sets import hostile_set


def written(folder: Path, found: LoopState, sets: dict[int, Path], model: str = "m") -> LoopReport:
    """The report of a loop whose rounds have these sets."""
    loop = LoopFolder(folder)
    for number, dataset in sets.items():
        shutil.copytree(dataset, loop.round(number).ds)
    options = IterateOptions("isr-dpo", "clips", model, str(folder))
    return write_report(loop, found, LoopEnd.ROUNDS, options, LoopSettings())


def test_the_page_is_whole_in_itself_and_says_what_the_json_says(whole: Whole, tmp_path: Path) -> None:
    """No script and no other place; three pairs of the round that has a set; the numbers of the JSON."""
    report = written(tmp_path / "x", accuracies(5, 7, 6), {1: whole.path})
    page = (tmp_path / "x" / "report.html").read_text()
    assert LoopReport.model_validate_json((tmp_path / "x" / "report.json").read_bytes()) == report
    assert [len(one.examples) for one in report.rounds] == [0, 3, 0]
    assert all(one.question in page or "&" in one.question for one in report.rounds[1].examples)
    assert page.count("data:image/jpeg;base64,") >= 3
    assert "<script" not in page
    assert {address.partition(":")[0] for address in re.findall(r'(?:src|href)="([^"]*)"', page)} == {"data"}
    assert "+0.200" in page
    assert "1 (best)" in page
    assert (tmp_path / "x" / "round-01" / "report" / "set.html").is_file()


def test_hostile_texts_stay_texts(whole: Whole, tmp_path: Path) -> None:
    """Of pairs, and of the path of the model."""
    hostile_set(tmp_path / "ds", whole)
    written(tmp_path / "x", accuracies(5, 7), {1: tmp_path / "ds"}, model="<script>alert(1)</script>\u202e")
    page = (tmp_path / "x" / "report.html").read_text()
    assert "<script" not in page
    assert "\u202e" not in page


def test_examples_are_drawn_once(whole: Whole, tmp_path: Path) -> None:
    """A loop of many rounds does not read the sets of all of them after each."""
    first = written(tmp_path / "x", accuracies(5, 7), {1: whole.path})
    shutil.rmtree(tmp_path / "x" / "round-01" / "ds")
    assert written(tmp_path / "x", accuracies(5, 7), {}) == first


@pytest.mark.parametrize("found", [accuracies(5), state(made(1, 9, kl=3.0))])
def test_any_loop_has_a_page(found: LoopState, tmp_path: Path) -> None:
    """Of round 0 alone, and one with alarms."""
    report = written(tmp_path / "x", found, {})
    page = (tmp_path / "x" / "report.html").read_text()
    assert all(alarm.text in page for alarm in report.alarms)
