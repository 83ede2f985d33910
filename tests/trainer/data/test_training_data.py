"""Shards become groups, and groups get their pixels.

Covers shards, clips, groups, group_visuals, held_out, records, shown_frames and training_data.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.dataset.finished_set import FinishedSet
from schemas.claim import Axis
from schemas.drop import DropReason
from schemas.errors import DamagedClipError, DatasetError
from schemas.pair import Evidence, Pair, RejectedKind
from schemas.shown import EditKind, Shown
from schemas.video import Split
from schemas.visual_negative import VisualLevel
from stages.visuals.seen import evenly
from tests.trainer.trainings import recipe, training_set, write_training_set
from trainer.data.clip_cache import ClipCache
from trainer.data.clips import GroupLoader
from trainer.data.groups import group_rows, weighted_by_axis
from trainer.data.held_out import split_rows
from trainer.data.records import GroupRows, TrainGroup
from trainer.data.shards import ClipPlace, PairRow, clip_places, pair_rows
from trainer.data.shown_frames import moments, vanished
from trainer.data.training_data import read_training_data
from trainer.data_settings import RowSelection


def opened() -> FinishedSet:
    return FinishedSet.open(str(training_set()))


def rows() -> list[PairRow]:
    return list(pair_rows(opened(), clip_places(opened())))


def grouped(selection: RowSelection, num_frames: int = 8) -> tuple[GroupRows, ...]:
    return group_rows(rows(), clip_places(opened()), num_frames, selection).groups


def loaded(num_frames: int, change: Callable[[GroupRows], GroupRows] = lambda group: group) -> TrainGroup:
    loader = GroupLoader(ClipCache(opened(), clip_places(opened())), num_frames)
    return loader.load(change(grouped(RowSelection.ALL)[0]), contrasts=True)


@pytest.mark.parametrize(
    ("stored", "wanted", "picked"),
    [(32, 8, (2, 6, 10, 14, 18, 22, 26, 30)), (8, 3, (1, 4, 6)), (8, 8, tuple(range(8))), (5, 8, tuple(range(5)))],
)
def test_frames_are_the_middles_of_equal_stretches(stored: int, wanted: int, picked: tuple[int, ...]) -> None:
    """32 frames are 8 stretches of 4 with their middles at 2, 6, ...; if fewer are stored, all are shown."""
    assert evenly(stored, wanted) == picked


def test_an_answer_vanishes_where_a_moment_of_it_is_not_shown() -> None:
    """Neighbouring frames are one moment: of (0, 1) and (4, 5, 6), frames 1 and 5 show both, 1 and 7 one."""
    one_shot = [0] * 8
    assert moments((5, 4, 0, 1, 6), one_shot) == [(0, 1), (4, 5, 6)]
    assert [vanished((0, 1, 4, 5, 6), shown, one_shot) for shown in ((1, 5), (1, 7), (2, 7))] == [0, 1, 2]
    assert vanished((), (1,), one_shot) == 0


def test_every_shot_is_a_moment_of_its_own() -> None:
    """A cut after frame 0 of 8: an answer about two shots needs frame 0 and another one."""
    place = ClipPlace(0, 0, 320, 180, tuple(i + 0.1 for i in range(8)), shot_starts=(0.5,))
    assert place.shots == (0, 1, 1, 1, 1, 1, 1, 1)
    assert moments(range(8), place.shots) == [(0,), (1, 2, 3, 4, 5, 6, 7)]
    assert [vanished(range(8), shown, place.shots) for shown in ((1, 3, 5, 7), (0, 4), (0,))] == [1, 0, 1]


def test_a_row_without_its_evidence_is_a_counted_drop(tmp_path: Path) -> None:
    """Frame 0 of 8 is not among the 4 that are shown (1, 3, 5, 7): every row is dropped, with what was measured."""
    evidence = Evidence(frame_indices=(0,), segment_ids=("s0",))
    write_training_set(tmp_path / "ds", change=lambda pair: pair.model_copy(update={"evidence": evidence}))
    data = read_training_data(FinishedSet.open(str(tmp_path / "ds")), recipe(), None)
    assert not data.groups
    assert len(data.drops) == len(rows())
    assert {(drop.reason, drop.measured, drop.limit) for drop in data.drops} == {(DropReason.EVIDENCE_MISSING, 1, 0)}


def test_a_stretch_that_is_shown_alone_is_all_that_is_loaded(tmp_path: Path) -> None:
    """The second segment shows the last frame eight times, and no row is dropped: every frame of it is evidence."""
    shown, evidence = Shown(segment_id="s1"), Evidence(frame_indices=(0,), segment_ids=("s1",))
    update = {"shown": shown, "evidence": evidence, "visual_negatives": ()}
    write_training_set(tmp_path / "ds", change=lambda pair: pair.model_copy(update=update))
    data = read_training_data(FinishedSet.open(str(tmp_path / "ds")), recipe(), None)
    assert not data.drops
    group = data.loader.load(data.groups[0], contrasts=True)
    assert np.ptp(group.preferred.frames_NHWC, axis=0).max() == 0
    assert data.loader.spacing_seconds(data.groups[0]) == 0


def test_a_stretch_that_is_not_stored_is_refused(tmp_path: Path) -> None:
    """The message names the pair and the segment."""
    write_training_set(tmp_path / "ds", change=lambda pair: pair.model_copy(update={"shown": Shown(segment_id="s9")}))
    with pytest.raises(DatasetError, match="has no segment s9"):
        read_training_data(FinishedSet.open(str(tmp_path / "ds")), recipe(), None)


def test_groups_hold_the_rows_of_one_question() -> None:
    """The chosen answer first, then each row's rejected one; every row of the set once."""
    groups = grouped(RowSelection.ALL)
    assert sorted(answer.pair_id or "" for group in groups for answer in group.rejected) == sorted(
        row.pair_id for row in rows()
    )
    of_pair = {row.pair_id: row for row in rows()}
    for group in groups:
        assert group.chosen.pair_id is None
        for answer in group.rejected:
            row = of_pair[answer.pair_id or ""]
            assert (row.question, row.chosen, row.rejected) == (group.question, group.chosen.text, answer.text)


