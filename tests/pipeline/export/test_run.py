"""`vidpref export` writes rows and media, leaves nothing out without a word, and refuses what it cannot do."""

import json
import sys
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.export.format import Finished, FormatOptions
from pipeline.export.registry import FORMATS, format_of
from pipeline.export.run import ExportOptions, run_export
from pipeline.export.token_bound import length_limit
from pipeline.reviews.folder import ReviewFolder
from pipeline.reviews.review import Review
from pipeline.storage.location import Location
from schemas.clip import Clip
from schemas.errors import UserError
from schemas.human_verdict import Judgement, texts_hash
from schemas.video import Split
from tests.finished import Whole, store
from tests.pipeline.export.exporting import exported, lines
from tests.planted_sets import planted_set


def test_every_pair_is_in_a_row_and_its_frames_are_stored_once(whole: Whole, tmp_path: Path) -> None:
    """No text names seconds, so that all pairs go out; each clip has 8 frames, of which those before and after the
    crossing are all alike.
    """
    account = exported(whole, tmp_path / "out")
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    rows = [row for file in (tmp_path / "out").glob("*/metadata.jsonl") for row in lines(file)]
    assert (account.pairs, account.exported, account.left_out) == (len(pairs), len(pairs), {})
    assert sorted(row["pair_id"] for row in rows) == sorted(pair.pair_id for pair in pairs)
    stored = {jpeg.read_bytes() for jpeg in (tmp_path / "out").rglob("*.jpg")}
    assert {frame.jpeg for clip in whole.clips for frame in clip.frames} == stored
    assert json.loads((tmp_path / "out" / "export.json").read_text())["exported"] == len(pairs)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"to": "parquet"}, "--to 'parquet': there is no such format; allowed are "),
        ({"media": "video"}, "--media 'video': TRL reads frames"),
        ({"out": "s3://bucket/out"}, "is on a store"),
        ({"filters": ("axis=sideways",)}, "'sideways' is no axis; allowed are cross_frame, spatial, temporal"),
        ({"filters": ("colour=red",)}, "there is no field 'colour'; allowed are axis, "),
        ({"filters": ("good",)}, "give one of annotated, judged, proven, unchecked, accepted, or FIELD=VALUE"),
        ({"where": "axes = 1"}, "--where 'axes = 1': "),
        ({"filters": ("proven", "split=test")}, "nothing is left to export of "),
        ({"filters": ("accepted",)}, "holds no verdicts of people"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    whole: Whole, tmp_path: Path, options: dict[str, object], words: str
) -> None:
    """Each wrong option is refused, and no folder is left behind."""
    with pytest.raises(UserError) as refused:
        exported(whole, tmp_path / "out", **options)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_not_written_over(whole: Whole, tmp_path: Path) -> None:
    """An empty one is taken; one with a file stays as it is."""
    (tmp_path / "empty").mkdir()
    exported(whole, tmp_path / "empty")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="exists; give a new folder"):
        exported(whole, tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_what_people_object_to_is_named_and_the_rest_is_read_again(
    whole: Whole, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The question of the pair goes with all its pairs; of the rest it is said how well it can be guessed."""
    pair = next(iter(whole.finalised.videos[0].pairs()))
    gone = {p.pair_id for video in whole.finalised.videos for p in video.pairs() if p.group_id == pair.group_id}
    review = Review(ReviewFolder(Location.parse(str(tmp_path / "reviews"))), "ann")
    texts = texts_hash(pair.question, pair.chosen, pair.rejected)
    review.say(pair.pair_id, texts, {"judgement": Judgement.WRONG})
    account = exported(whole, tmp_path / "out", console=Console(), reviews=str(tmp_path / "reviews"))
    listed = lines(tmp_path / "out" / "left_out.jsonl")
    assert {row["pair_id"] for row in listed} == gone
    assert {row["reason"] for row in listed} == {"objected_to"}
    assert account.pairs == account.exported + len(gone)
    said = capsys.readouterr().out
    assert f"{len(gone)} pairs left out: people object to it or to its twin" in said
    assert "in what is left, readers of an answer" in said


def test_accepted_pairs_are_those_that_people_call_right(whole: Whole, tmp_path: Path) -> None:
    """One pair of the set is judged, and goes out alone."""
    pair = next(iter(whole.finalised.videos[0].pairs()))
    review = Review(ReviewFolder(Location.parse(str(tmp_path / "reviews"))), "ann")
    texts = texts_hash(pair.question, pair.chosen, pair.rejected)
    review.say(pair.pair_id, texts, {"judgement": Judgement.RIGHT})
    account = exported(whole, tmp_path / "out", filters=("accepted",), reviews=str(tmp_path / "reviews"))
    [row] = [row for file in (tmp_path / "out").glob("*/metadata.jsonl") for row in lines(file)]
    assert (row["pair_id"], account.exported) == (pair.pair_id, 1)


def test_a_condition_in_sql_takes_what_it_says(whole: Whole, tmp_path: Path) -> None:
    """All pairs of one question whose rejected answer is not the first."""
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    first = pairs[0]
    where = f"group_id = '{first.group_id}' and rejected <> '{first.rejected}' -- a comment does no harm"
    account = exported(whole, tmp_path / "out", where=where)
    wanted = [p for p in pairs if p.group_id == first.group_id and p.rejected != first.rejected]
    assert account.exported == len(wanted) > 0


def test_too_few_frames_for_the_evidence_are_counted(whole: Whole, tmp_path: Path) -> None:
    """One frame of a clip, the one in its middle, shows none of the moments at which things come in."""
    with pytest.raises(UserError, match=r"nothing is left to export of \d+ pairs: evidence_missing \d+"):
        exported(whole, tmp_path / "out", num_frames=1)


def test_equal_bytes_whatever_the_threads(whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows and files are the same from one thread as from several."""
    exported(whole, tmp_path / "several", to="questions")
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0})
    exported(whole, tmp_path / "one", to="questions")
    several, one = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "several", tmp_path / "one")
    )
    account = Path("export.json")  # its command names the folder
    assert {path for path in several if path != account} == {path for path in one if path != account}
    assert all(several[path] == one[path] for path in several if path != account)


