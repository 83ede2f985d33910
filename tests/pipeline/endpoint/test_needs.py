"""What steps need of language models, and an estimate of what they will use."""

import pytest

from pipeline.endpoint.needs import RoleNeed, calls_per_clip, estimated, frame_tokens, role_needs
from pipeline.endpoint.settings import Endpoint, Roles, Server
from stages.ask import Ask
from stages.generate import Generate
from stages.judge import JudgeAnswers
from stages.language.reject import Adversary
from stages.language.writer import LanguageWriter
from stages.models.chat import ExpectedCalls, ModelRole

STAGES = (
    Generate(),
    Ask(language=LanguageWriter(adversaries=(Adversary(), Adversary()), questions_per_topic=2, twin_questions=1)),
    JudgeAnswers(),
)


def test_needs_are_those_of_the_steps_that_ask() -> None:
    """All roles, most of them with all frames; a recipe without a step that asks needs nothing."""
    needs = {need.role: need for need in role_needs(STAGES, num_frames=32)}
    assert needs.keys() == set(ModelRole)
    assert needs[ModelRole.WRITER] == RoleNeed(ModelRole.WRITER, 32, 512)
    assert needs[ModelRole.JUDGE] == RoleNeed(ModelRole.JUDGE, 32, 256)
    assert needs[ModelRole.BLIND_JUDGE].frames == 0
    assert role_needs(STAGES[:1], num_frames=32) == ()


def test_a_judge_is_asked_about_what_the_writer_wrote() -> None:
    """Three topics of two questions with two wrong answers each and one twin make 6 + 2 groups with 12 + 2 wrong
    answers: 8 + 3 x 14 = 50 calls of the judge, 28 of the blind judge, 6 + 2 of the target.
    """
    calls: dict[ModelRole, float] = dict.fromkeys(ModelRole, 0)
    for call in calls_per_clip(STAGES, num_frames=32):
        calls[call.role] += call.calls
    assert calls[ModelRole.JUDGE] == 50
    assert calls[ModelRole.BLIND_JUDGE] == 28
    assert calls[ModelRole.TARGET] == 8
    assert calls[ModelRole.CORRUPTER] == 12


def test_an_estimate_adds_up_tokens_and_money() -> None:
    """Ten clips, three calls each of 8 frames and 100 tokens of text, 50 of reply, at 1 and 2 a million."""
    call = ExpectedCalls(ModelRole.JUDGE, 3, 8, 100, 50, max_tokens=64)
    server = Server(price_per_million_prompt_tokens=1.0, price_per_million_reply_tokens=2.0)
    expected = estimated([call], Roles(), Endpoint(servers={"default": server}), clips=10, short_side=448).together
    assert frame_tokens(448) == 455 + 6
    assert (expected.calls, expected.prompt_tokens, expected.reply_tokens) == (30, 30 * (100 + 8 * 461), 1500)
    assert expected.money == pytest.approx((expected.prompt_tokens + 2 * 1500) / 1e6)
