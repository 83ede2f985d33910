"""What LLaMA-Factory reads."""

import json
from pathlib import Path

import pytest

from tests.finished import Whole
from tests.pipeline.export.exporting import exported, lines


def test_a_row_is_a_question_with_two_answers_to_one_video(whole: Whole, tmp_path: Path) -> None:
    """dataset_info.json names the file of each split and which column is what; visual negatives are left out."""
    account = exported(whole, tmp_path / "out", to="llama-factory")
    pairs = {pair.pair_id: pair for video in whole.finalised.videos for pair in video.pairs()}
    told = json.loads((tmp_path / "out" / "dataset_info.json").read_text())
    assert set(told) == {f"vidpref_{split}" for split in account.rows}
    seen = []
    for name, entry in told.items():
        assert (entry["formatting"], entry["ranking"]) == ("sharegpt", True)
        columns = entry["columns"]
        for row in lines(tmp_path / "out" / entry["file_name"]):
            pair = pairs[row["pair_id"]]
            assert name == f"vidpref_{pair.split}"
            assert row[columns["messages"]] == [{"from": "human", "value": f"<video>{pair.question}"}]
            assert row[columns["chosen"]] == {"from": "gpt", "value": pair.chosen}
            assert row[columns["rejected"]] == {"from": "gpt", "value": pair.rejected}
            [frames] = row[columns["videos"]]
            assert all((tmp_path / "out" / frame).is_file() for frame in frames)
            seen.append(pair.pair_id)
    assert sorted(seen) == sorted(pairs)
    assert account.negatives == 0
    assert sum(account.negatives_left_out.values()) > 0


@pytest.mark.video
def test_a_video_file_is_read_frame_by_frame(whole: Whole, tmp_path: Path) -> None:
    """The command asks for more frames a second than there are."""
    account = exported(whole, tmp_path / "out", to="llama-factory", media="video")
    assert "--video_fps 1000 --video_maxlen 1000 " in account.command
    [row, *_] = lines(next(iter((tmp_path / "out").glob("train.jsonl"))))
    assert (tmp_path / "out" / row["videos"][0]).suffix == ".mp4"


def test_with_times_the_frames_are_images_after_their_times(whole: Whole, tmp_path: Path) -> None:
    """dataset_info.json says so."""
    account = exported(whole, tmp_path / "out", to="llama-factory", format={"times": True})
    [row, *_] = lines(tmp_path / "out" / "train.jsonl")
    assert row["conversations"][0]["value"].startswith("0.6 s:<image>1.9 s:<image>")
    assert len(row["images"]) == 8
    told = json.loads((tmp_path / "out" / "dataset_info.json").read_text())
    assert told["vidpref_train"]["columns"]["images"] == "images"
    assert "--image_max_pixels" in account.command
