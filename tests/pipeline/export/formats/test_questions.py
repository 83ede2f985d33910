"""What trainers with verifiable rewards read."""

import runpy
from pathlib import Path

import pytest

from pipeline.export.format import FormatOptions
from pipeline.export.formats.question_rows import TRAINERS
from pipeline.export.registry import format_of
from schemas.errors import UserError
from tests.finished import Whole
from tests.pipeline.export.exporting import asked, said


@pytest.mark.parametrize("trainer", list(TRAINERS))
def test_every_trainer_gets_the_same_questions_and_truths(whole: Whole, tmp_path: Path, trainer: str) -> None:
    """In its own columns, with an image for each mark, and a file of rewards that scores the truth above all else."""
    _, expected = asked(whole.path, tmp_path / "trl")
    _, rows = asked(whole.path, tmp_path / "out", trainer)
    where = {
        "trl": ("images_file_names", said, lambda row: row["solution"]),
        "ms-swift": ("videos", lambda row: row["messages"][0]["content"], lambda row: row["solution"]),
        "verl": ("images", lambda r: r["prompt"][0]["content"], lambda r: r["reward_model"]["ground_truth"]),
        "easyr1": ("images", lambda row: row["problem"], lambda row: row["answer"]),
    }
    images, text, truth = where[trainer]
    plain = [text(row).replace("<image>", "").replace("<video>", "") for row in rows]  # type: ignore[operator]
    assert plain == [said(row) for row in expected]
    assert [truth(row) for row in rows] == [row["solution"] for row in expected]  # type: ignore[operator]
    for row in rows:
        marks = text(row).count("<image>") + text(row).count("<video>")  # type: ignore[operator]
        assert marks in (0, len(row[images]))  # type: ignore[index]
    if trainer == "verl":
        assert all(Path(image["image"]).is_file() for row in rows for image in row["images"])
    if trainer != "ms-swift":  # its file imports ms-swift
        assert (
            runpy.run_path(str(tmp_path / "out" / "rewards.py"))["reward"]("B", '{"answer": "B", "chance": 0.5}') == 0.5
        )


def test_unknown_trainers_and_videos_for_those_that_take_none_are_refused(tmp_path: Path) -> None:
    """Before anything is read."""
    with pytest.raises(UserError, match="--trainer 'ppo': allowed are trl, ms-swift, verl, easyr1"):
        format_of("questions", tmp_path, None, FormatOptions(trainer="ppo"))
    with pytest.raises(UserError, match=r"--media 'video': .* reads frames"):
        format_of("questions", tmp_path, "video", FormatOptions(trainer="verl"))
    with pytest.raises(UserError, match="--none-of-these is not for trl; formats that know it: questions"):
        format_of("trl", tmp_path, None, FormatOptions(none_of_these=True))
