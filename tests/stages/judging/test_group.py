"""Groups are kept only if the judge confirms what the scene does not prove."""

import asyncio
from collections.abc import Mapping

import pytest

from schemas.claim import Axis, Claim, Predicate
from schemas.clip import Segment
from schemas.drop import DropReason
from schemas.group import CandidateGroup
from schemas.shown import Shown
from stages.judging.group import GroupJudge, JudgedGroup
from stages.judging.judge import Judge
from stages.language.asking import Asker
from stages.models.chat import ChatRequest, EndpointFailed
from tests.stages.facts.clips import clip_of, walkers
from tests.stages.judging.judging import RIGHT, WRONG, frames, group, judge
from tests.stages.language.fake_chat import Answer, FakeChat, line

CLIP = clip_of(walkers()).model_copy(
    update={"segments": (Segment(segment_id="s", start_seconds=5.0, end_seconds=9.0, frames=frames(12, 5.0, 4.0)),)}
)


def judged(one: CandidateGroup, chat: FakeChat, *, blind: bool = False) -> JudgedGroup:
    groups = GroupJudge(Judge(Asker(chat, 99), 3), CLIP, other_frames=3, evidence_frames=2, blind=blind)
    return asyncio.run(groups.judged(one))


def test_what_the_judge_confirms_is_kept_with_its_verdicts() -> None:
    """One verdict on the preferred answer, two on each wrong one: it is wrong, and it loses in both orders."""
    chat = judge()
    found = judged(group(), chat)
    assert found.group is not None
    assert [verdict.check for verdict in found.group.chosen.verdicts] == ["faithful"]
    checks = [[verdict.check for verdict in answer.verdicts] for answer in found.group.rejected]
    assert checks == [["genuine", "distinct"]] * 2
    assert {(v.model, v.score, v.margin) for a in found.group.answers for v in a.verdicts} == {("fake-judge", 5, 2)}
    assert sorted(chat.names()) == ["judge_compare"] * 4 + ["judge_faithful"] + ["judge_genuine"] * 2


@pytest.mark.parametrize(
    ("chat", "reason"),
    [
        (judge(right=()), DropReason.JUDGED_WRONG),
        (judge(sure=2), DropReason.JUDGED_WRONG),
        (judge(right=(RIGHT, *WRONG)), DropReason.JUDGED_TRUE),
        (judge(axis=Axis.TEMPORAL), DropReason.OFF_AXIS),
        (judge(judge_compare=EndpointFailed), DropReason.ENDPOINT_FAILED),
    ],
)
def test_what_it_does_not_confirm_is_dropped(chat: FakeChat, reason: DropReason) -> None:
    """A preferred answer that is not accepted, or not surely; wrong ones that are true, or wrong on another axis."""
    found = judged(group(), chat)
    assert found.group is None
    assert found.failure is not None
    assert found.failure.reason is reason


def test_one_wrong_answer_may_go_alone() -> None:
    """The group keeps the other one, and the drop has its reason."""
    found = judged(group(), judge(right=(RIGHT, WRONG[0])))
    assert found.group is not None
    assert [answer.text for answer in found.group.rejected] == [WRONG[1]]
    assert len(found.group.balance_others) == 1
    assert [cause.reason for cause in found.answers] == [DropReason.JUDGED_TRUE]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"seen": "", "right": "A", "same": False, "sure": 5}, DropReason.JUDGES_DISAGREE),
        ({"seen": "", "right": "neither", "same": False, "sure": 5}, DropReason.JUDGES_DISAGREE),
        ({"seen": "", "right": "A", "same": True, "sure": 5}, DropReason.NOT_DISTINCT),
    ],
)
def test_a_verdict_must_hold_in_both_orders(reply: Answer, reason: DropReason) -> None:
    """A judge that always prefers the first, a tie, and two answers of one meaning."""
    found = judged(group(WRONG[0]), judge(judge_compare=reply))
    assert found.failure is not None
    assert found.failure.reason is reason


def test_what_is_proven_is_not_judged() -> None:
    """Proof overrides every judge: a judge that finds all wrong changes nothing, and is not asked."""
    claim = Claim(predicate=Predicate.SHOT_COUNT, value="1")
    one = group(WRONG[0])
    proven = one.model_copy(update={"answers": tuple(a.model_copy(update={"claims": (claim,)}) for a in one.answers)})
    chat = judge(right=WRONG)
    assert judged(proven, chat).group == proven
    assert not chat.asked


def test_a_question_across_frames_must_need_more_than_one() -> None:
    """The preferred answer is asked of two frames of the evidence and three others, each alone."""

    def holds(accepted: int) -> Answer:
        def answer(request: ChatRequest) -> Mapping[str, object]:
            count = len(request.shown.frames)
            yes = line(request, "Answer: ") == RIGHT and count >= accepted
            return {"seen": "", "holds": "yes" if yes else "unclear", "sure": 5}

        return answer

    across = group(axis=Axis.CROSS_FRAME)
    chat = judge(axis=Axis.CROSS_FRAME, judge_faithful=holds(2))
    assert judged(across, chat).group is not None
    single = [r for r in chat.asked if r.reply and r.reply.name == "judge_faithful" and len(r.shown.frames) == 1]
    assert len(single) == 5
    found = judged(across, judge(axis=Axis.CROSS_FRAME, judge_faithful=holds(1)))
    assert found.failure is not None
    assert (found.failure.reason, found.failure.measured) == (DropReason.SINGLE_FRAME_ANSWERS, 5)


def test_a_stretch_is_judged_by_its_own_frames() -> None:
    """Of segment twins the judge sees the stretch alone, and compares in both orders; it asks not what is wrong."""
    chat = judge()
    found = judged(group(WRONG[0], shown=Shown(segment_id="s")), chat)
    assert found.group is not None
    assert sorted(chat.names()) == ["judge_compare", "judge_compare", "judge_faithful"]
    assert {(len(r.shown.frames), r.shown.shown_seconds[0]) for r in chat.asked} == {(12, 0.0)}


def test_the_blind_judge_sees_nothing_and_drops_nothing() -> None:
    """It is asked in both orders; that it guesses right is a verdict that was not passed."""

    def guess(request: ChatRequest) -> Mapping[str, object]:
        return {"right": "A" if line(request, "Answer A: ") == RIGHT else "B", "sure": 4}

    chat = judge(blind=guess)
    found = judged(group(WRONG[0]), chat, blind=True)
    assert found.group is not None
    [verdict] = [v for v in found.group.rejected[0].verdicts if v.check == "blind"]
    assert (verdict.passed, verdict.model) == (False, "fake-blind_judge")
    assert {len(r.shown.frames) for r in chat.asked if r.reply and r.reply.name == "blind"} == {0}
