"""What ms-swift reads."""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.export.left_out import LeftOutReason
from schemas.clip import Frame
from schemas.errors import DatasetError, UserError
from schemas.visual_negative import VisualKind, VisualLevel, VisualNegative
from tests.finished import SAMPLED, SECONDS, Whole, store
from tests.pipeline.export.exporting import exported, lines


def test_each_row_says_both_sides(whole: Whole, tmp_path: Path) -> None:
    """Rows of pairs reject an answer to the same frames; rows of visual negatives reject the same answer to others.

    Of each group's three negatives, one a level goes out.
    """
    account = exported(whole, tmp_path / "out", to="ms-swift")
    pairs = {pair.pair_id: pair for video in whole.finalised.videos for pair in video.pairs()}
    frames = {clip.clip_id: [frame.jpeg for frame in clip.frames] for clip in whole.clips}
    text_rows, visual_rows = 0, 0
    for row in (row for file in (tmp_path / "out").glob("*.jsonl") for row in lines(file) if "messages" in row):
        pair = pairs[row["pair_id"]]
        assert [message["content"] for message in row["messages"]] == [f"<video>{pair.question}", pair.chosen]
        [shown], [instead] = row["videos"], row["rejected_videos"]
        answer = row["rejected_messages"][1]["content"]
        if answer == pair.chosen:
            assert shown != instead
            visual_rows += 1
        else:
            assert (shown, answer) == (instead, pair.rejected)
            assert [(tmp_path / "out" / path).read_bytes() for path in shown] == frames[pair.clip_id]
            text_rows += 1
    assert text_rows == account.exported == len(pairs)
    groups = {pair.group_id: {spec.level for spec in pair.visual_negatives} for pair in pairs.values()}
    assert visual_rows == account.negatives == sum(map(len, groups.values())) > 0


@pytest.mark.video
def test_a_question_about_seconds_has_negatives_of_the_whole_clip_alone(whole: Whole, tmp_path: Path) -> None:
    """A stretch or a frame that is shown alone has other times than the text says; it is counted as such.

    Frames at 0, 1.25, ... 8.75 s are believed at their times if they are a file, and at 0, 0.5, ... 3.5 as a list.
    """
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    frame = VisualNegative(
        level=VisualLevel.PERCEPTIVE, kind=VisualKind.OTHER_FRAME, preferred_frame_index=4, frame_index=0
    )
    asked = [
        pair.model_copy(
            update={
                "question": f"After two seconds: {pair.question}",
                "visual_negatives": (*pair.visual_negatives, frame),
            }
        )
        for pair in pairs
    ]
    clips = [clip.model_copy(update={"frames": tuple(map(_earlier, clip.frames))}) for clip in whole.clips]
    store(tmp_path / "ds", asked, clips, [], questions=len({pair.group_id for pair in pairs}))
    account = exported(replace(whole, path=tmp_path / "ds"), tmp_path / "out", to="ms-swift", media="video")
    levels = [spec.level for pair in {pair.group_id: pair for pair in asked}.values() for spec in pair.visual_negatives]
    assert account.exported == len(asked)
    assert account.negatives == levels.count(VisualLevel.INSTANCE)
    assert account.negatives_left_out == {LeftOutReason.OTHER_TIMES: len(levels) - account.negatives}
    with pytest.raises(DatasetError, match=f"other_times {len(asked)}"):
        exported(replace(whole, path=tmp_path / "ds"), tmp_path / "list", to="ms-swift")


def test_with_times_the_frames_are_images_after_their_times(whole: Whole, tmp_path: Path) -> None:
    """Then any question may speak of seconds. A video file has no frames to write times before."""
    exported(whole, tmp_path / "out", to="ms-swift", format={"times": True})
    [row, *_] = lines(tmp_path / "out" / "train.jsonl")
    assert row["messages"][0]["content"].startswith("0.6 s:<image>1.9 s:<image>3.1 s:<image>")
    assert len(row["images"]) == len(row["rejected_images"]) == SAMPLED
    with pytest.raises(UserError, match="--media video has no frames; give one"):
        exported(whole, tmp_path / "video", to="ms-swift", media="video", format={"times": True})


def test_a_text_with_a_mark_of_its_own_is_left_out(whole: Whole, tmp_path: Path) -> None:
    """A second <video> would stand for a video that is not there."""
    pairs = [pair for video in whole.finalised.videos for pair in video.pairs()]
    marked = {pairs[0].group_id, pairs[0].twin_of}
    asked = [
        pair.model_copy(update={"question": f"<Video> {pair.question}"}) if pair.group_id in marked else pair
        for pair in pairs
    ]
    store(tmp_path / "ds", asked, whole.clips, [], questions=len({pair.group_id for pair in pairs}))
    account = exported(replace(whole, path=tmp_path / "ds"), tmp_path / "out", to="ms-swift")
    assert account.left_out[LeftOutReason.MARK] == sum(pair.group_id in marked for pair in pairs)


@pytest.mark.video
def test_the_command_runs_in_the_folder(whole: Whole, tmp_path: Path) -> None:
    """A shell reads a folder's name with a blank as one word, and files are read frame by frame."""
    frames = exported(whole, tmp_path / "an export", to="ms-swift").command
    assert f"(cd '{tmp_path / 'an export'}' && swift rlhf --rlhf_type dpo" in frames
    video = exported(whole, tmp_path / "video", to="ms-swift", media="video").command
    assert "&& FPS=1000 swift rlhf" in video
    assert shlex.split(video)[shlex.split(video).index("--dataset") + 1] == "train.jsonl"


def _earlier(frame: Frame) -> Frame:
    return frame.model_copy(update={"pts_seconds": frame.pts_seconds - SECONDS / SAMPLED / 2})
