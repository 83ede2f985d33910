"""`vidpref audit` reads a finished set and tells what it found."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.audit.options import AuditOptions
from pipeline.audit.read import read_groups
from pipeline.audit.report import AuditReport
from pipeline.audit.run import run_audit, run_comparison
from pipeline.dataset.finished_set import FinishedSet
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.review import Review
from pipeline.storage.location import Location
from pipeline.verification.run import failures
from schemas.errors import DatasetError, OutputError, UserError
from schemas.human_verdict import Judgement, texts_hash
from tests.finished import store, write_set


def test_groups_are_those_of_the_set(tmp_path: Path) -> None:
    """Every group is read with all of its answers, whatever the row groups that it lies in."""
    whole = write_set(tmp_path / "ds", videos=8)
    groups = read_groups(FinishedSet.open(str(whole.path)))
    built = {group.group_id: group for video in whole.finalised.videos for group in video.groups}
    assert {group.group_id: set(group.texts) for group in groups} == {
        group_id: {answer.text for answer in group.answers} for group_id, group in built.items()
    }
    assert all(group.texts[0] == built[group.group_id].chosen.text for group in groups)


def test_of_many_videos_some_are_read(tmp_path: Path) -> None:
    """Beyond the limit whole videos are left out, the same ones each time."""
    opened = FinishedSet.open(str(write_set(tmp_path / "ds", videos=8).path))
    all_of_them = {group.video_id for group in read_groups(opened)}
    some = {group.video_id for group in read_groups(opened, max_videos=3)}
    assert len(some) == 3
    assert some < all_of_them
    assert some == {group.video_id for group in read_groups(opened, max_videos=3)}


def test_json_is_the_report(tmp_path: Path) -> None:
    """With --json the report is printed, and nothing else."""
    path = write_set(tmp_path / "ds", videos=8).path
    console = Console(file=io.StringIO(), record=True, width=100)
    report = run_audit(console, AuditOptions(str(path), as_json=True))
    assert AuditReport.model_validate(json.loads(console.export_text())) == report


def test_tables_name_every_reader_and_the_verdict(tmp_path: Path) -> None:
    """On a terminal the three readers, their control, the habits and the verdict are printed."""
    path = write_set(tmp_path / "ds", videos=8).path
    console = Console(file=io.StringIO(), record=True, width=80)
    report = run_audit(console, AuditOptions(str(path)))
    text = console.export_text()
    for part in ("an answer alone", "question, answer", "all its answers", "control", "characters"):
        assert part in text
    assert f"Verdict: {report.outcome.value}" in text


def test_a_set_without_pairs_is_refused(tmp_path: Path) -> None:
    """There is nothing to audit in an empty set, and one line says so."""
    store(tmp_path / "ds", [], [], [], questions=0)
    with pytest.raises(DatasetError, match="holds no pairs"):
        run_audit(Console(quiet=True), AuditOptions(str(tmp_path / "ds")))


def test_a_strict_audit_ends_where_the_set_does_not_pass(tmp_path: Path) -> None:
    """Four videos are too few to pass: the report is printed, then the set is refused in one line."""
    write_set(tmp_path / "ds", videos=4)
    console = Console(file=io.StringIO(), record=True)
    with pytest.raises(DatasetError, match="does not pass its audit: not enough"):
        run_audit(console, AuditOptions(str(tmp_path / "ds"), strict=True))
    assert "Verdict" in console.export_text()


def test_the_card_gets_what_the_audit_found(tmp_path: Path) -> None:
    """Every score is in the set's card once, however often it is written, and the set still verifies."""
    path = write_set(tmp_path / "ds", videos=8).path
    card = path / "README.md"
    for _ in range(2):
        report = run_audit(Console(quiet=True), AuditOptions(str(path), card=True))
    text = card.read_text()
    assert text.count("## The audit") == text.count("## How it was made") == 1
    assert f"The verdict on the set is: {report.outcome.value}." in " ".join(text.split())
    for score in report.scores:
        assert f"| {score.accuracy:.3f} | {score.low:.3f} to {score.high:.3f} | {score.outcome.value} |" in text
    assert list(failures(FinishedSet.open(str(path)))) == []


def test_a_card_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """If a folder has the name of the card, one line says that it cannot be written."""
    path = write_set(tmp_path / "ds", videos=8).path
    (path / "README.md").unlink(missing_ok=True)
    (path / "README.md").mkdir()
    with pytest.raises(OutputError, match=r"the card of .* cannot be written"):
        run_audit(Console(quiet=True), AuditOptions(str(path), card=True))


