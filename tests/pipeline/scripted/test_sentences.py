"""Sentences are read as they were meant."""

import pytest

from pipeline.scripted.sentences import (
    DOES,
    FORMS,
    ORDER,
    SIDE,
    Form,
    Statement,
    number_word,
    read_answer,
    read_question,
)


def _said(form: Form) -> Statement:
    value = form.all_values[-1] if form.all_values else "market"
    if form is DOES:
        return Statement(form, a="the red ball sets off")
    return Statement(
        form, *(["the red ball", "the blue box"] if "{b}" in form.answers[0] else ["the red ball"]), n="leaf", v=value
    )


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_each_answer_is_read_as_what_was_said(form: Form) -> None:
    """Both wordings of each form give the same form, names and value, in the case that they have inside a sentence."""
    said = _said(form)
    for wording in (0, 1):
        read = read_answer(said.sentence(wording))
        assert read is not None
        assert read.form is form
        for slot in "abnv":
            if f"{{{slot}}}" in form.answers[wording]:
                assert getattr(read, slot) == getattr(said, slot)


def test_a_question_is_read_with_its_moment() -> None:
    """What is asked and the seconds; a question without a moment has none, and another text is of no form."""
    asked = Statement(SIDE, "the red ball", "the blue box")
    assert asked.question(moment=3.25) == "Where is the red ball, seen from the blue box about 3.2 seconds in?"
    assert read_question(asked.question(moment=3.25)) == (asked, 3.2)
    assert read_question(asked.question()) == (asked, None)
    assert read_question("Why is the sky blue?") is None
    assert read_answer("The sky is far away, is it?") is None


def test_what_happens_is_asked_of_a_thing_or_of_the_picture() -> None:
    """The question names the thing if there is one."""
    assert Statement(DOES, b="the red ball").question() == "What happens to the red ball?"
    assert Statement(DOES).question() == "What happens in the picture?"


def test_opposites_and_numbers() -> None:
    """Left and right are opposites; an order of events has none. Numbers have words from one to six."""
    assert Statement(SIDE, "a", "b", v="left").opposite() == Statement(SIDE, "a", "b", v="right")
    assert Statement(ORDER, "a", "b").opposite() is None
    assert [number_word(number) for number in (0, 1, 6, 7)] == [None, "one", "six", None]
