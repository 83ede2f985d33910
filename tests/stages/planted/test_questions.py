"""Questions about planted edits are symmetric: every answer is true of one version of the clip."""

from itertools import pairwise

import pytest

from schemas.claim import PREDICATES, Names, Predicate
from schemas.shown import EditKind
from stages.claims.checked import TruthValue
from stages.claims.planted import check_planted
from stages.planted.parts import parts_of
from stages.planted.questions import (
    ORDERS,
    PREDICATE_OF,
    PlantedQuestion,
    kind_question,
    order_question,
    part_questions,
)
from stages.visuals.change import EditChanges
from tests.stages.visuals.footage import pan

CLIP = pan()
PARTS, CHANGES = parts_of(CLIP), EditChanges(CLIP)
QUESTIONS = (
    *part_questions(EditKind.MIRRORED, PARTS, [0, 1, 2, 3]),
    *part_questions(EditKind.REVERSED, PARTS, [1, 2]),
    kind_question(2, [EditKind.TURNED, EditKind.FROZEN, EditKind.ZOOMED], PARTS),
    order_question(PARTS),
)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_each_answer_is_true_of_its_own_version_alone(question: PlantedQuestion) -> None:
    """Proven on an even pan: of each version one answer is true and all others are false; of the clip with its seams
    alone all are false.
    """
    for shown in (answer.shown for answer in question.answers):
        truths = [check_planted(answer.claim, shown, CHANGES).truth for answer in question.answers]
        true = [
            answer.shown for answer, truth in zip(question.answers, truths, strict=True) if truth is TruthValue.TRUE
        ]
        assert true == [shown]
        assert truths.count(TruthValue.FALSE) == len(truths) - 1
    for shown in question.negatives:
        assert {check_planted(answer.claim, shown, CHANGES).truth for answer in question.answers} == {TruthValue.FALSE}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_all_versions_have_the_same_seams(question: PlantedQuestion) -> None:
    """Where the clip is cut says nothing of what is done to it."""
    seams = {tuple(e for e in answer.shown.edits if e.kind is EditKind.SEAM) for answer in question.answers}
    assert seams == {PARTS.seams}


def test_all_parts_are_asked_for_if_the_edit_is_seen_in_all() -> None:
    """In which quarter, from when to when, and each two quarters; if it is seen in two, which of the two."""
    keys = [question.key for question in QUESTIONS]
    pairs = ["0or1", "0or2", "0or3", "1or2", "1or3", "2or3"]
    assert keys[:8] == ["mirrored/part", "mirrored/time", *(f"mirrored/{pair}" for pair in pairs)]
    assert keys[8] == "reversed/1or2"
    assert [len(question.answers) for question in QUESTIONS[:3]] == [4, 4, 2]


def test_times_are_told_as_a_person_would() -> None:
    """A quarter of 8 s, without its seam, ends about 1.9 s after the start: told in half seconds, 2."""
    told = [dict(answer.words) for answer in QUESTIONS[1].answers]
    assert told == [{"start": f"{2 * part}", "end": f"{2 * part + 2}"} for part in range(4)]


def test_orders_are_two_and_their_reverses() -> None:
    """What is true of one version is, read backwards, true of another."""
    values = [answer.claim.value for answer in order_question(PARTS).answers]
    assert sorted(values) == sorted(value[::-1] for value in values)
    assert all(b != a + 1 for order in ORDERS[:2] for a, b in pairwise(order))


def test_every_kind_of_a_part_has_a_predicate() -> None:
    """All kinds but seams and new orders, each with one predicate."""
    assert set(PREDICATE_OF) == set(EditKind) - {EditKind.SEAM, EditKind.REORDERED}
    assert all(PREDICATES[predicate].names is Names.EDITS for predicate in PREDICATE_OF.values())
    assert Predicate.PARTS_ORDERED not in PREDICATE_OF.values()
