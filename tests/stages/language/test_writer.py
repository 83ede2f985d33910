"""What models write about a clip becomes groups and drops that add up."""

import asyncio
from collections.abc import Mapping

import numpy as np
import pytest
from pydantic import ValidationError

from schemas.annotations import AnnotatedQuestion, Annotations
from schemas.claim import Axis, QuestionType
from schemas.drop import Drop, DropReason, ItemType
from schemas.group import CandidateGroup
from schemas.pair import ClaimEdit, FramesCorruption, PromptCorruption, RejectedKind
from schemas.visual_negative import VisualKind
from stages.claims.proof import ClipProver, ProofConfig
from stages.language.asking import Asker
from stages.language.reject import Adversary
from stages.language.writer import LanguageWriter
from stages.models.chat import ChatRequest, ReplyRefused
from tests.stages.facts.clips import clip_of, toys, walkers
from tests.stages.language.fake_chat import Answer, FakeChat, line

QUESTION = {"question": "where does the man stand", "evidence": [{"from": 1, "to": 3}], "objects": ["man"]}
WRONG = ("The man stands behind the sofa.", "The man stands on the stairs.", "The man stands by the lamp.")
BOTH = "The man stands in the yard."
ERRORS = ("wrong side", "wrong thing", "hidden thing seen")


def made_wrong(request: ChatRequest) -> str:
    """Another answer for each error, and one for two errors."""
    return BOTH if line(request, "Answer: ") in WRONG else WRONG[ERRORS.index(line(request, "Error: "))]


def in_turn(*texts: str) -> Answer:
    """One text after the other, the last one again and again."""
    left = list(texts)
    return lambda _: {"answer": left.pop(0) if len(left) > 1 else left[0]}


TABLE: Mapping[str, Answer] = {
    "writer": {"questions": [QUESTION]},
    "target": {"answer": "The man stands beside the door."},
    "corrupter": lambda request: {"answer": made_wrong(request)},
    "claims": {"claims": []},
}
THREE = tuple(Adversary(frames=FramesCorruption.SPARSE, errors=errors) for errors in ((0,), (1,), (0, 1)))
SPATIAL = LanguageWriter(topics={"spatial": 1.0}, adversaries=THREE, twin_questions=0)


def write(
    settings: LanguageWriter, annotations: Annotations | None = None, /, **table: Answer
) -> tuple[list[CandidateGroup], list[Drop], FakeChat]:
    """What becomes of a clip of four things that move."""
    chat = FakeChat({**TABLE, **table})
    prover = ClipProver(clip_of(walkers()), ProofConfig())
    offered = asyncio.run(settings.write(Asker(chat, 99), prover, annotations, np.random.default_rng(0)))
    groups = [group for one in offered if not isinstance(one, Drop) for group in one]
    return groups, [one for one in offered if isinstance(one, Drop)], chat


def test_a_question_becomes_a_group() -> None:
    """Who wrote what, how each answer was made wrong, and where the answer can be seen are in it."""
    [group], drops, chat = write(SPATIAL)
    assert not drops
    assert (group.question, group.question_model, group.axis) == (
        "Where does the man stand?",
        "fake-writer",
        Axis.SPATIAL,
    )
    assert (group.chosen.text, group.chosen.model) == ("The man stands beside the door.", "fake-target")
    singles = {answer.text for answer in group.rejected} - {BOTH}
    assert singles < set(WRONG)
    assert len(group.rejected) == 3
    assert {answer.model for answer in group.rejected} == {"fake-corrupter"}
    made = {(answer.corruption.frames, answer.corruption.prompt) for answer in group.rejected}
    assert made == {(FramesCorruption.SPARSE, PromptCorruption.FALSE_PREMISE)}
    edits = [answer.corruption.edit for answer in group.rejected]
    assert len(set(edits)) == 2
    assert set(edits) < {ClaimEdit.SWAP_SIDES, ClaimEdit.SWAP_ENTITIES, ClaimEdit.CHANGE_PLACE}
    assert [(one.start_seconds, one.end_seconds) for one in group.event_intervals] == [(1, 3)]
    assert group.evidence.frame_indices == (2, 3, 4, 5)
    assert chat.names() == ["writer_spatial", "target", *["corrupter_spatial"] * 3, "claims"]
    labels = [label.rsplit(" ", 1)[0] for label in group.prompt_hashes]
    assert labels == [
        f"{name} version {n}" for name, n in (("writer", 1), ("target", 1), ("corrupter", 2), ("claims", 2))
    ]


