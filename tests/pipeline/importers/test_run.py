"""Whole imports: the manifest, what is left out, and the account."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.cli.app import app
from pipeline.cli.exit_codes import exit_code
from pipeline.cli.import_ import import_
from pipeline.importers.gather import split_of
from pipeline.importers.left_out import ImportKind, ImportReason
from pipeline.importers.options import ImportOptions
from pipeline.importers.registry import SOURCES
from pipeline.importers.run import run_import
from pipeline.importers.tally import ImportLine, ImportReport
from pipeline.inputs.videos import find_videos
from schemas.errors import OutputError, SourceError, VideosError
from schemas.video import Split, VideoRef
from tests.shared import NEEDS_SHARED, shared

SAMPLES = Path(__file__).parent / "samples"


def imported(source: str, *files: str, out: Path, **options: object) -> ImportReport:
    """Import samples, or files by their whole path."""
    paths = tuple(str(SAMPLES / file) for file in files)
    return run_import(
        Console(file=io.StringIO()),
        ImportOptions(source, paths, str(out), **options),  # type: ignore[arg-type]
    )


def lines_of(report: ImportReport) -> dict[ImportKind, ImportLine]:
    """The account by kind."""
    return {line.kind: line for line in report.lines}


def refs(manifest: Path) -> list[VideoRef]:
    """The lines of a manifest, as a build reads them."""
    return [source.ref for source in find_videos(str(manifest)).sources]


def left_out(manifest: Path) -> list[dict[str, object]]:
    """What is listed beside a manifest."""
    return [json.loads(line) for line in manifest.with_suffix(".left_out.jsonl").read_text().splitlines()]


def empty_files(folder: Path, *names: str) -> Path:
    """A folder with these files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode())
    return folder


def test_every_row_is_in_the_manifest_or_in_the_list_of_what_is_left_out(tmp_path: Path) -> None:
    """Of three rows one is kept, one has an empty answer, one asks again; one box is empty, two lack times."""
    report = imported("vistadpo", "object_set.jsonl", out=tmp_path / "m.jsonl", licence="CC0")
    assert lines_of(report) == {
        ImportKind.VIDEO: ImportLine(kind="video", seen=2, imported=2, uncertain=0, left_out={}),
        ImportKind.QUESTION: ImportLine(
            kind="question",
            seen=3,
            imported=1,
            uncertain=1,
            left_out={ImportReason.DUPLICATE: 1, ImportReason.EMPTY: 1},
        ),
        ImportKind.BOX: ImportLine(
            kind="box", seen=3, imported=0, uncertain=0, left_out={ImportReason.NO_TIME: 2, ImportReason.NO_AREA: 1}
        ),
    }
    first, second = refs(tmp_path / "m.jsonl")
    assert (first.uri, first.id, first.source, first.licence) == ("star/AAAAA.mp4", "star/AAAAA", "VistaDPO", "CC0")
    assert first.annotations is not None
    assert [question.answer for question in first.annotations.questions] == ["The person opened the laptop."]
    assert second.annotations is None
    listed = [(left["line"], left["video"], left["kind"], left["reason"]) for left in left_out(tmp_path / "m.jsonl")]
    assert listed == [
        (1, "star/AAAAA", "box", ImportReason.NO_TIME),
        (2, "star/BBBBB", "question", ImportReason.EMPTY),
        (2, "star/BBBBB", "box", ImportReason.NO_AREA),
        (3, "star/AAAAA", "question", ImportReason.DUPLICATE),
        (3, "star/AAAAA", "box", ImportReason.NO_TIME),
    ]


@NEEDS_SHARED
def test_the_released_rows_of_vistadpo_are_all_accounted_for(tmp_path: Path) -> None:
    """60 rows about 59 videos, all with an answer; none of the 60 boxes has a time. Nothing is lost."""
    rows = shared("reference", "vistadpo_object_set.head60.jsonl")
    lines = lines_of(imported("vistadpo", str(rows), out=tmp_path / "m.jsonl", trust_models=True))
    assert (lines[ImportKind.VIDEO].seen, lines[ImportKind.VIDEO].imported) == (59, 59)
    assert lines[ImportKind.QUESTION] == ImportLine(kind="question", seen=60, imported=60, uncertain=0, left_out={})
    assert lines[ImportKind.BOX].left_out == {ImportReason.NO_TIME: 60}
    questions = [q for ref in refs(tmp_path / "m.jsonl") if ref.annotations for q in ref.annotations.questions]
    published = {json.loads(line)["prompt"] for line in rows.read_text().splitlines()}
    assert {question.question for question in questions} == published
    assert {len(question.wrong) for question in questions} == {2}


