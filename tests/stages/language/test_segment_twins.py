"""Segment twins: the same question and the same texts about two stretches, with the labels exchanged."""

import asyncio
from collections.abc import Mapping

import numpy as np
import pytest

from schemas.clip import UnitClip
from schemas.drop import Drop, DropReason
from schemas.group import CandidateGroup
from stages.claims.proof import ClipProver, ProofConfig
from stages.language.asking import Asker
from stages.language.segment_twins import segment_twins
from stages.models.chat import ChatRequest
from tests.scenes import scene
from tests.stages.facts.clips import clip_of, toys, walkers
from tests.stages.language.fake_chat import Answer, FakeChat

ASKED = {"questions": [{"question": "What is done with the bowl?", "type": "action", "axis": "temporal"}]}
FILLS, WASHES = "The woman fills the bowl.", "The woman washes the bowl."


def by_stretch(first: str, second: str) -> Answer:
    """Answers by which half of ten seconds the frames are from."""

    def answer(request: ChatRequest) -> Mapping[str, object]:
        return {"answer": first if request.shown.frames[0].pts_seconds < 5 else second}

    return answer


def twins(clip: UnitClip, /, **table: Answer) -> tuple[list[tuple[CandidateGroup, ...]], list[Drop], FakeChat]:
    chat = FakeChat({"twins": ASKED, "claims": {"claims": []}, "target": by_stretch(FILLS, WASHES), **table})
    made = asyncio.run(segment_twins(Asker(chat, 99), ClipProver(clip, ProofConfig()), 3, np.random.default_rng(0)))
    return [one for one in made if not isinstance(one, Drop)], [one for one in made if isinstance(one, Drop)], chat


def test_each_text_is_chosen_once_and_rejected_once() -> None:
    """What the target says of one stretch is wrong of the other; each group shows its stretch alone."""
    [(one, other)], drops, chat = twins(clip_of(walkers()))
    assert not drops
    assert (one.chosen.text, [a.text for a in one.rejected]) == (FILLS, [WASHES])
    assert (other.chosen.text, [a.text for a in other.rejected]) == (WASHES, [FILLS])
    assert (other.twin_of, other.question, other.slot_id) == (one.group_id, one.question, one.slot_id)
    assert one.shown_alone is not None
    assert other.shown_alone is not None
    assert one.shown_alone.overlap_seconds(other.shown_alone) <= 0
    assert all(answer.adversary_axis is one.axis for group in (one, other) for answer in group.rejected)
    seen = [request for request in chat.asked if request.reply and request.reply.name == "target"]
    assert [len(request.shown.frames) for request in seen] == [9, 10]
    assert {request.shown.shown_seconds[0] < 1 for request in seen} == {True}


def test_answers_that_say_the_same_are_no_twins() -> None:
    """The question is a drop."""
    made, [drop], _ = twins(clip_of(walkers()), target={"answer": FILLS})
    assert (made, drop.reason) == ([], DropReason.REPEATED_TEXT)


@pytest.mark.parametrize(
    "question", ["What is done first?", "What does she do in part A?", "Where is it at 2 seconds?"]
)
def test_a_question_about_a_time_fits_one_stretch_alone(question: str) -> None:
    """It is dropped before anyone is asked for an answer."""
    asked = {"questions": [{"question": question, "type": "action", "axis": "temporal"}]}
    made, [drop], chat = twins(clip_of(walkers()), twins=asked)
    assert (made, drop.reason, chat.names()) == ([], DropReason.EVIDENCE_MISSING, ["twins"])


def test_a_short_clip_has_none_and_the_models_are_not_asked() -> None:
    """Two stretches of 2 s need 4 s."""
    made, [drop], chat = twins(clip_of(scene(seconds=3.5)))
    assert (made, drop.reason, drop.measured, drop.limit) == ([], DropReason.SEGMENT_TOO_SHORT, 3.5, 4.0)
    assert not chat.asked


@pytest.mark.parametrize("answer", ["The woman fills the bowl again.", "The woman fills the next bowl."])
def test_an_answer_tells_of_its_stretch_alone(answer: str) -> None:
    """Nobody who sees the stretch alone can tell whether it is done again."""
    made, [drop], _ = twins(clip_of(walkers()), target=by_stretch(answer, WASHES))
    assert (made, drop.reason) == ([], DropReason.EVIDENCE_MISSING)


BALLS = [
    {"answer": place, "predicate": "present", "subject": "", "object": noun, "value": ""}
    for place, noun in ((1, "box"), (2, "star"))
]


def test_what_the_scene_refutes_is_no_twin() -> None:
    """The box is in view until 4 s: that a star is there in the second half is proven wrong."""
    table: dict[str, Answer] = {"claims": {"claims": BALLS}}
    table["target"] = by_stretch("There is a box.", "There is a star.")
    made, [drop], _ = twins(clip_of(toys()), **table)
    assert (made, drop.reason) == ([], DropReason.CHOSEN_NOT_TRUE)


def test_claims_are_proven_of_each_stretch() -> None:
    """The box is in view before 4 s and not after 5 s: what is said of it is proven true there and false here."""
    asked = {"questions": [{"question": "What is in view?", "type": "object", "axis": "spatial"}]}
    table: dict[str, Answer] = {"claims": {"claims": BALLS[:1]}, "twins": asked}
    table["target"] = by_stretch("There is a box.", "There is a lamp.")
    [(one, other)], _, _ = twins(clip_of(toys()), **table)
    assert [claim.intervals for claim in other.rejected[0].claims] == [(other.shown_alone,)]
    assert [claim.intervals for claim in one.chosen.claims] == [(one.shown_alone,)]
