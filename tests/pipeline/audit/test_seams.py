"""The audit reads the seams of questions about planted edits, and of no others."""

from pathlib import Path

import pytest

from pipeline.audit.measure import BesideTexts, audit
from pipeline.audit.scores import PLANTED
from pipeline.audit.seams import read_seams
from pipeline.blind_readers.readers import Reader
from schemas.errors import DatasetError
from tests.planted_sets import planted_set


def test_each_answer_of_a_planted_question_is_read_with_its_claim(tmp_path: Path) -> None:
    """Three clips with a question each: as many claims as answers, the true one first, and seven seams."""
    opened, pairs = planted_set(tmp_path / "ds", 3)
    seams = read_seams(opened, ["v0", "v1", "v2"])
    assert {one.group.group_id for one in seams} == {pair.group_id for pair in pairs}
    chosen = {pair.group_id: pair.chosen_claims[0] for pair in pairs}
    for one in seams:
        assert len(one.claims) == len(one.group.texts)
        assert one.claims[0] == chosen[one.group.group_id]
        assert len(one.steps.seconds_S) == 7
    report = audit([one.group for one in seams], beside=BesideTexts(seams=seams))
    assert [score.part for score in report.scores if score.reader is Reader.SEAMS] == [PLANTED, "shuffled"]


def test_only_the_named_videos_are_read(tmp_path: Path) -> None:
    """Of two videos one is named."""
    opened, _ = planted_set(tmp_path / "ds", 2)
    assert {one.group.video_id for one in read_seams(opened, ["v1"])} == {"v1"}


def test_a_clip_that_is_missing_is_named(tmp_path: Path) -> None:
    """The question is there, its clip is not."""
    opened, _ = planted_set(tmp_path / "ds", 2, stored=1)
    with pytest.raises(DatasetError, match="see vidpref verify"):
        read_seams(opened, ["v1"])
