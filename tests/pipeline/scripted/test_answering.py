"""Right answers, and wrong ones of each kind."""

import pytest

from pipeline.scripted.answering import UNKNOWN, answer, asked_of, corrupted, irrelevant, relevant
from pipeline.scripted.sentences import DISPLACED, DOES, ORDER, SIDE, Statement
from prompts.topics import named_errors
from tests.pipeline.scripted.clips import shown

_SIDE = Statement(SIDE, "the red ball", "the blue box")
_EARLY = shown((0, 0.5, 1))
_MOVED = Statement(DISPLACED, "the red ball")
_ORDER = Statement(ORDER, "the red ball sets off", "the blue box goes out of view")


@pytest.mark.parametrize(
    ("question", "right"),
    [
        (_SIDE.question(), "The red ball is left of the blue box."),
        ("What is left of the blue box?", "The red ball is left of the blue box."),
        ("What happens to the red ball?", "In the picture the red ball sets off."),
        ("What does the ball roll on?", "A wooden floor"),
        ("Is the moon made of cheese?", UNKNOWN),
    ],
)
def test_a_writer_answers_rightly_and_errs_if_told(question: str, right: str) -> None:
    """The right answer is the true one; an erring writer gives one that is false, if there is any."""
    asked = asked_of(question, shown((0, 0.5, 1, 2)))
    assert answer(asked, 0, errs=False) == right
    wrong = answer(asked, 0, errs=True)
    assert asked.truth(wrong) is False or len(asked.answers()) < 2


@pytest.mark.parametrize(
    ("said", "error", "wrong"),
    [
        (_SIDE, "wrong side", "The red ball is right of the blue box."),
        (_SIDE, "hidden thing seen", "The red ball is below the blue box."),
        (_ORDER, "wrong order", "The blue box goes out of view before the red ball sets off."),
        (_ORDER, "at the same time", "The red ball sets off while the blue box goes out of view."),
        (Statement(DOES, b="the red ball"), "wrong deed", "In the picture the red ball comes to rest."),
        (_MOVED, "moved thing stays", "The red ball is at the same place at the end as at the start."),
        (_MOVED, "change turned round", "The red ball is further to the left at the end than at the start."),
    ],
)
def test_a_corrupter_makes_the_named_error(said: Statement, error: str, wrong: str) -> None:
    """Each error of errors.yaml has its own wording; all are false of what is shown."""
    asked = asked_of(said.question(), _EARLY if said.form is SIDE else shown())
    right = answer(asked, 0, errs=False)
    assert asked.truth(right) is True
    assert corrupted(asked, right, error, 0, errs=False) == wrong
    assert asked.truth(wrong) is False


def test_every_error_that_is_named_gives_a_false_answer() -> None:
    """Where an error cannot be made of an answer, another false answer of the same question is given."""
    for errors in named_errors().values():
        for error in errors:
            for said in (_SIDE, _ORDER, _MOVED):
                asked = asked_of(said.question(), _EARLY if said.form is SIDE else shown())
                right = answer(asked, 0, errs=False)
                assert asked.truth(corrupted(asked, right, error.name, 0, errs=False)) is False


def test_a_wrong_answer_that_errs_is_true_in_other_words() -> None:
    """It is not the right answer's text, but as true."""
    asked = asked_of(_SIDE.question(), _EARLY)
    right = answer(asked, 0, errs=False)
    for text in (corrupted(asked, right, "wrong side", 0, errs=True), relevant(asked, right, 0, errs=True)):
        assert text == "The red ball lies on the left side of the blue box."
        assert asked.truth(text) is True
    assert asked.truth(relevant(asked, right, 0, errs=False)) is False


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("The red ball is left of the blue box.", "The guitar is left of the blue box."),
        ('The writing in the picture says "market".', 'The writing in the picture says "guitar".'),
        ("In the picture the red ball sets off.", "In the picture the guitar sets off."),
        ("A ball on a floor", "A guitar on a floor"),
    ],
)
def test_an_irrelevant_answer_names_the_entity(given: str, made: str) -> None:
    """In the place of the thing that the answer names; an answer that names none is left out."""
    assert list(irrelevant("What is it?", given, ["guitar"], {"ball"})) == [("guitar", made)]
    assert list(irrelevant("Where?", "On the left side", ["guitar"], {"ball"})) == []


def test_annotated_answers_are_known_where_their_evidence_is_shown() -> None:
    """Its own answer is true and the wrong ones are false, but open if the moment to look at is not shown."""
    question = "What does the ball roll on?"
    seen, unseen = asked_of(question, shown()), asked_of(question, shown((6.0, 7.0)))
    assert (seen.truth("A wooden floor."), seen.truth("a green lawn"), seen.truth("A carpet")) == (True, False, None)
    assert unseen.truth("A wooden floor") is None
    assert seen.truth("A yellow star") is False