@pytest.mark.parametrize("keep", [False, True])
def test_a_video_whose_file_is_missing_goes_or_stays_as_told(tmp_path: Path, keep: bool) -> None:
    """With it goes all that is said of it."""
    folder = empty_files(tmp_path / "videos", "charades/AAAAA.MP4", "other/unused.mp4")
    options = {"videos": str(folder), "keep_missing": keep}
    report = imported("vistadpo", "object_set.jsonl", out=tmp_path / "m.jsonl", **options)
    video, question = lines_of(report)[ImportKind.VIDEO], lines_of(report)[ImportKind.QUESTION]
    assert video.left_out == ({} if keep else {ImportReason.NO_FILE: 1})
    assert question.left_out[ImportReason.DUPLICATE] == 1
    assert question.left_out[ImportReason.EMPTY if keep else ImportReason.NO_FILE] == 1
    uris = ["videos/charades/AAAAA.MP4", *(["videos/star/BBBBB.mp4"] if keep else [])]
    assert [ref.uri for ref in refs(tmp_path / "m.jsonl")] == uris


def test_a_file_is_found_by_its_path_or_by_a_name_that_only_it_has(tmp_path: Path) -> None:
    """`star/AAAAA` is not `other/AAAAA`; where two folders have the name, it is not known which one is meant."""
    folder = empty_files(tmp_path / "videos", "star/AAAAA.mp4", "other/AAAAA.mp4", "one/BBBBB.mkv", "two/BBBBB.mkv")
    report = imported("vistadpo", "object_set.jsonl", out=tmp_path / "out" / "m.jsonl", videos=str(folder))
    assert [ref.uri for ref in refs(tmp_path / "out" / "m.jsonl")] == [str(folder / "star/AAAAA.mp4")]
    assert lines_of(report)[ImportKind.VIDEO].left_out == {ImportReason.SEVERAL_FILES: 1}


def test_no_file_is_in_the_manifest_twice(tmp_path: Path) -> None:
    """A build refuses a manifest with one uri in two lines."""
    rows = [{"videoID": name, "enCap": ["A kite flies."]} for name in ("kite", "a/kite")]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    folder = empty_files(tmp_path / "videos", "kite.mp4")
    report = imported("vatex", str(tmp_path / "rows.jsonl"), out=tmp_path / "m.jsonl", videos=str(folder))
    assert [ref.id for ref in refs(tmp_path / "m.jsonl")] == ["a/kite"]
    assert lines_of(report)[ImportKind.VIDEO].left_out == {ImportReason.SAME_FILE: 1}


def test_what_several_files_say_of_a_video_is_joined(tmp_path: Path) -> None:
    """The captions are of the training part and the questions of the validation part: the stricter one holds."""
    files = ("activitynet/train.json", "activitynet/val_q.json")
    report = imported("activitynet", *files, out=tmp_path / "m.jsonl")
    [ref] = refs(tmp_path / "m.jsonl")
    assert ref.split is Split.VALIDATION
    assert ref.annotations is not None
    assert (len(ref.annotations.events), len(ref.annotations.questions)) == (1, 2)
    assert lines_of(report)[ImportKind.EVENT].left_out == {ImportReason.ENDS_BEFORE_START: 1}


@pytest.mark.parametrize(
    ("source", "file", "given", "expected"),
    [
        ("nextqa", "nextqa_val.csv", None, Split.VALIDATION),
        ("nextqa", "nextqa_val.csv", Split.TRAIN, Split.TRAIN),
        ("tempcompass", "tempcompass/yes_no.json", None, Split.TEST),
        ("tomato", "tomato_count.json", None, Split.TEST),
        ("videomme", "videomme.jsonl", None, Split.TEST),
        ("videomme", "videomme.jsonl", Split.TRAIN, Split.TRAIN),
        ("msrvtt", "msrvtt/videodatainfo.json", None, Split.VALIDATION),
        ("vitevqa", "vitevqa.json", None, None),
        ("clevrer", "clevrer/annotation_00000.json", None, Split.TRAIN),
    ],
)
def test_the_split_is_the_given_one_or_that_of_the_source(
    tmp_path: Path, source: str, file: str, given: Split | None, expected: Split | None
) -> None:
    """Benchmarks are for testing, unless told otherwise; a row's own split goes before that of the file's name."""
    imported(source, file, out=tmp_path / "m.jsonl", split=given)
    assert [ref.split for ref in refs(tmp_path / "m.jsonl")] == [expected]


@pytest.mark.parametrize(
    ("source", "file", "given", "expected"),
    [
        ("clevrer", "clevrer/train.json", None, "CC0"),
        ("clevrer", "clevrer/train.json", "mine", "mine"),
        ("coco", "coco.json", None, [None, "CC BY 4.0"]),
        ("nextqa", "nextqa_val.csv", None, None),
    ],
)
def test_the_licence_is_the_given_one_or_that_of_the_source(
    tmp_path: Path, source: str, file: str, given: str | None, expected: object
) -> None:
    """That of the row goes before that of all videos of the source; none is made up."""
    imported(source, file, out=tmp_path / "m.jsonl", licence=given)
    found = [ref.licence for ref in refs(tmp_path / "m.jsonl")]
    assert found == (expected if isinstance(expected, list) else [expected])