def test_what_people_object_to_is_left_out_with_its_twins(tmp_path: Path) -> None:
    """One wrong pair takes its question out; the report counts the rest, and is not kept as that of the set."""
    whole = write_set(tmp_path / "ds", videos=8)
    pair = next(iter(whole.finalised.videos[0].pairs()))
    folder = ReviewFolder(Location.parse(str(tmp_path / "ds" / "reviews")))
    texts = texts_hash(pair.question, pair.chosen, pair.rejected)
    Review(folder, "ann").say(pair.pair_id, texts, {"judgement": Judgement.WRONG})
    console = Console(file=io.StringIO(), record=True, width=200)
    every = run_audit(Console(quiet=True), AuditOptions(str(whole.path)))
    kept = (whole.path / "audit.json").read_bytes()
    rest = run_audit(console, AuditOptions(str(whole.path), reviews=str(tmp_path / "ds" / "reviews")))
    of_group = sum(other.group_id == pair.group_id for video in whole.finalised.videos for other in video.pairs())
    assert (every.groups - rest.groups, every.pairs - rest.pairs) == (1, of_group)
    assert f"{of_group} pairs left out" in console.export_text()
    assert (whole.path / "audit.json").read_bytes() == kept
    with pytest.raises(UserError, match="the card is about the whole set"):
        AuditOptions(str(whole.path), card=True, reviews="reviews")


def test_a_set_that_cannot_be_written_is_audited_all_the_same(tmp_path: Path) -> None:
    """A folder lies in the place of audit.json: one line says that it is not written."""
    path = write_set(tmp_path / "ds", videos=8).path
    (path / "audit.json").mkdir()
    console = Console(file=io.StringIO(), record=True, width=200)
    run_audit(console, AuditOptions(str(path)))
    assert "audit.json is not written" in console.export_text()


def test_two_sets_stand_side_by_side(tmp_path: Path) -> None:
    """What both have is counted, each number has a column, and both audits are kept beside their sets."""
    names = []
    for name, videos in (("one", 8), ("two", 5)):
        write_set(tmp_path / name, videos=videos)
        names.append(str(tmp_path / name))
    console = Console(file=io.StringIO(), record=True, width=120)
    found = run_comparison(console, AuditOptions(*names))
    assert found.shared_videos == 5
    assert 0 < found.shared_pairs <= found.reports[1].pairs
    text = console.export_text()
    for number in (f"{found.reports[0].pairs}, {found.reports[0].groups}, 8", "axis: spatial", "verdict", "one", "two"):
        assert number in text
    assert all((tmp_path / name / "audit.json").is_file() for name in ("one", "two"))


def test_a_set_is_compared_with_rows_of_others(tmp_path: Path) -> None:
    """--format is for what is no finished set; rows have no axes, and no file is written beside them."""
    write_set(tmp_path / "ds", videos=4)
    rows = [{"prompt": f"What {n}?", "chosen": "Red.", "rejected": "Blue.", "video": f"clip_{n}.mp4"} for n in range(4)]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    options = AuditOptions(str(tmp_path / "ds"), str(tmp_path / "rows.jsonl"), format="trl", as_json=True)
    console = Console(file=io.StringIO(), record=True, width=200)
    found = run_comparison(console, options)
    assert json.loads(console.export_text())["shared_videos"] == found.shared_videos == 4
    assert found.reports[1].coverage == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ds", "rows.jsonl"]


def test_benchmarks_are_compared_with_the_set(tmp_path: Path) -> None:
    """A list that names one of its videos fails the set, by id, and --strict says so in one line."""
    path = write_set(tmp_path / "ds", videos=4).path
    (tmp_path / "ids.txt").write_text("clip_2\nanother\n")
    options = AuditOptions(str(path), benchmarks=(str(tmp_path / "ids.txt"),), strict=True)
    console = Console(file=io.StringIO(), record=True, width=200)
    with pytest.raises(DatasetError, match="does not pass its audit: fail"):
        run_audit(console, options)
    assert "are in a benchmark: clip_2.mp4" in console.export_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dataset": "rows.jsonl"}, "audit rows of others with --format"),
        (
            {"dataset": "rows.jsonl", "format": "trl", "card": True},
            "--card and --reviews are for sets of vidpref alone",
        ),
        (
            {"dataset": "rows.jsonl", "format": "trl", "reviews": "r"},
            "--card and --reviews are for sets of vidpref alone",
        ),
        ({"dataset": "ds", "benchmarks": ("gone.txt",)}, "--benchmark gone.txt cannot be read"),
        ({"dataset": "ds", "benchmarks": ("empty",)}, "--benchmark empty holds no video"),
        ({"dataset": "nothing", "format": "trl"}, "nothing cannot be read|nothing is neither a file nor a folder"),
    ],
)
def test_what_cannot_be_audited_is_one_line(
    options: dict[str, object], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was given, and what to try."""
    monkeypatch.chdir(tmp_path)
    write_set(tmp_path / "ds", videos=3)
    (tmp_path / "empty").mkdir()
    (tmp_path / "rows.jsonl").write_text('{"prompt": "?", "chosen": "Red.", "rejected": "Blue."}')
    with pytest.raises(UserError, match=message):
        run_audit(Console(quiet=True), AuditOptions(**options))  # type: ignore[arg-type]


def test_options_of_one_set_are_not_for_two() -> None:
    """The card, --strict and --reviews are about one."""
    with pytest.raises(UserError, match="are about one set"):
        AuditOptions("a", "b", strict=True)
