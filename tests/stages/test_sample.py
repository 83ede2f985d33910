"""The step that samples: seeds by question and round, drops by fate."""

from collections import Counter

from schemas.drop import DropReason, ItemType
from stages.models.chat import ExpectedClip, ModelRole
from stages.retrospection.settings import Retrospect
from stages.sample import SampleAnswers
from tests.stages.retrospection.policy import ScriptedPolicy, question, video
from tests.stages.retrospection.rounds import went_through


def _seeds(*questions: str, number: int = 1) -> dict[str, int]:
    """The seed of each question's request."""
    policy = ScriptedPolicy()
    went_through(video(*map(question, questions)), policy, Retrospect(round=number))
    sampling = [request for request in policy.asked if request.role is ModelRole.TARGET]
    return {name: one.seed for one in sampling for name in questions if f"What is {name}?" in one.text}


def test_each_question_is_drawn_by_itself_and_anew_in_every_round() -> None:
    """Another question beside it changes nothing; another round does."""
    both, alone, later = _seeds("a", "b"), _seeds("a"), _seeds("a", number=2)
    assert both["a"] == alone["a"] != later["a"]
    assert both["a"] != both["b"]


def test_samples_that_are_not_compared_are_dropped_answers() -> None:
    """One that repeats another and one that is no plain answer, each for its reason."""
    policy = ScriptedPolicy(samples=["It is so.", "it is so", "Maybe it is.", "It is not so."])
    _, drops = went_through(video(), policy)
    answers = Counter(drop.reason for drop in drops if drop.item_type is ItemType.ANSWER and drop.stage == "sample")
    assert answers == {DropReason.REPEATED_TEXT: 1, DropReason.FORM_DIFFERS: 1}


def test_its_calls_are_expected_by_the_questions_of_the_set() -> None:
    """One call for each of three questions about a clip, with four replies of about 20 tokens."""
    [calls] = SampleAnswers(retrospect=Retrospect(questions_per_clip=3)).expected_calls(ExpectedClip(frames=8))
    assert (calls.role, calls.calls, calls.frames, calls.reply_tokens) == (ModelRole.TARGET, 3, 8, 80)
