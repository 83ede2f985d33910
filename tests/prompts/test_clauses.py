"""The wordings of descriptions."""

import re

import pytest

from prompts.clauses import STYLES, description_wordings
from schemas.pair import is_complete, normalise_text

WORDINGS = description_wordings()
NEGATION = re.compile(r"\b(no|not|never|none|nothing|nobody|neither|nor|without|instead|cannot|but|only)\b")


@pytest.mark.parametrize("name", sorted(WORDINGS.clauses))
def test_each_clause_has_a_sentence_of_each_style_with_the_same_gaps(name: str) -> None:
    """Each says when it is, and all of them need the same words."""
    wording = WORDINGS.clauses[name]
    templates = [wording.template(style) for style in range(STYLES)]
    assert templates[0].gaps == templates[1].gaps >= {"when"}
    assert ("value" in templates[0].gaps) == bool(wording.values)
    assert all(is_complete(template.text) for template in templates)


@pytest.mark.parametrize("name", sorted(WORDINGS.clauses))
def test_values_differ_and_deny_nothing(name: str) -> None:
    """What is said of a value contains no negation, and no two say the same."""
    values = list(WORDINGS.clauses[name].values.values())
    assert len({normalise_text(value) for value in values}) == len(values)
    assert not any(NEGATION.search(value) for value in values)


def test_every_question_has_several_wordings() -> None:
    """Each is a complete sentence without gaps, and none stands twice."""
    for asked in (WORDINGS.ask, WORDINGS.ask_edits):
        assert len({normalise_text(template.text) for template in asked}) == len(asked) >= 2
        assert all(is_complete(template.text) and not template.gaps for template in asked)
