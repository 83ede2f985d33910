"""The writer `planted`: groups whose texts are as often true as false, and a reason for all that is not asked."""

from collections import Counter

import numpy as np
import pytest

from schemas.clip import UnitClip
from schemas.drop import Drop, DropReason
from schemas.group import CandidateGroup
from schemas.shown import EditKind
from stages.claims.proof import ClipProver, ProofConfig
from stages.payloads import WrittenVideo
from stages.planted.writer import PlantedWriter
from stages.stage import read_here
from stages.verify import VerifyClaims
from tests.stages.visuals.footage import clip_of, pan, shot_after_shot, still, view

Offered = tuple[CandidateGroup, ...] | Drop


def written(clip: UnitClip, writer: PlantedWriter | None = None, seed: int = 0) -> list[Offered]:
    """What the writer makes of a clip; without `cut`, nothing can be slowed down."""
    kinds = tuple(kind for kind in PlantedWriter().kinds if kind is not EditKind.SLOWED)
    writer = writer or PlantedWriter(share=1.0, kinds=kinds, max_questions=100)
    return list(writer.write(clip, ClipProver(clip, ProofConfig()), np.random.default_rng(seed)))


def groups_of(offered: list[Offered]) -> list[CandidateGroup]:
    """All groups, in order."""
    return [group for groups in offered if not isinstance(groups, Drop) for group in groups]


def drops_of(offered: list[Offered]) -> list[Drop]:
    """All drops, in order."""
    return [one for one in offered if isinstance(one, Drop)]


PAN = written(pan())


def test_every_text_is_chosen_as_often_as_rejected() -> None:
    """Each question is asked once for each of its answers: with n answers a text is chosen once and rejected n - 1
    times, in groups that are each other's twins.
    """
    for groups in PAN:
        if isinstance(groups, Drop):
            continue
        chosen = Counter(group.chosen.text for group in groups)
        texts = {frozenset(answer.text for answer in group.answers) for group in groups}
        assert [set(chosen)] == [set(only) for only in texts]
        assert set(chosen.values()) == {1}
        assert len({group.question for group in groups}) == 1
        assert [group.twin_of for group in groups] == [None, *[groups[0].group_id] * (len(groups) - 1)]
        assert len({group.shown for group in groups}) == len(groups)


def test_the_place_of_the_true_answer_tells_nothing() -> None:
    """The answers of all siblings come in one order, so each place is the true one once."""
    for groups in PAN:
        if not isinstance(groups, Drop):
            assert len({tuple(answer.text for answer in group.answers) for group in groups}) == 1


def test_all_of_it_is_proven_again() -> None:
    """`verify` keeps every group of an even pan and every visual negative, and stores how visible the edit is. Groups
    about a stretch of another video are kept as they are: finalise chooses the video.
    """
    clip, groups = pan(), groups_of(PAN)
    video = WrittenVideo(clip.content_sha256, (clip,), tuple(groups), len(groups))
    *drops, kept = VerifyClaims().process(video, read_here, np.random.default_rng(0))
    assert drops == []
    assert [group.group_id for group in kept.groups] == [group.group_id for group in groups]
    least = ProofConfig().margins
    assert all(
        g.chosen.claims[0].margin >= least.of_edit(g.shown.edits[0].kind) for g in kept.groups if g not in groups
    )
    assert [g.shown.edits[0].kind for g in kept.groups if g in groups] == [EditKind.SWAPPED] * 4
    assert all(group.visual_negatives for group in kept.groups)


def test_kinds_of_questions_and_edits_are_asked_in_turn() -> None:
    """The first ten questions of an even pan are about at least five kinds of edits; the others are counted."""
    kinds = tuple(kind for kind in PlantedWriter().kinds if kind is not EditKind.SLOWED)
    offered = written(pan(), PlantedWriter(share=1.0, kinds=kinds, max_questions=10))
    asked = [groups for groups in offered if not isinstance(groups, Drop)]
    assert len(asked) == 10
    assert len({edit.kind for groups in asked for group in groups for edit in group.shown.edits}) > 5
    full = [drop for drop in drops_of(offered) if drop.reason is DropReason.OVER_MAX_GROUPS]
    assert len(asked) + len(full) == len([groups for groups in PAN if not isinstance(groups, Drop)])


def test_equal_seeds_give_equal_groups() -> None:
    """And another seed other words."""
    assert written(pan()) == PAN
    assert written(pan(), seed=1) != PAN


@pytest.mark.parametrize(
    ("clip", "unseen"),
    [
        (still(), {"frozen", "reversed", "shuffled", "sped_up", "reordered"}),
        (shot_after_shot(), {"mirrored", "turned", "reversed", "shuffled", "sped_up", "reordered"}),
    ],
    ids=["still", "shot after shot"],
)
def test_what_would_not_be_seen_is_a_drop_with_its_measure(clip: UnitClip, unseen: set[str]) -> None:
    """In a still clip no edit of time, in one of shots of one frame no edit of the view or of time."""
    drops = [drop for drop in drops_of(written(clip)) if drop.reason is DropReason.EDIT_NOT_VISIBLE]
    assert unseen <= {drop.detail for drop in drops}
    assert all(drop.measured < drop.limit == ProofConfig().margins.of_edit(EditKind(drop.detail)) for drop in drops)


def test_a_clip_of_too_few_frames_is_one_drop() -> None:
    """15 frames: a part would have fewer than three besides its seam."""
    [drop] = written(clip_of([view(0)[:, :64]] * 15))
    assert (drop.reason, drop.measured, drop.limit) == (DropReason.TOO_FEW_FRAMES, 15, 16)


def test_a_clip_of_fewer_frames_has_no_edit_that_needs_more() -> None:
    """Of 20 frames a part has four besides its seam: they are not shuffled in seven pieces, and nothing fails."""
    offered = written(clip_of([view(0)[:, 4 * i : 4 * i + 100] for i in range(20)]))
    assert "shuffled" in {drop.detail for drop in drops_of(offered)}
    assert groups_of(offered)


def test_without_a_share_nothing_is_asked() -> None:
    """And nothing is measured."""
    assert written(pan(), PlantedWriter(share=0.0)) == []
