"""Rows of others become groups, and VistaDPO's released ones are guessed as often as is on record."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.audit.foreign import read_foreign
from pipeline.audit.measure import audit
from pipeline.audit.scores import ALL
from pipeline.audit.verdict import Outcome
from pipeline.blind_readers.readers import Reader
from schemas.errors import SourceError
from schemas.pair import RejectedKind
from tests.shared import NEEDS_SHARED, shared


def lines(path: Path, *rows: dict[str, object]) -> str:
    """A file of rows."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_rows_of_one_question_are_one_group(tmp_path: Path) -> None:
    """Two rows with the same video, prompt and right answer give a group of three answers; another video another."""
    base = {"video": "a.mp4", "prompt": "<video>\nWhat?", "chosen": "A dog."}
    rows = base | {"rejected": "A cat."}, base | {"rejected": "A cow."}, base | {"rejected": "A cat.", "video": "b.mp4"}
    found = read_foreign(lines(tmp_path / "rows.jsonl", *rows), "trl")
    assert [(g.video_id, g.question, g.texts) for g in found.groups] == [
        ("a", "What?", ("A dog.", "A cat.", "A cow.")),
        ("b", "What?", ("A dog.", "A cat.")),
    ]
    assert (found.unnamed, list(found.findings)) == (0, [])


def test_what_cannot_be_audited_is_counted(tmp_path: Path) -> None:
    """An empty answer, and a rejected one that says the same, are left out; a row without a video is said to be one."""
    rows = [
        {"prompt": "What?", "chosen": chosen, "rejected": rejected}
        for chosen, rejected in (("A dog.", "A cat."), ("", "A cat."), ("A dog.", " a DOG"), ("A dog.", ""))
    ]
    found = read_foreign(lines(tmp_path / "rows.jsonl", *rows), "trl")
    assert len(found.groups) == 1
    assert sum(found.left_out.values()) == 3
    assert len(found.left_out) == 3
    assert any("rows without a video" in one.says for one in found.findings)
    assert len(list(found.findings)) == 4


def test_a_folder_of_tables_is_read_without_its_pictures(tmp_path: Path) -> None:
    """Messages with parts, frames with bytes and paths: texts are read, and the folder of the frames is the video."""
    ask = [{"role": "user", "content": [{"type": "image", "text": None}, {"type": "text", "text": "What?"}]}]
    table = pa.table(
        {
            "prompt": [ask],
            "chosen": [[{"role": "assistant", "content": [{"type": "text", "text": "A dog."}]}]],
            "rejected": [[{"role": "assistant", "content": [{"type": "text", "text": "A cat."}]}]],
            "images": [[{"bytes": b"\xff\xd8", "path": "frames/clip7/00.jpg"}]],
        }
    )
    (tmp_path / "data").mkdir()
    pq.write_table(table, tmp_path / "data" / "train-00000.parquet")
    [group] = read_foreign(str(tmp_path / "data"), "trl").groups
    assert (group.video_id, group.question, group.texts) == ("frames/clip7", "What?", ("A dog.", "A cat."))


def test_an_export_is_audited_as_a_folder(tmp_path: Path) -> None:
    """Rows of both splits count, and what lies beside them is none: the account, and what was left out."""
    row = {"prompt": "What?", "chosen": "A dog.", "rejected": "A cat."}
    for split in ("train", "validation"):
        (tmp_path / split).mkdir()
        lines(tmp_path / split / "metadata.jsonl", row | {"video": f"{split}.mp4"})
    lines(tmp_path / "left_out.jsonl", {"pair_id": "a", "reason": "times_differ"})
    (tmp_path / "export.json").write_text('{"format": "trl"}')
    found = read_foreign(str(tmp_path), "trl")
    assert sorted(group.video_id for group in found.groups) == ["train", "validation"]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("nothing", "{}", "unknown source 'nothing'"),
        ("trl", '{"prompt": "What?"}', "expected are the fields chosen, rejected"),
        ("trl", '{"chosen": "A dog.", "rejected": "A cat."}', "has no prompt"),
        ("llava-hound", '{"video": "a", "prompt": "What?", "chosen": "A dog."}', "no question can be audited"),
    ],
)
def test_other_formats_are_one_line(tmp_path: Path, name: str, text: str, message: str) -> None:
    """What was given, and what is read."""
    (tmp_path / "rows.jsonl").write_text(text)
    with pytest.raises(SourceError, match=message):
        read_foreign(str(tmp_path / "rows.jsonl"), name)
    with pytest.raises(SourceError):
        read_foreign(str(tmp_path / "missing"), "trl")


@NEEDS_SHARED
def test_the_released_rows_are_guessed_as_often_as_on_record() -> None:
    """Of VistaDPO's pairs readers of texts guess 97 to 98 %: the reader of the answer alone has both within its
    interval, on the relevant answers the point itself; each place of a row has its kind.
    """
    path = shared("reference", "vistadpo_object_set.head60.jsonl")
    found = read_foreign(str(path), "vistadpo")
    assert len(found.groups) == 60
    assert {group.kinds for group in found.groups} == {(RejectedKind.RELEVANT, RejectedKind.IRRELEVANT)}
    report = audit(found.groups)
    score = {s.part: s for s in report.scores if s.reader is Reader.ANSWER}
    assert score[ALL].low < 0.97 < score[ALL].high
    assert score[ALL].accuracy > 0.96
    assert 0.97 < score["relevant"].accuracy < 0.99
    assert report.outcome is Outcome.FAIL
    assert {"guessing", "words", "balance"} <= {one.topic for one in report.findings}
    assert {"instead", "not"} <= {word.words for word in report.whole.words}
