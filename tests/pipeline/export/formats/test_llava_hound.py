"""What LLaVA-Hound's and RRPO's trainers read."""

import json
from pathlib import Path

import av
import pytest

from pipeline.export.format import FormatOptions
from pipeline.export.formats.llava_hound import masked
from pipeline.export.left_out import LeftOutError
from pipeline.export.question import ExportQuestion, StoredNegative, StoredVisual
from pipeline.export.registry import format_of
from schemas.errors import UserError
from schemas.text_span import TextSpan
from schemas.visual_negative import VisualNegative
from tests.finished import SAMPLED, Whole
from tests.pipeline.export.exporting import exported, lines


def test_a_row_names_a_folder_of_frames_in_order(whole: Whole, tmp_path: Path) -> None:
    """Sorted by name, as the trainer lists them, the frames are those of the clip: it stores 8, all that are seen."""
    account = exported(whole, tmp_path / "out", to="llava-hound")
    clips = {clip.clip_id: clip for clip in whole.clips}
    pairs = {pair.pair_id: pair for video in whole.finalised.videos for pair in video.pairs()}
    rows = [row for file in (tmp_path / "out").glob("t*.jsonl") for row in lines(file)]
    assert len(rows) == account.rows["train"]
    for row in rows:
        pair = pairs[row["id"]]
        files = sorted((tmp_path / "out" / row["video"]).iterdir())
        assert [file.read_bytes() for file in files] == [frame.jpeg for frame in clips[pair.clip_id].frames]
        assert (row["prompt"], row["chosen"]) == (f"<video>\n{pair.question}", pair.chosen)
        assert row["rejected"] == pair.rejected


@pytest.mark.video
def test_masked_rows_are_an_array_with_videos(whole: Whole, tmp_path: Path) -> None:
    """RRPO's trainer loads one array; without their tags and the blanks beside them the texts are the answers."""
    exported(whole, tmp_path / "out", to="llava-hound", format={"masked": True})
    for row in json.loads((tmp_path / "out" / "train.json").read_text()):
        with av.open(str(tmp_path / "out" / row["media_path"])) as video:
            assert len(list(video.decode(video=0))) == SAMPLED
        for name in ("answer", "pred"):
            text = row[f"{name}_masked"]
            assert "<MASK>" in text
            bare = text.replace(" <MASK> ", " ").replace("<MASK>", "").replace(" </MASK>", "")
            assert bare == row[name]


def test_tags_stand_beside_blanks() -> None:
    """At the start of a text there is no blank before the tag that could be doubled."""
    spans = (TextSpan(start=0, end=2), TextSpan(start=9, end=13))
    assert masked("It moves left.", spans) == "<MASK>It </MASK> moves <MASK> left </MASK>."


def test_rrpo_reads_no_frames(tmp_path: Path) -> None:
    """Refused before anything is read."""
    with pytest.raises(UserError, match="reads video"):
        format_of("llava-hound", tmp_path, "frames", FormatOptions(masked=True))


def _no_negative(spec: VisualNegative) -> StoredNegative:
    raise AssertionError(spec)


def test_a_text_with_a_mark_of_the_trainer_is_left_out(whole: Whole, tmp_path: Path) -> None:
    """Its tokenizer would put a second video there."""
    pair = next(iter(whole.finalised.videos[0].pairs())).model_copy(update={"question": "Is <video> written there?"})
    shown = StoredVisual("v", ("frames/v/0000.jpg",), None, (0.0,), 1.0, 64, 48)
    question = ExportQuestion((pair,), whole.clips[0], shown, _no_negative)
    with pytest.raises(LeftOutError, match="<video>"):
        list(format_of("llava-hound", tmp_path, None, FormatOptions()).rows(question))
