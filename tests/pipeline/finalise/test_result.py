"""Kept groups become rows, and videos get a split."""

from pipeline.finalise.result import pairs_of, split_of
from schemas.video import Split, VideoRef
from tests.sets import camera_group


def test_rows_of_a_group_share_what_a_group_is() -> None:
    """One row for each rejected answer, with ids that differ and follow from the group's."""
    group = camera_group("v0/a", 1)
    ref = VideoRef(uri="a.mp4", source="here", licence="CC0-1.0")
    pairs = list(pairs_of(group, "v0", ref, Split.TRAIN))
    assert [pair.pair_id for pair in pairs] == [f"{group.group_id}-{i}" for i in range(4)]
    assert {pair.chosen for pair in pairs} == {group.chosen.text}
    assert [pair.rejected for pair in pairs] == [answer.text for answer in group.rejected]
    assert {(pair.source, pair.licence, pair.video_id) for pair in pairs} == {("here", "CC0-1.0", "v0")}


def test_a_row_names_who_wrote_what() -> None:
    """The question, the chosen and each rejected answer keep the name of their own writer."""
    group = camera_group("v0/a", 1)
    answers = tuple(answer.model_copy(update={"model": f"model {i}"}) for i, answer in enumerate(group.answers))
    written = group.model_copy(update={"answers": answers, "question_model": "asker"})
    pairs = list(pairs_of(written, "v0", VideoRef(uri="a.mp4"), Split.TRAIN))
    assert {(pair.question_model, pair.chosen_model) for pair in pairs} == {("asker", "model 1")}
    assert [pair.rejected_model for pair in pairs] == ["model 0", "model 2", "model 3", "model 4"]


def test_one_video_in_twenty_goes_to_validation() -> None:
    """By hash of the id, so that no other video matters; a split that the manifest names is kept."""
    ref = VideoRef(uri="a.mp4")
    share = sum(split_of(ref, str(i), 0.05) is Split.VALIDATION for i in range(4000)) / 4000
    assert 0.04 < share < 0.06
    assert split_of(VideoRef(uri="a.mp4", split=Split.TEST), "1", 0.05) is Split.TEST
