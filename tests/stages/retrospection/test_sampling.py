"""Samples that say the same are one, and those that say what is known have its claims."""

import asyncio

import pytest

from schemas.claim import Claim, Predicate
from schemas.drop import DropReason
from schemas.samples import SampleFate
from stages.language.asking import Asker
from stages.models.chat import NO_FRAMES, ReplyRefused
from stages.payloads import KnownAnswer
from stages.retrospection.sampling import sampled, told_apart
from stages.retrospection.settings import Retrospect
from tests.stages.language.fake_chat import FakeChat
from tests.stages.retrospection.policy import ScriptedPolicy, question


def _colour(value: str, margin: float) -> tuple[Claim, ...]:
    subject = {"subject_tracks": ("t",), "subject_phrases": ("it",)}
    return (Claim(predicate=Predicate.HAS_COLOUR, value=value, margin=margin, **subject),)


KNOWN = (
    KnownAnswer("It is red.", _colour("red", 0.5), True),
    KnownAnswer("Red it is.", _colour("red", 0.4), True),
    KnownAnswer("It is blue.", _colour("blue", 0.5), False),
)


def test_a_sample_is_the_known_answer_whose_text_it_equals() -> None:
    """After normalising, and then in its words: so that its claims are proven of a text that was checked."""
    [sample] = told_apart(["it is BLUE"], KNOWN)
    assert (sample.text, sample.is_true, sample.claims) == ("It is blue.", False, KNOWN[2].claims)


def test_equal_words_and_equal_claims_are_one() -> None:
    """Two words for red assert the same, whatever the margin; a free text that comes twice is one, too."""
    fates = [
        s.fate.value for s in told_apart(["It is red.", "Red it is.", "It glows.", "it glows", "It is blue."], KNOWN)
    ]
    assert fates == ["kept", "repeated", "kept", "repeated", "kept"]


@pytest.mark.parametrize("text", ["", "It seems to be red.", "One. Two. Three.", " ".join(["word"] * 41) + "."])
def test_what_is_no_plain_answer_is_not_compared(text: str) -> None:
    """Nothing, a hedge, three sentences, and more than forty words."""
    assert [sample.fate for sample in told_apart([text], KNOWN)] == [SampleFate.UNUSABLE]


def test_forms_are_named_only_where_answers_have_any() -> None:
    """Of `facts` the prompt names all answers, in the order in which they lie; of models it names none."""
    for has_forms in (True, False):
        policy = ScriptedPolicy()
        asked = question(answers=KNOWN, has_forms=has_forms)
        found = asyncio.run(sampled(Asker(policy, 96, seed=7), asked, NO_FRAMES, Retrospect(samples=3)))
        [request] = policy.asked
        assert ("It is blue." in request.text) is has_forms
        assert (request.n, request.temperature, request.top_p, request.seed) == (3, 1.0, 0.95, 7)
        assert request.some_suffice
        assert (found.asked, len(found.samples), found.model) == (3, 3, "fake-target")


def test_a_question_without_a_reply_says_why() -> None:
    """It has no samples, and stays to be counted."""
    found = asyncio.run(sampled(Asker(FakeChat({"": ReplyRefused}), 96), question(), NO_FRAMES, Retrospect()))
    assert (found.samples, found.model, found.no_reply) == ((), None, DropReason.REPLY_REFUSED)