def test_a_frame_that_cannot_be_read_leaves_its_question_out(tmp_path: Path) -> None:
    """A mirrored version needs the pixels of a frame whose JPEG is cut off; the other clips go out all the same."""
    opened, pairs = planted_set(tmp_path / "written", 3)
    first, *others = opened.records(Clip, "clips")
    frames = [frame.model_copy(update={"jpeg": frame.jpeg[:100]}) for frame in first.frames]
    damaged = first.model_copy(update={"frames": tuple(frames)})
    store(tmp_path / "ds", pairs, [damaged, *others], [], questions=len(pairs))
    account = run_export(Console(quiet=True), ExportOptions(str(tmp_path / "ds"), "trl", str(tmp_path / "out")))
    gone = {pair.pair_id for pair in pairs if pair.clip_id == first.clip_id}
    listed = lines(tmp_path / "out" / "left_out.jsonl")
    assert {row["pair_id"] for row in listed if row["reason"] in ("damaged", "twin_left_out")} == gone
    assert account.exported == len(pairs) - len(gone)


@pytest.mark.parametrize("to", ["trl", "llava-hound", "datasets", "questions"])
def test_the_command_names_what_is_there(whole: Whole, tmp_path: Path, to: str) -> None:
    """Each path in it exists, and its limit holds the longest row; questions leave 512 tokens for the answer, too."""
    account = exported(whole, tmp_path / "out", to=to)
    limit = length_limit(account.longest_tokens)
    assert to == "datasets" or {str(limit), str(limit + 512)} & set(account.command.split())
    for word in account.command.replace("=", " ").split():
        path = word.strip("'\"();,").removeprefix('datasets.load_dataset("')
        assert not path.startswith(str(tmp_path)) or Path(path).exists(), account.command


@pytest.mark.parametrize("to", FORMATS)
def test_the_command_trains_on_the_rows_that_there_are(tmp_path: Path, to: str) -> None:
    """An export of validation rows alone has no file of the split train."""
    command = format_of(to, tmp_path, None, FormatOptions()).command(Finished({Split.VALIDATION: 2}, 100, 8, "ds"))
    assert "validation" in command
    assert "train.json" not in command
    assert "vidpref_train" not in command


def test_a_condition_in_sql_needs_duckdb(whole: Whole, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it one line says what to install."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(UserError, match=r"--where needs DuckDB: pip install 'vidpref\[sql\]'"):
        exported(whole, tmp_path / "out", where="difficulty > 0.5")