def test_the_target_sees_all_and_an_adversary_little() -> None:
    """Of 20 frames with 4 of evidence, sparse ones show a quarter: 1 and 4."""
    _, _, chat = write(SPATIAL)
    shown = {name: len(request.shown.frames) for name, request in zip(chat.names(), chat.asked, strict=True)}
    assert (shown["writer_spatial"], shown["target"], shown["corrupter_spatial"], shown["claims"]) == (20, 20, 5, 0)


def test_two_errors_make_a_grid() -> None:
    """The adversary with both is made from the answer with the first; without that it is not made."""
    [group], _, chat = write(SPATIAL)
    first, second, both = (r for r in chat.asked if r.reply and r.reply.name == "corrupter_spatial")
    assert line(first, "Answer: ") == line(second, "Answer: ") == group.chosen.text
    assert line(both, "Answer: ") == made_wrong(first)
    assert line(both, "Error: ") == line(second, "Error: ") != line(first, "Error: ")
    alone = SPATIAL.model_copy(update={"adversaries": THREE[1:]})
    [group], drops, _ = write(alone)
    assert (len(group.rejected), [drop.reason for drop in drops]) == (1, [DropReason.EVIDENCE_MISSING])


def test_an_adversary_without_a_premise_is_asked_as_the_target_is() -> None:
    """Then only its frames mislead it, and no error is named."""
    one = Adversary(frames=FramesCorruption.REVERSED, prompt=PromptCorruption.NONE)
    answers = iter(("The man stands beside the door.", WRONG[0]))
    writer = SPATIAL.model_copy(update={"adversaries": (one,)})
    [group], _, chat = write(writer, target=lambda _: {"answer": next(answers)})
    assert chat.names().count("target") == 2
    [answer] = group.rejected
    assert (answer.text, answer.corruption.edit) == (WRONG[0], ClaimEdit.NONE)


def test_answers_that_cannot_be_used_are_counted() -> None:
    """One that tells by a negation and one that repeats another are drops; the group has what is left."""
    [group], drops, _ = write(SPATIAL, corrupter=in_turn("The man does not stand there.", WRONG[0]))
    assert [answer.text for answer in group.rejected] == [WRONG[0]]
    assert [(drop.item_type, drop.reason) for drop in drops] == [
        (ItemType.ANSWER, DropReason.FORM_DIFFERS),
        (ItemType.ANSWER, DropReason.REPEATED_TEXT),
    ]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({"writer": {"questions": []}}, DropReason.NO_QUESTION),
        ({"writer": ReplyRefused}, DropReason.REPLY_REFUSED),
        ({"target": ReplyRefused}, DropReason.REPLY_REFUSED),
        ({"target": {"answer": "It seems that he stands there."}}, DropReason.FORM_DIFFERS),
        ({"corrupter": ReplyRefused}, DropReason.REPLY_REFUSED),
        ({"claims": ReplyRefused}, DropReason.REPLY_REFUSED),
    ],
)
def test_a_question_that_comes_to_nothing_is_one_drop(table: dict[str, Answer], reason: DropReason) -> None:
    """With the reason of what failed."""
    groups, drops, _ = write(SPATIAL, **table)
    assert not groups
    assert [drop.reason for drop in drops if drop.item_type is ItemType.QUESTION] == [reason]


def test_answers_without_claims_are_left_to_the_judge() -> None:
    """The writer says of none of them what it asserts."""
    [group], drops, _ = write(SPATIAL)
    assert not drops
    assert not any(answer.claims for answer in group.answers)


def test_a_reply_that_fails_changes_no_other_question() -> None:
    """Without the first of two topics the group of the second is the same, to the last frame and order."""
    two = SPATIAL.model_copy(update={"topics": {"temporal": 1.0, "spatial": 1.0}})

    def answers(request: ChatRequest) -> Mapping[str, object]:
        where = "by" if " at " in line(request, "Answer: ") else "at"
        return {"answer": f"The man stands {where} the {line(request, 'Error: ')}."}

    both, _, _ = write(two, corrupter=answers)
    one, drops, _ = write(two, writer_temporal=ReplyRefused, corrupter=answers)
    assert [drop.reason for drop in drops] == [DropReason.REPLY_REFUSED]
    assert [group for group in both if group.axis is Axis.SPATIAL] == one


RED_RIGHT = "The red object moves to the right."
RED_LEFT = "The red object moves to the left."


def _said(*values: str) -> Mapping[str, object]:
    claims = [
        {"answer": place, "predicate": "moves", "subject": "the red object", "object": "", "value": value}
        for place, value in enumerate(values, start=1)
    ]
    return {"claims": claims}


MOVES = {"question": "How does the red object move between 1.5 and 5.5 seconds?", "evidence": [], "objects": []}


