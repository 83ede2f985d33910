"""Rows of files, and files that are not what they should be."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.importers.json_document import JsonDocument
from pipeline.importers.registry import source_named
from pipeline.importers.rows import SourceFile, SourceRow
from schemas.errors import SourceError


class Named(SourceRow):
    """A row with a name."""

    name: str


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("a.jsonl", '{"name": "x"}\n\n{"name": 7}\n'),
        ("a.jsonl", '\ufeff{"name": "x"}\r\n\r\n{"name": "7"}'),
        ("a.json", '{"name": "x"}\n\n{"name": 7}\n'),
        ("a.json", '[{"name": "x"},\n\n {"name": 7}]'),
        ("a.json", '{"one": {"name": "x"},\n\n "two":\n{"name": 7}}'),
        ("a.csv", 'name,other\nx,"1\n2"\n7,3\n'),
    ],
)
def test_rows_come_with_their_lines(tmp_path: Path, file: str, text: str) -> None:
    """Lists, objects, a value a line and tables are read alike; a number may stand for a text."""
    (tmp_path / file).write_text(text)
    source = SourceFile(str(tmp_path / file))
    rows = list(source.rows())
    assert [source.parsed(Named, row).name for row in rows] == ["x", "7"]
    last = {"a.csv": [2, 4]}.get(file, [1, 3] if "two" not in text else [1, 4])
    assert [row.line for row in rows] == last


def test_a_table_is_read_without_its_columns_of_bytes(tmp_path: Path) -> None:
    """Parquet files that hold whole videos are read for the rest; the first row is 1."""
    table = pa.table({"name": ["x", "y"], "mp4": [b"0", b"1"], "json": [{"a": 1}, {"a": 2}]})
    pq.write_table(table, tmp_path / "a.parquet")
    rows = list(SourceFile(str(tmp_path / "a.parquet")).rows())
    assert [(row.line, row.value) for row in rows] == [
        (1, {"name": "x", "json": {"a": 1}}),
        (2, {"name": "y", "json": {"a": 2}}),
    ]


def test_a_line_break_of_unicode_ends_no_line(tmp_path: Path) -> None:
    """JSON may hold U+2028 as it is."""
    (tmp_path / "a.jsonl").write_text('{"name": "x\u2028y"}\n{"name": "z"}')
    assert [row.value["name"] for row in SourceFile(str(tmp_path / "a.jsonl")).rows()] == ["x\u2028y", "z"]


def test_the_entries_of_a_document_are_those_that_json_gives() -> None:
    """Whatever stands between the entries."""
    value = {"a": [1, {"b": "]}"}, [], {}, None], "c": {"d": '\\"', "": True}, "e": []}
    for indent in (None, 2):
        document = JsonDocument(json.dumps(value, indent=indent), lambda _, what: ValueError(what))
        assert {key: found for _, key, found in document.entries(())} == value
        assert [found for _, _, found in document.entries(("a",))] == value["a"]
        assert [(key, found) for _, key, found in document.entries(("c",))] == [("d", '\\"'), ("", True)]
        assert list(document.entries(("e",))) == []


@pytest.mark.parametrize(
    ("source", "file", "content", "problem"),
    [
        (
            "vatex",
            "a.jsonl",
            b'{"videoID": "a", "enCap": []}\n{"videoID" 2}',
            "line 2: is not JSON: Expecting ':' delimiter",
        ),
        ("vatex", "a.json", b'[{"videoID": "a", "enCap": ["x"]},\n {"videoID": "b", ', "line 2: is not JSON: "),
        ("vatex", "a.json", b'[{"videoID": "a", "enCap": ["x"]}\n {}]', "line 2: is not JSON: Expecting ',' delimiter"),
        ("vatex", "a.json", b'"text"', "line 1: expected is a list or an object"),
        ("vatex", "a.json", b"", "line 1: is not JSON: Expecting value"),
        ("vatex", "a.jsonl", b"[" * 100_000, "line 1: is nested too deeply"),
        ("vatex", "a.jsonl", b'{"videoID": NaN}', "line 1: holds NaN, which is not a number of JSON"),
        ("vatex", "a.jsonl", '{}\n"é"'.encode("latin-1"), "line 2: is not UTF-8; convert the file"),
        (
            "vatex",
            "a.json",
            b'[{"videoID": "a", "enCap": ["x"]},\n {"videoID": "b"}]',
            "line 2: enCap is missing; expected are the fields videoID, enCap",
        ),
        ("vatex", "a.json", b"[7]", "line 1: Input should be a valid dictionary or instance of _ClipRow, got 7; expec"),
        ("nextqa", "a.csv", b"video,question\n1,why\n", "line 2: answer is missing; expected are the fields video, "),
        (
            "nextqa",
            "a.csv",
            b"video,question,answer,type,a0,a1\n1,why,2,CW,x,y\n",
            "line 2: answer is '2'; expected is the number of one of 2 choices",
        ),
        ("youcook2", "a.json", b'{"data": []}', "line 1: expected is an object with the key 'database'"),
        (
            "activitynet",
            "a.json",
            b'{"v": {"duration": 2, "timestamps": [], "sentences": ["x"]}}',
            "line 1: expected is an",
        ),
        ("activitynet", "train_q.json", b"[]", "line 1: the answers to these questions are in train_a.json; put it b"),
        ("msvd", "a.txt", b"# x\n\nnonsense here\n", "line 3: expected is the name of a clip, such as mv89psg6zh4_33"),
        ("mot", "gt.txt", b"1,2,3,4,5,6,1,1,1\n1,2,x\n", "line 2: expected are numbers with commas between: frame, id"),
        ("mot", "gt.txt", b"1,2,3,4,5,nan,1,1,1\n", "line 1: expected are numbers with commas between: frame, id"),
        ("vatex", "a.jsonl", rb'{"videoID": "\ud800", "enCap": []}', "line 1: holds half of a pair of surrogates"),
        ("activitynet", "a.json", rb'{"\ud800": {}}', "line 1: holds half of a pair of surrogates"),
        (
            "coco",
            "a.json",
            b'{"categories": [],\n"images": [{"id": 1, "width": 2, "height": 2, "file_name": "a.jpg"}]}',
            "line 2: image 1 names no frame of a video; expected are video_id and frame_id, or a file_name such as ",
        ),
        (
            "coco",
            "a.json",
            b'{"images": [], "categories": [],\n"annotations": [{"image_id": 1, "category_id": 2, "bbox": [0,0,1,1]}]}',
            "line 2: no image has the id 1, or no category the id 2",
        ),
        (
            "llava-video",
            "a.jsonl",
            b'{"video": "a.mp4"}',
            "line 1: expected are conversations of human and gpt in turn, or a prompt with chosen and rejected",
        ),
        ("tempcompass", "a.json", b'{"1": []}', "line 1: expected is an object of videos by id, each with lists of"),
        (
            "tomato",
            "a.json",
            b'{"0": {"question": "q", "options": ["a"], "answer": 3, "key": "k", "demonstration_type": "x"}}',
            "line 1: answer is 3, but there are 1 options",
        ),
        (
            "videomme",
            "a.jsonl",
            b'{"videoID": "v", "question": "q", "options": ["A. x"], "answer": "D"}',
            "line 1: answer is 'D'; expected is the letter",
        ),
        (
            "vistadpo",
            "a.jsonl",
            b'{"video": "v", "prompt": "p", "chosen": "c", "rejected": "r", "bbox": "1, 2"}',
            "line 1: bbox is '1, 2'; expected are",
        ),
        (
            "star",
            "a.json",
            b'[{"question_id": "a", "question": "q", "video_id": "v", "choices": [], "situations": {"x": {}}}]',
            "line 1: situations has the key 'x'",
        ),
        ("finevideo", "a.parquet", b"PAR1", "a.parquet is not Parquet: "),
        ("finevideo", "missing.json", None, "missing.json cannot be read: "),
    ],
)
def test_a_file_of_another_format_is_one_line(
    tmp_path: Path, source: str, file: str, content: bytes | None, problem: str
) -> None:
    """It names the file and the line, and says what was expected."""
    path = tmp_path / file
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError) as refused:
        list(source_named(source).read(SourceFile(str(path))))
    assert str(refused.value).startswith(str(path))
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[Sequence]\nframeRate=-3", "seqinfo.ini line 1: frameRate: Input should be greater than 0"),
        ("[Sequence]\nimWidth=wide", "seqinfo.ini line 1: imWidth: Input should be a valid integer"),
        ("name=walk", "seqinfo.ini line 1: expected is a section [Sequence] with name, frameRate, imWidth, imHeight"),
    ],
)
def test_what_stands_beside_a_file_is_checked_too(tmp_path: Path, text: str, problem: str) -> None:
    """The line names the other file."""
    (tmp_path / "gt.txt").write_text("1,2,3,4,5,6,1,1,1\n")
    (tmp_path / "seqinfo.ini").write_text(text)
    with pytest.raises(SourceError) as refused:
        list(source_named("mot").read(SourceFile(str(tmp_path / "gt.txt"))))
    assert problem in str(refused.value)


def test_an_unknown_source_comes_with_those_that_there_are() -> None:
    """And with the nearest one."""
    with pytest.raises(SourceError, match="unknown source 'next-qa': did you mean nextqa\\? allowed are activitynet, "):
        source_named("next-qa")