def test_each_method_selects_its_rows() -> None:
    """The best of each kind: one relevant and one irrelevant; adversaries have an axis; SFT has chosen alone."""
    for group in grouped(RowSelection.BEST_OF_EACH_KIND):
        kinds = [answer.kind for answer in group.rejected]
        assert len(set(kinds)) == len(kinds)
    assert {len(group.rejected) for group in grouped(RowSelection.BEST_OF_EACH_KIND)} == {2}
    adversaries = [answer for group in grouped(RowSelection.ADVERSARIES) for answer in group.rejected]
    assert len(adversaries) == sum(row.adversary_axis is not None for row in rows())
    assert all(answer.adversary_axis is not None for answer in adversaries)
    assert all(not group.rejected for group in grouped(RowSelection.CHOSEN))


def test_the_clearest_row_of_a_kind_is_the_best() -> None:
    """By the least margin of its proofs."""
    margins = {row.pair_id: row.margin for row in rows()}
    for group in grouped(RowSelection.BEST_OF_EACH_KIND):
        for answer in group.rejected:
            rivals = [r for r in rows() if r.group_id == group.group_id and r.rejected_kind is answer.kind]
            assert margins[answer.pair_id or ""] == max(rival.margin for rival in rivals)


def test_axis_weights_make_the_mean_the_weighted_mean_of_the_axes() -> None:
    """With losses 1 on spatial and 3 on temporal rows, lambda 2 and 1: (2 x 1 + 1 x 3) / 3, whatever the counts."""
    groups = grouped(RowSelection.ADVERSARIES)
    axes = [Axis.SPATIAL, *[Axis.TEMPORAL] * 5]
    made = [group_with_axes(group, axes[place % len(axes)]) for place, group in enumerate(groups)]
    weighted = weighted_by_axis(made, {Axis.SPATIAL: 2.0, Axis.TEMPORAL: 1.0, Axis.CROSS_FRAME: 1.0})
    answers = [answer for group in weighted for answer in group.rejected]
    losses = {Axis.SPATIAL: 1.0, Axis.TEMPORAL: 3.0}
    mean = sum(a.weight * losses[a.adversary_axis] for a in answers if a.adversary_axis) / len(answers)
    assert mean == pytest.approx((2 * 1.0 + 1 * 3.0) / 3)