def test_proof_comes_first() -> None:
    """The red object moves to the right: an answer that says so is proven, and one that says left is disproven."""
    one = SPATIAL.model_copy(update={"adversaries": THREE[:1]})
    asked: dict[str, Answer] = {"writer": {"questions": [MOVES]}}
    [group, *_], _, _ = write(
        one, **asked, target={"answer": RED_RIGHT}, corrupter={"answer": RED_LEFT}, claims=_said("right", "left")
    )
    assert all(answer.claims for answer in group.answers)
    groups, drops, _ = write(
        one, **asked, target={"answer": RED_LEFT}, corrupter={"answer": RED_RIGHT}, claims=_said("left", "right")
    )
    assert not groups
    assert [drop.reason for drop in drops] == [DropReason.CHOSEN_NOT_TRUE]


def test_a_proven_group_gets_a_twin_and_proven_negatives() -> None:
    """Mirrored, the red object moves to the left: the same texts, with the other answer true."""
    kinds = (VisualKind.REVERSED,)
    one = SPATIAL.model_copy(update={"adversaries": THREE[:1], "negatives": kinds})
    said: dict[str, Answer] = {"target": {"answer": RED_RIGHT}, "corrupter": {"answer": RED_LEFT}}
    [group, twin], _, _ = write(one, writer={"questions": [MOVES]}, claims=_said("right", "left"), **said)
    assert (twin.twin_of, twin.shown.name, twin.chosen.text) == (group.group_id, "mirrored", RED_LEFT)
    assert [answer.text for answer in twin.rejected] == [RED_RIGHT]
    assert VisualKind.BLACK in {spec.kind for spec in group.visual_negatives}


def test_a_wrong_answer_that_is_true_is_dropped() -> None:
    """Proof overrides what the corrupter meant."""
    one = SPATIAL.model_copy(update={"adversaries": THREE[:2]})
    circle = "The red object moves in a circle."
    wrong = in_turn(RED_RIGHT, circle)
    made: dict[str, Answer] = {"target": {"answer": "The red object moves in a wave."}, "corrupter": wrong}
    [group], drops, _ = write(one, writer={"questions": [MOVES]}, claims=_said("none", "right"), **made)
    assert [answer.text for answer in group.rejected] == [circle]
    assert [(drop.item_type, drop.reason) for drop in drops] == [(ItemType.ANSWER, DropReason.REJECTED_NOT_FALSE)]


def test_irrelevant_answers_name_everyday_things_that_are_absent() -> None:
    """The noun was looked for and is not there: false without a judge. What does not fit, the model leaves out."""

    def answers(request: ChatRequest) -> Mapping[str, object]:
        names = line(request, "Entities: ").split(", ")
        return {"answers": [{"entity": name, "answer": f"The man stands by a {name}."} for name in names[:3]]}

    writer = LanguageWriter(topics={"object": 1.0}, relevant=True, irrelevant=2, twin_questions=0)
    table: dict[str, Answer] = {"irrelevant": answers, "relevant": {"answer": WRONG[1]}}
    [group], _, chat = write(writer, **table)
    irrelevant = [answer for answer in group.rejected if answer.rejected_kind is RejectedKind.IRRELEVANT]
    assert [answer.absent in answer.text for answer in irrelevant if answer.absent] == [True, True]
    assert chat.names().count("irrelevant") == 1


@pytest.mark.parametrize(
    ("answer", "proven"),
    [
        ("The man stands by a {}.", True),
        ('The man stands by a sign that says "{}".', False),
        ("The man stands by a cloud like a {}.", False),
    ],
)
def test_a_named_thing_is_disproven_only_where_it_is_said_to_be_there(answer: str, *, proven: bool) -> None:
    """No star was found: who stands by one says something false, what is written or looks like one need not."""

    def answers(request: ChatRequest) -> Mapping[str, object]:
        names = line(request, "Entities: ").split(", ")
        return {"answers": [{"entity": name, "answer": answer.format(name)} for name in names]}

    names = ("star", "arrow", "cross")
    writer = LanguageWriter(
        topics={"object": 1.0}, adversaries=(), relevant=True, irrelevant=9, twin_questions=0, entities=names * 9
    )
    chat = FakeChat({**TABLE, "irrelevant": answers, "relevant": {"answer": WRONG[1]}})
    prover = ClipProver(clip_of(toys()), ProofConfig())
    found = asyncio.run(writer.write(Asker(chat, 99), prover, None, np.random.default_rng(0)))
    groups = [group for one in found if not isinstance(one, Drop) for group in one]
    named = [a for group in groups for a in group.rejected if a.absent in names]
    assert {bool(a.claims) for a in named} == {proven}