def test_the_name_of_a_file_tells_its_split() -> None:
    """As a word of it, not as a part of one."""
    assert split_of("STAR_train.json") is Split.TRAIN
    assert split_of("val_1.json") is Split.VALIDATION
    assert split_of("test-00000-of-00001.parquet") is Split.TEST
    assert split_of("contest_trained.json") is None


def test_equal_inputs_give_equal_bytes(tmp_path: Path) -> None:
    """Whatever was there before, and whatever the order of the files."""
    files = ["msrvtt/videodatainfo.json", "msrvtt/test_qa.json"]
    (tmp_path / "a.jsonl").write_text("something else\n")
    imported("msrvtt", *files, out=tmp_path / "a.jsonl")
    imported("msrvtt", *reversed(files), out=tmp_path / "b.jsonl")
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()


def test_an_account_that_does_not_add_up_is_refused() -> None:
    """Seen = imported + left out."""
    with pytest.raises(ValueError, match="question: 3 seen, 1 imported"):
        ImportLine(kind=ImportKind.QUESTION, seen=3, imported=1, uncertain=0, left_out={ImportReason.EMPTY: 1})


@pytest.mark.parametrize(
    ("options", "error", "problem"),
    [
        ({"out": "m.csv"}, OutputError, "--out .*m.csv must end with .jsonl"),
        ({"out": "rows.jsonl"}, OutputError, "rows.jsonl is the file that is imported; give another"),
        ({"out": "rows.jsonl/m.jsonl"}, OutputError, "--out .* cannot be written: File exists"),
        ({"videos": "none"}, VideosError, "--videos .*none is not a folder of this machine"),
        ({"videos": "empty"}, VideosError, "--videos .*empty holds no video"),
        ({"min_shots": 2}, SourceError, "--min-shots and --min-motion need the videos; name their folder with --vid"),
        ({"exclude": "none.txt"}, SourceError, "--exclude .*none.txt cannot be read"),
        ({"files": "empty.jsonl"}, SourceError, "empty.jsonl: nothing in it; vatex reads vatex_training"),
        ({"files": "nameless.jsonl"}, SourceError, "nameless.jsonl line 1: names no video"),
        ({"exclude": "ids.txt"}, SourceError, "none of 1 video is left; see .*m.left_out.jsonl"),
    ],
)
def test_wrong_options_are_one_line(
    tmp_path: Path, options: dict[str, object], error: type[Exception], problem: str
) -> None:
    """It says what was given and what to do."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "ids.txt").write_text("kite\n")
    (tmp_path / "nameless.jsonl").write_text('{"videoID": " ", "enCap": ["A kite flies."]}')
    (tmp_path / "rows.jsonl").write_text('{"videoID": "kite", "enCap": ["A kite flies."]}')
    given = {name: str(tmp_path / value) if isinstance(value, str) else value for name, value in options.items()}
    given = {**given, **({"exclude": (given["exclude"],)} if "exclude" in given else {})}
    files = str(given.pop("files", tmp_path / "rows.jsonl"))
    out = Path(str(given.pop("out", tmp_path / "m.jsonl")))
    with pytest.raises(error, match=problem) as refused:
        imported("vatex", files, out=out, **given)
    assert "\n" not in str(refused.value)


def test_the_command_prints_the_account_and_ends_with_two_for_a_bad_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As JSON if asked for; a bad line is one line on stderr."""
    arguments = ["import", "rrpo", str(SAMPLES / "rrpo.json"), "--out", str(tmp_path / "m.jsonl")]
    assert exit_code(app, [*arguments, "--json"]) == 0
    assert ImportReport.model_validate_json(capsys.readouterr().out).source == "rrpo"
    assert exit_code(app, arguments) == 0
    printed = capsys.readouterr().out
    assert "question" in printed
    assert "1 item of RRPO came from a model: --trust-models lets questions be asked of it" in printed
    star = ["import", "star", str(SAMPLES / "star_train.json"), "--out", str(tmp_path / "m.jsonl")]
    assert exit_code(app, star) == 0
    assert "1 question about a part of a video may have another answer elsewhere" in capsys.readouterr().out
    (tmp_path / "bad.json").write_text('[{"video": "a"}]')
    assert exit_code(app, ["import", "rrpo", str(tmp_path / "bad.json"), "--out", str(tmp_path / "m.jsonl")]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"vidpref: {tmp_path / 'bad.json'} line 1: question is missing; expected are the fields ")
    assert said.count("\n") == 1


def test_the_help_lists_every_source_and_who_wrote_it() -> None:
    """A star marks those that a model wrote."""
    listed = (import_.__doc__ or "").split("Sources:\n")[1].split("    * ")[0].splitlines()
    assert {line.split()[0]: line.endswith(" *") for line in listed if line.strip()} == {
        name: source.is_by_model for name, source in SOURCES.items()
    }