def group_with_axes(group: GroupRows, axis: Axis) -> GroupRows:
    rejected = (replace(answer, adversary_axis=axis) for answer in group.rejected)
    return replace(group, answers=(group.chosen, *rejected))


def test_held_out_videos_are_not_trained_on() -> None:
    """A share by hash if the set has no validation split; the same videos whatever the order of rows."""
    split = split_rows(rows(), 0.25)
    train, held_out = ({row.video_id for row in part} for part in (split.train, split.held_out))
    assert split.chosen_by_hash
    assert (len(train), len(held_out), train & held_out) == (3, 1, set())
    assert {row.video_id for row in split_rows(rows()[::-1], 0.25).held_out} == held_out


def test_a_validation_split_is_what_is_held_out(tmp_path: Path) -> None:
    """Then nothing is taken from the training videos; a set of validation videos alone is refused."""
    first = min(row.video_id for row in rows())

    def validating(pair: Pair) -> Pair:
        return pair.model_copy(update={"split": Split.VALIDATION if pair.video_id == first else Split.TRAIN})

    write_training_set(tmp_path / "ds", change=validating)
    there = FinishedSet.open(str(tmp_path / "ds"))
    split = split_rows(pair_rows(there, clip_places(there)), 0.25)
    assert {row.video_id for row in split.held_out} == {first}
    assert not split.chosen_by_hash
    with pytest.raises(DatasetError, match="no row in the split train"):
        split_rows(split.held_out, 0.25)


def test_the_visual_is_the_stored_frames_with_their_times() -> None:
    """4 of the 8 stored frames, the middles of their stretches: frame i is of (i + 0.5) x 10 / 8 s."""
    group = loaded(4)
    assert group.preferred.frames_NHWC.shape == (4, 48, 64, 3)
    assert group.preferred.pts_seconds.tolist() == [10 * (i + 0.5) / 8 for i in (1, 3, 5, 7)]
    contrasts = {contrast.level: contrast for contrast in group.contrasts}
    assert list(contrasts) == [VisualLevel.INSTANCE, VisualLevel.TEMPORAL, VisualLevel.PERCEPTIVE]
    assert np.array_equal(contrasts[VisualLevel.INSTANCE].negative.frames_NHWC, group.preferred.frames_NHWC[::-1])
    assert contrasts[VisualLevel.INSTANCE].preferred is None


def test_frames_and_negatives_are_as_large_as_the_recipe_says() -> None:
    """Frames of 64 x 48 with data.short_side=28 are 37 x 28, negatives too, and the group is estimated as smaller."""
    whole, small = (read_training_data(opened(), recipe(data={"short_side": side}), None).loader for side in (None, 28))
    rows = grouped(RowSelection.ALL)[0]
    group = small.load(rows, contrasts=True)
    visuals = [group.preferred, *(one.negative for one in group.contrasts)]
    assert {visual.frames_NHWC.shape[1:] for visual in visuals} == {(28, 37, 3)}
    assert small.tokens(rows) < whole.tokens(rows)


def test_what_shows_just_the_preferred_visual_is_no_negative() -> None:
    """One frame alone is the same backwards: the instance level is left out, the others stay."""
    group = loaded(1)
    assert group.preferred.count == 1
    assert VisualLevel.INSTANCE not in {contrast.level for contrast in group.contrasts}
    for contrast in group.contrasts:
        assert contrast.preferred is not None
        assert not np.array_equal(contrast.preferred.frames_NHWC, contrast.negative.frames_NHWC)


@pytest.mark.parametrize("edit", [EditKind.MIRRORED, EditKind.REVERSED])
def test_a_twin_shows_the_edited_clip(edit: EditKind) -> None:
    """Mirrored: every row of pixels from right to left. Reversed: the frames from last to first."""
    plain = loaded(8).preferred.frames_NHWC
    clips = ClipCache(opened(), clip_places(opened()))

    def twin_of(group: GroupRows) -> GroupRows:
        return replace(group, shown=Shown.whole(edit, clips.clip(group.clip_id)))

    twin = loaded(8, twin_of).preferred.frames_NHWC
    assert np.array_equal(twin, plain[:, :, ::-1] if edit is EditKind.MIRRORED else plain[::-1])
    assert not np.array_equal(twin, plain)


