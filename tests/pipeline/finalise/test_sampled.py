"""A round is selected by length alone; pairs, questions and videos that are left out are counted."""

from collections import Counter
from collections.abc import Sequence

from pipeline.finalise.result import Finalised
from pipeline.finalise.sampled import finalise_samples
from pipeline.finalise.settings import FinaliseConfig
from schemas.drop import DropReason, ItemType
from schemas.group import BY_SAMPLING, CandidateAnswer, CandidateGroup
from schemas.pair import RejectedKind
from schemas.video import VideoRef
from tests.sets import Offered, content_hash
from tests.stages.retrospection.policy import question, said


def _group(number: int, better: int, *worse: int) -> CandidateGroup:
    """A group of answers with so many words."""
    answers = [CandidateAnswer(text=said(right=True, words=better), rejected_kind=None, model="policy")]
    answers += [
        CandidateAnswer(text=said(right=False, words=words), rejected_kind=RejectedKind.SELF_SAMPLED, model="policy")
        for words in worse
    ]
    asked = question(f"q{number}")
    return CandidateGroup(
        group_id=f"g{number}-{better}",
        slot_id=asked.question_id,
        clip_id="clip",
        question=asked.text,
        question_model="writer",
        question_type=asked.question_type,
        axis=asked.axis,
        form=BY_SAMPLING,
        balance=(),
        balance_others=((),) * len(worse),
        answers=tuple(answers),
        evidence=asked.evidence,
        event_intervals=(),
        keyframe_indices=(),
    )


def _finalised(groups: Sequence[CandidateGroup], *, turned: bool = False, limit: float | None = 0.05) -> Finalised:
    """Two videos, each with every second group."""
    own = {content_hash(number): tuple(groups[number::2]) for number in range(2)}
    offers = [
        (VideoRef(uri=f"{number}.mp4"), Offered(content, len(groups), found).outlined())
        for number, (content, found) in enumerate(own.items())
    ]
    config = FinaliseConfig(self_sampled=True, max_length_correlation=limit)
    return finalise_samples(
        offers[::-1] if turned else offers,
        lambda content, ids: [group for group in own[content] if group.group_id in ids],
        config,
        seed=0,
    )


LONGER = [_group(number, 10, 4, 5) for number in range(40)]
SHORTER = [_group(number, 4, 10) for number in range(40, 80)]


def test_pairs_are_counted_one_by_one() -> None:
    """Eighty pairs have a longer better answer and forty a shorter one: kept and dropped ones add up to 120."""
    found = _finalised([*LONGER, *SHORTER])
    kept = [pair for video in found.videos for pair in video.pairs()]
    dropped = [drop for drop in found.drops if drop.item_type is ItemType.PAIR]
    assert len(kept) + len(dropped) == 120
    assert {drop.reason for drop in dropped} == {DropReason.OVER_REPRESENTED}
    assert all(drop.video_id and drop.measured is not None and drop.measured > 0.2 for drop in dropped)
    longer = Counter(len(pair.chosen) > len(pair.rejected) for pair in kept)
    assert abs(longer[True] - longer[False]) <= 0.1 * len(kept)


def test_a_question_without_a_pair_is_dropped_and_a_video_without_a_question() -> None:
    """Every better answer is longer by as much: nothing can be matched."""
    found = _finalised(LONGER)
    assert found.videos == ()
    types = Counter(drop.item_type for drop in found.drops)
    assert types == {ItemType.PAIR: 80, ItemType.QUESTION: 40, ItemType.VIDEO: 2}


def test_without_a_limit_all_stay() -> None:
    """Null: what was consistent is the set, whatever length tells."""
    found = _finalised(LONGER, limit=None)
    assert sum(len(list(video.pairs())) for video in found.videos) == 80
    assert found.drops == ()


def test_several_groups_of_one_question_stay_together() -> None:
    """A sample that beats one and loses to another is in two groups of the same question, which is counted once."""
    found = _finalised([_group(0, 5, 5), _group(0, 6, 6)])
    assert [drop for drop in found.drops if drop.item_type is ItemType.QUESTION] == []
    assert sorted(group.group_id for video in found.videos for group in video.groups) == ["g0-5", "g0-6"]


def test_the_order_of_videos_changes_nothing() -> None:
    """Which pairs go is drawn by their ids."""
    groups = [*LONGER, *SHORTER]
    assert _finalised(groups) == _finalised(groups, turned=True)
