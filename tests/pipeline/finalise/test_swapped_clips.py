"""A stretch of another video: which clip it comes from is chosen, and proven, over the whole set."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.finalise.result import Finalised, KeptVideo
from pipeline.finalise.swapped_clips import with_swapped_clips
from schemas.clip import UnitClip
from schemas.drop import DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.shown import EditKind
from schemas.video import Split, VideoRef
from stages.claims.answers import prove_answer
from stages.claims.proof import ClipProver, ProofConfig
from stages.planted.writer import PlantedWriter
from stages.seeding import rng_for
from tests.planted_sets import CLIPS, panning

WRITER = PlantedWriter(share=1.0, kinds=(EditKind.MIRRORED,), reorder=False, max_questions=2)


def kept(clips: Sequence[UnitClip]) -> Finalised:
    """One video for each clip, with a question about a mirrored and one about a swapped part."""
    videos = []
    for number, clip in enumerate(clips):
        prover = ClipProver(clip, ProofConfig())
        offered = [one for one in WRITER.write(clip, prover, rng_for(0, "tests", "x")) if isinstance(one, tuple)]
        groups = tuple(group for siblings in offered for group in siblings)
        videos.append(KeptVideo(VideoRef(uri=f"{number}.mp4"), f"hash{number}", f"v{number}", Split.TRAIN, groups))
    return Finalised(tuple(videos), ())


def swapped(clips: Sequence[UnitClip]) -> Finalised:
    """The set after clips were chosen."""
    by_hash = {f"hash{number}": [clip] for number, clip in enumerate(clips)}
    return with_swapped_clips(kept(clips), by_hash.__getitem__, ProofConfig(), 0)


def about_swaps(finalised: Finalised) -> list[tuple[str, CandidateGroup]]:
    """Video and group of every question about a stretch of another video."""
    return [
        (video.video_id, group)
        for video in finalised.videos
        for group in video.groups
        if any(edit.kind is EditKind.SWAPPED for edit in group.shown.edits)
    ]


FOUR = [clip.model_copy(update={"clip_id": f"c{number}"}) for number, clip in enumerate(CLIPS[:4])]


@pytest.fixture(scope="module")
def found() -> Finalised:
    """Four clips that pan over different views."""
    return swapped(FOUR)


def test_every_question_gets_a_clip_of_another_video(found: Finalised) -> None:
    """None is open any more; the four siblings of a question show one clip, in four parts."""
    groups = about_swaps(found)
    assert groups
    for video_id, group in groups:
        [edit] = [edit for edit in group.shown.edits if edit.kind is EditKind.SWAPPED]
        assert edit.other_clip_id in {clip.clip_id for clip in FOUR} - {f"c{video_id[1:]}"}
    for video_id in {video_id for video_id, _ in groups}:
        shown = [group.shown for owner, group in groups if owner == video_id]
        assert len(set(shown)) == 4
        assert len({edit.other_clip_id for one in shown for edit in one.edits if edit.other_clip_id}) == 1


def test_every_answer_is_proven_with_the_chosen_clip(found: Finalised) -> None:
    """Again, from the clips alone: true answers are true, false ones false; margins and a difficulty are stored."""
    for video_id, group in about_swaps(found):
        prover = ClipProver(FOUR[int(video_id[1:])], ProofConfig())
        for clip in FOUR:
            prover.lend(clip)
        for answer in group.answers:
            chosen = answer.rejected_kind is None
            assert not prove_answer(answer.claims, prover, group.shown, (), chosen=chosen).failures
            assert answer.claims[0].margin is not None
            assert chosen or answer.difficulty is not None


def test_a_look_alike_is_no_other_video() -> None:
    """The same pan in both videos: nobody can tell the stretch from the rest, so both questions are dropped."""
    twice = [panning(0).model_copy(update={"clip_id": name}) for name in ("a", "b")]
    finalised = swapped(twice)
    assert not about_swaps(finalised)
    assert {(drop.item_type, drop.reason) for drop in finalised.drops} == {
        (ItemType.QUESTION, DropReason.EDIT_NOT_VISIBLE)
    }
    assert len(finalised.drops) == 2


def test_one_video_has_nothing_to_swap_with() -> None:
    """Its question is dropped; its other questions stay."""
    finalised = swapped(FOUR[:1])
    assert not about_swaps(finalised)
    assert [drop.reason for drop in finalised.drops] == [DropReason.EDIT_NOT_VISIBLE]
    assert finalised.videos[0].groups


def test_a_video_without_another_question_is_dropped() -> None:
    """Where all of it is about another video that cannot be found, nothing is left."""
    [video] = kept(FOUR[:1]).videos
    alone = Finalised((replace(video, groups=tuple(group for group in video.groups if group.shown.is_open)),), ())
    finalised = with_swapped_clips(alone, lambda _: FOUR[:1], ProofConfig(), 0)
    assert not finalised.videos
    assert [drop.reason for drop in finalised.drops] == [DropReason.EDIT_NOT_VISIBLE, DropReason.NO_PAIRS]