def test_what_is_absent_is_drawn_from_what_is_right_elsewhere() -> None:
    """Of ten kinds of the manifest, one of them nine times, that one is nearly always among the two that are offered; a
    thing that the question names never is.
    """
    names = ("star", "ball", "sign", "arrow", "kite", "cross", "man", "ring", "cube", "moon")
    things = tuple({"id": f"{name}{n}", "noun": name} for name in names for n in range(9 if name == "star" else 1))
    writer = LanguageWriter(relevant=True, irrelevant=1, twin_questions=0)
    knowing = writer.looking_for([Annotations.model_validate({"objects": things})])
    assert (len(knowing.entities), len(set(knowing.entities))) == (18, 10)
    assert SPATIAL.looking_for([Annotations.model_validate({"objects": things})]) == SPATIAL
    offered: list[str] = []

    def answers(request: ChatRequest) -> Mapping[str, object]:
        offered.extend(line(request, "Entities: ").split(", "))
        return {"answers": []}

    one = knowing.model_copy(update={"topics": {"object": 1.0}})
    for seed in range(20):
        chat = FakeChat({**TABLE, "irrelevant": answers, "relevant": {"answer": WRONG[0]}})
        prover = ClipProver(clip_of(walkers()), ProofConfig())
        asyncio.run(one.write(Asker(chat, 99), prover, None, np.random.default_rng(seed)))
    assert offered.count("star") > 12
    assert "man" not in offered
    assert set(offered) <= set(names)


def test_people_are_asked_before_models() -> None:
    """Annotated questions are rewritten; one whose answer was changed is dropped, and the writer asks nothing."""
    given = Annotations(
        questions=(
            AnnotatedQuestion(question="where is he", answer="on the roof", question_type=QuestionType.LOCATION),
            AnnotatedQuestion(question="what is red", answer="the ladder", question_type=QuestionType.COLOR),
            AnnotatedQuestion(question="who", answer="nobody knows", certain=False, question_type=QuestionType.OBJECT),
        )
    )
    rewritten = {"question": "Where is he?", "answer": "He is on the roof."}
    writer = SPATIAL.model_copy(update={"annotated": True, "adversaries": THREE[:1]})
    [group], drops, chat = write(writer, given, rewrite=rewritten, corrupter={"answer": "He is in the cellar."})
    assert (group.question, group.chosen.text) == ("Where is he?", "He is on the roof.")
    assert group.question_type is QuestionType.LOCATION
    assert [drop.reason for drop in drops] == [DropReason.EVIDENCE_MISSING]
    assert not any(name.startswith("writer") for name in chat.names())


def test_a_judge_gets_visual_negatives_to_look_at() -> None:
    """Where no claim decides: another order, another frame, and a stretch without the event."""
    kinds = (VisualKind.REVERSED, VisualKind.SHUFFLED, VisualKind.OTHER_SEGMENT, VisualKind.OTHER_FRAME)
    [group], _, _ = write(SPATIAL.model_copy(update={"negatives": kinds}))
    assert [spec.kind for spec in group.visual_negatives] == [kinds[0], kinds[1], kinds[3]]
    assert group.event_shown == group.event_intervals[0]
    assert group.lacking is not None
    assert group.lacking.overlap_seconds(group.event_intervals[0]) <= 0


def test_a_key_object_without_a_track_is_boxed_by_the_writer() -> None:
    """The scene has no man: the writer is asked for his box in a keyframe, which is painted over."""
    box = {"thing": "man", "found": True, "left": 200, "top": 300, "right": 300, "bottom": 500}
    settings = SPATIAL.model_copy(update={"negatives": (VisualKind.FILLED,)})
    [group], _, chat = write(settings, box=box)
    [spec] = group.visual_negatives
    assert spec.area is not None
    assert (spec.kind, spec.area.noun) == (VisualKind.FILLED, "man")
    assert chat.names().count("box") == 1
    assert {"box", "judge_crop"} <= {name for _, name in settings.prompt_names()}


def test_topics_are_drawn_by_their_shares() -> None:
    """Two of three each time, and the one with most of the shares nearly always."""
    writer = LanguageWriter(topics={"object": 8, "number": 1, "color": 1}, topics_per_clip=2, relevant=True)
    drawn = [writer._topics(np.random.default_rng(seed)) for seed in range(60)]
    assert {len(set(names)) for names in drawn} == {2}
    assert sum("object" in names for names in drawn) > 50


@pytest.mark.parametrize(
    ("settings", "problem"),
    [({"topics": {"taste": 1.0}, "relevant": True}, "no such topic"), ({"adversaries": ()}, "needed")],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, object], problem: str) -> None:
    """An unknown topic, and a writer of no wrong answers."""
    with pytest.raises(ValidationError, match=problem):
        LanguageWriter.model_validate(settings)


def test_the_same_seed_writes_the_same() -> None:
    """Group ids, orders and frames depend on nothing else."""
    assert write(SPATIAL)[0] == write(SPATIAL)[0]
