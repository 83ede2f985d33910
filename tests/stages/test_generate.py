"""The stage `Generate`: its account, its bounds, and that `verify` agrees with it."""

from collections import Counter

import numpy as np

from schemas.claim import Axis
from schemas.drop import Drop, DropReason, ItemType
from stages.alone.writer import SegmentTwinWriter
from stages.claims.proof import ClipProver, ProofConfig
from stages.descriptions.writer import DescriptionWriter
from stages.generate import Generate
from stages.payloads import GroundedVideo, WrittenVideo
from stages.planted.writer import PlantedWriter
from stages.stage import read_here
from stages.verify import prove_group
from tests.stages.facts.clips import ALL, clip_of
from tests.stages.visuals.footage import pan

REASONS = {
    DropReason.CHOSEN_NOT_TRUE,
    DropReason.MARGIN_TOO_SMALL,
    DropReason.PARTLY_SEEN,
    DropReason.SINGLE_FRAME_ANSWERS,
    DropReason.REJECTED_NOT_FALSE,
    DropReason.NO_ABSENT_ENTITY,
    DropReason.OVER_REPRESENTED,
    DropReason.OVER_MAX_GROUPS,
}


def generate(*names: str, max_groups: int = 12, besides: int = 4) -> tuple[WrittenVideo, list[Drop]]:
    """What becomes of a video of hand-made clips; `besides`: most descriptions of each, and most segment twins."""
    described, planted = DescriptionWriter(max_questions=besides), PlantedWriter(share=0.0)
    twins = SegmentTwinWriter(max_questions=besides)
    stage = Generate(max_groups=max_groups, descriptions=described, planted=planted, segment_twins=twins)
    video = GroundedVideo("sha", tuple(clip_of(ALL[name](), name) for name in names))
    *drops, written = stage.process(video, read_here, np.random.default_rng(0))
    assert isinstance(written, WrittenVideo)
    return written, [drop for drop in drops if isinstance(drop, Drop)]


def test_the_account_adds_up() -> None:
    """Questions seen are the slots offered plus the questions dropped, none of them both."""
    written, drops = generate("walkers", "cut_film")
    slots = {group.slot_id for group in written.groups}
    assert written.questions_seen == len(slots) + len(drops)
    assert not slots & {drop.item_id for drop in drops}
    assert len({drop.item_id for drop in drops}) == len(drops)


def test_drops_say_what_they_are() -> None:
    """Every drop is a question's, with a reason that the stage names."""
    _, drops = generate("walkers", "runners")
    assert {drop.item_type for drop in drops} == {ItemType.QUESTION}
    assert {drop.reason for drop in drops} <= REASONS
    assert all(drop.measured is not None for drop in drops if drop.reason is DropReason.MARGIN_TOO_SMALL)


def test_no_clip_is_asked_more_than_the_limit() -> None:
    """Each clip has at most `max_groups` questions, and a clip that carries more has exactly as many."""
    written, _ = generate("walkers", "empty", max_groups=3, besides=0)
    slots = {(group.clip_id, group.slot_id) for group in written.groups}
    assert sum(clip == "walkers" for clip, _ in slots) == 3
    assert sum(clip == "empty" for clip, _ in slots) <= 3


def test_what_is_not_asked_is_counted() -> None:
    """Asked 3 or 18 of, the clip has as many questions in all; those one too many say how many there were."""
    few, few_drops = generate("walkers", max_groups=3)
    more, more_drops = generate("walkers", max_groups=18)
    assert few.questions_seen == more.questions_seen
    over = [drop for drop in few_drops if drop.reason is DropReason.OVER_MAX_GROUPS]
    assert {(drop.measured, drop.limit) for drop in over} == {(len(over) + 3, 3)}
    alike = [{d.item_id for d in drops if d.reason is DropReason.OVER_REPRESENTED} for drops in (few_drops, more_drops)]
    assert alike[0] == alike[1] != set()


def test_few_questions_are_of_all_axes_and_many_predicates() -> None:
    """Where a clip carries more questions than allowed, the pairs of those kept are of every axis alike, none having
    less than a fifth, and of several predicates each. Second choices of the same questions do not count.
    """
    written, _ = generate("walkers", max_groups=18, besides=0)
    kept = {group.slot_id: group for group in written.groups if not group.second_choice}.values()
    pairs = Counter(group.axis for group in kept for _ in group.rejected)
    assert len(kept) == 18
    assert set(pairs) == set(Axis)
    assert min(pairs.values()) >= pairs.total() / 5
    assert len({group.chosen.claim.predicate for group in kept}) >= 8


def test_verify_proves_whatever_is_offered() -> None:
    """`verify` drops none of the groups: what it proves is what the writer proved."""
    for name in ALL:
        written, _ = generate(name)
        prover = ClipProver(written.clips[0], ProofConfig())
        for group in written.groups:
            proven = prove_group(group, prover)
            assert not hasattr(proven, "reason"), (group.question, proven)


def test_descriptions_and_segment_twins_change_no_other_question() -> None:
    """With and without them the writer asks the same, in the same words."""
    plain, described = (generate("walkers", "cut_film", besides=count)[0].groups for count in (0, 4))
    told = [group for group in described if len(group.chosen.claims) > 1 or group.shown_alone]
    assert {group.shown_alone is None for group in told} == {True, False}
    assert tuple(group for group in described if group not in told) == plain


def test_goes_on_with_a_video_that_nothing_can_be_asked_of() -> None:
    """A video without clips becomes a written video without groups, not a drop."""
    written, drops = generate()
    assert (written.groups, written.questions_seen, drops) == ((), 0, [])


def test_planted_edits_are_asked_about_besides() -> None:
    """Of an even pan without a thing in it: the questions of the writer `planted`, and both accounts add up."""
    video = GroundedVideo("sha", (pan(),))
    *drops, written = Generate().process(video, read_here, np.random.default_rng(0))
    assert isinstance(written, WrittenVideo)
    assert "planted" in {group.question_model for group in written.groups}
    assert written.questions_seen == len({group.slot_id for group in written.groups}) + len(drops)
