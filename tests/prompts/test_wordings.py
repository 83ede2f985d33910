"""The wordings of the writers `facts` and `planted`."""

import re

import pytest
from pydantic import ValidationError

from prompts.wordings import Wording, fact_wordings, planted_wordings
from schemas.pair import is_complete, normalise_text

WORDINGS = {**fact_wordings(), **{f"planted.{name}": wording for name, wording in planted_wordings().items()}}
NEGATION = re.compile(r"\b(no|not|never|none|nothing|nobody|neither|nor|without|instead|cannot|but|only)\b")


@pytest.mark.parametrize("name", sorted(WORDINGS))
def test_every_use_has_several_wordings(name: str) -> None:
    """At least two questions and two answers, none twice, each a complete sentence."""
    wording = WORDINGS[name]
    for texts in (wording.questions, wording.answers):
        assert len({normalise_text(text) for text in texts}) == len(texts) >= 2
    assert all(question.endswith("?") for question in wording.questions)
    assert all(is_complete(answer) for answer in wording.answers)


@pytest.mark.parametrize("name", sorted(WORDINGS))
def test_values_differ_and_deny_nothing(name: str) -> None:
    """The words for the values of an answer differ, are about equally long, and contain no negation."""
    values = list(WORDINGS[name].values.values())
    assert len({normalise_text(value) for value in values}) == len(values)
    assert not any(NEGATION.search(value) for value in values)
    lengths = [len(value) for value in values]
    assert not lengths or max(lengths) - min(lengths) <= 4


@pytest.mark.parametrize("name", sorted(WORDINGS))
def test_no_question_says_a_value(name: str) -> None:
    """A question contains none of the values of its answers."""
    for question in WORDINGS[name].questions:
        text = f" {normalise_text(question)} "
        assert not any(f" {normalise_text(value)} " in text for value in WORDINGS[name].values.values())


def test_refuses_values_that_nothing_says() -> None:
    """Values without the gap {value}, and the gap without values, are errors."""
    with pytest.raises(ValidationError, match="needed for the gap"):
        Wording(questions=("What?",), answers=("This.",), values={"a": "b"})
    with pytest.raises(ValidationError, match="needed for the gap"):
        Wording(questions=("What?",), answers=("{value}.",))
