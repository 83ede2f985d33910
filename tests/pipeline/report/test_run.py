"""The report is one file that needs nothing else, and says what the rows say."""

import html
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.audit.kept import kept_audit
from pipeline.audit.options import AuditOptions
from pipeline.audit.run import run_audit
from pipeline.dataset.finished_set import FinishedSet
from pipeline.report.charts import bars, columns, flow
from pipeline.report.content import Histogram, ReportContent
from pipeline.report.run import ReportOptions, run_report
from schemas.errors import OutputError, UserError
from tests.finished import Whole, write_set
from tests.pipeline.viewer.sets import hostile_set, pairs_of


def report(path: Path, page: Path | None = None) -> ReportContent:
    """Write the page, and read what is printed as JSON."""
    console = Console(file=io.StringIO(), record=True, width=400)
    run_report(console, ReportOptions(str(path), None if page is None else str(page), as_json=True))
    return ReportContent.model_validate(json.loads(console.export_text()))


def test_the_numbers_are_those_of_the_rows(whole: Whole) -> None:
    """Counts, drops, lengths and the middles of events, counted again; twenty questions, or as many as there are."""
    pairs, found = pairs_of(whole), report(whole.path)
    assert found.overview.counts["axis"] == Counter(pair.axis.value for pair in pairs)
    assert sum(n for reasons in found.drops.values() for n in reasons.values()) == len(whole.finalised.drops)
    assert sum(found.lengths.counts["chosen"]) == len(pairs)
    assert sum(found.times.counts["events"]) == sum(len(pair.event_intervals) for pair in pairs)
    assert len({one.pair_id for one in found.examples}) == min(20, len({pair.group_id for pair in pairs}))


def test_the_page_is_whole_in_itself(whole: Whole, tmp_path: Path) -> None:
    """No script, no address of another place, pictures inside: it may be sent to anyone."""
    content = report(whole.path, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "<script" not in page
    assert {address.partition(":")[0] for address in re.findall(r'(?:src|href)="([^"]*)"', page)} == {"data"}
    assert "url(" not in page
    assert page.count("data:image/jpeg;base64,") >= len(content.examples)


def test_hostile_texts_stay_texts(whole: Whole, tmp_path: Path) -> None:
    """Tags are escaped, marks of direction spelled out, and a text of a million characters is cut."""
    hostile_set(tmp_path / "ds", whole)
    report(tmp_path / "ds", tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "<script" not in page
    assert "onerror=window" not in re.sub(r"&lt;[^<]*", "", page)
    assert "&lt;script&gt;window.broken=1&lt;/script&gt;" in page
    assert "\u202e" not in page
    assert len(page) < 3_000_000


def test_the_last_audit_is_in_it_as_long_as_the_set_is_the_same(tmp_path: Path) -> None:
    """Audited, it is there; of a set that was built anew it is not."""
    path = write_set(tmp_path / "ds", videos=8).path
    assert report(path).audit is None
    found = run_audit(Console(quiet=True), AuditOptions(str(path)))
    assert report(path).audit == found
    assert found.findings
    report(path, tmp_path / "page.html")
    page = html.unescape((tmp_path / "page.html").read_text())
    assert all(one.says in page and one.do in page for one in found.findings)
    write_set(path, videos=7)
    assert kept_audit(FinishedSet.open(str(path))) is None


def test_what_cannot_be_done_is_one_line(whole: Whole, tmp_path: Path) -> None:
    """Neither a page nor JSON; a page where none can be written."""
    with pytest.raises(UserError, match="--html FILE"):
        ReportOptions(str(whole.path))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=r"--html .* cannot be written"):
        report(whole.path, tmp_path / "file" / "report.html")


def test_a_flow_is_as_high_on_both_sides_as_it_is_frequent() -> None:
    """Of 100 drops 75 are of one stage, 25 of another; bands start where the band above them ends."""
    found = flow({"a": {"x": 50, "y": 25}, "b": {"x": 25}})
    assert [(node.name, node.count) for node in found.stages] == [("a", 75), ("b", 25)]
    assert found.stages[0].height == pytest.approx(3 * found.stages[1].height)
    ax, ay, bx = found.bands
    assert ay.left_top == pytest.approx(ax.left_top + ax.height)
    assert bx.right_top == pytest.approx(ax.right_top + ax.height)
    assert flow({}).bands == ()


def test_rare_values_are_one_bar_and_bins_are_shares_of_the_fullest() -> None:
    """Fourteen values have bars of their own; two series stand side by side in a bin."""
    rows = bars({f"v{number}": 20 - number for number in range(17)})
    assert (len(rows), rows[-1].name, rows[-1].count) == (15, "3 others", 6 + 5 + 4)
    two = list(columns(Histogram(edges=(0, 1, 2), counts={"a": (4, 2), "b": (1, 0)}), "s"))
    assert [one.height for one in two] == [100, 50, 25, 0]
    assert two[2].left == pytest.approx(25)