def test_a_frame_that_cannot_be_read_is_refused() -> None:
    """The clip and the moment are named; nothing is shown in its place."""
    clips = ClipCache(opened(), clip_places(opened()))
    group = grouped(RowSelection.ALL)[0]
    clip = clips.clip(group.clip_id)
    broken = clip.frames[1].model_copy(update={"jpeg": b"\xff\xd8no picture"})
    bad = clip.model_copy(update={"frames": (clip.frames[0], broken, *clip.frames[2:])})
    clips.clip = lambda *_, **__: bad  # type: ignore[method-assign]
    with pytest.raises(
        DamagedClipError, match=rf"group \S+: clip {group.clip_id}, .* the frame at 1\.875 s is not a readable JPEG"
    ):
        GroupLoader(clips, 8).load(group, contrasts=False)


@pytest.mark.parametrize(
    ("update", "problem"),
    [
        ({"question": "Another question?"}, "its question differs from that of group"),
        ({"clip_id": "gone"}, "clip gone is not in the set"),
        ({"evidence": Evidence(frame_indices=(99,))}, "its evidence is outside the 8 frames"),
    ],
)
def test_rows_that_contradict_the_set_are_refused(tmp_path: Path, update: dict[str, object], problem: str) -> None:
    """One pair of the set is changed; it is named."""
    victim = max(row.pair_id for row in rows())
    change = lambda pair: pair.model_copy(update=update) if pair.pair_id == victim else pair  # noqa: E731 short
    write_training_set(tmp_path / "ds", change=change)
    with pytest.raises(DatasetError, match=f"pair {victim}: {problem}"):
        read_training_data(FinishedSet.open(str(tmp_path / "ds")), recipe(), None)


def test_chosen_that_equals_rejected_is_refused(tmp_path: Path) -> None:
    """After normalising; such a row can only be made by going round the record's own check."""
    change = lambda pair: pair.model_copy(update={"rejected": pair.chosen.upper()})  # noqa: E731 short
    write_training_set(tmp_path / "ds", change=change)
    with pytest.raises(DatasetError, match="chosen and rejected are the same answer"):
        read_training_data(FinishedSet.open(str(tmp_path / "ds")), recipe(), None)


def test_what_is_left_out_changes_no_held_out_video() -> None:
    """All groups of the held-out video but one, and of another video all, are left out: neither video moves, since
    `evaluate`, which knows nothing of reviews, must ask about no video that was trained on.
    """
    asked = recipe(data={"held_out_share": 0.5})
    whole = read_training_data(opened(), asked, None)
    kept = whole.held_out[0]
    other = next(group.video_id for group in whole.groups)
    gone = {g.group_id for g in (*whole.groups, *whole.held_out) if g.video_id in (kept.video_id, other)} - {
        kept.group_id
    }
    rest = read_training_data(opened(), asked, None, gone)
    assert set(rest.groups) == {group for group in whole.groups if group.group_id not in gone}
    assert set(rest.held_out) == {group for group in whole.held_out if group.group_id not in gone}
    every = {group.group_id for group in whole.groups}
    with pytest.raises(DatasetError, match="there is nothing left"):
        read_training_data(opened(), asked, None, every)


def test_kinds_are_read_back() -> None:
    """What the set says of an answer arrives with it."""
    kinds = {answer.kind for group in grouped(RowSelection.ALL) for answer in group.rejected}
    assert kinds == {RejectedKind.RELEVANT, RejectedKind.IRRELEVANT}


def test_the_densest_group_is_the_one_whose_frames_are_closest() -> None:
    """All clips show 8 frames of 10 s; if one clip's times are halved, its groups are the densest."""
    data = read_training_data(opened(), recipe(), None)
    clip_id = data.groups[-1].clip_id
    place = data.loader.clips.places[clip_id]
    halved = replace(place, pts_seconds=tuple(seconds / 2 for seconds in place.pts_seconds))
    clips = replace(data.loader.clips, places={**data.loader.clips.places, clip_id: halved})
    denser = replace(data, loader=replace(data.loader, clips=clips))
    assert denser.densest().clip_id == clip_id
    one_frame = replace(data, loader=replace(data.loader, num_frames=1))
    assert one_frame.densest() == data.groups[0]
