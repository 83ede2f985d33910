"""Samples of a policy and their comparisons."""

import pytest
from pydantic import ValidationError

from schemas.arrow import from_table, to_table
from schemas.context import ClauseTruth, ClipContext, ContextClause
from schemas.pair import Grounds
from schemas.samples import Comparison, ComparisonOutcome, count_words

COMPARED = Comparison(
    comparison_id="c",
    question_id="q",
    clip_id="clip",
    question="What is it?",
    first="A dog.",
    second="It is a small cat.",
    first_words=2,
    second_words=5,
    outcome=ComparisonOutcome.CONSISTENT,
    first_is_better=False,
    grounds=Grounds.JUDGED,
)


def test_words_are_counted_without_punctuation() -> None:
    """A dash and a full stop are no words; a contraction is two."""
    assert count_words("The dog - it's brown.") == 5


def test_the_lengths_of_a_comparison_are_those_of_better_and_worse() -> None:
    """The second is better here: it has 5 words, the other 2."""
    assert (COMPARED.better_words, COMPARED.worse_words) == (5, 2)


def test_only_a_consistent_comparison_names_the_better_one() -> None:
    """A tie with a better sample is refused, and so is an outcome without one."""
    for change in ({"outcome": ComparisonOutcome.TIE}, {"first_is_better": None}):
        with pytest.raises(ValidationError, match="first_is_better"):
            Comparison.model_validate({**COMPARED.model_dump(), **change})


def test_of_a_tie_no_lengths_are_given() -> None:
    """ValueError, as neither is better."""
    tie = Comparison.model_validate(
        {**COMPARED.model_dump(), "outcome": ComparisonOutcome.TIE, "first_is_better": None}
    )
    with pytest.raises(ValueError, match="neither"):
        _ = tie.better_words


def test_a_context_keeps_what_the_scene_does_not_refute() -> None:
    """Struck clauses are counted and not given on; a table holds all of them."""
    clauses = [ContextClause(text=f"{truth}.", interval=None, truth=truth) for truth in ClauseTruth]
    context = ClipContext(clip_id="c", is_fresh=True, clauses=tuple(clauses), model="m", prompt_hash="h")
    assert [clause.truth for clause in context.kept] == [ClauseTruth.CONFIRMED, ClauseTruth.UNKNOWN]
    assert context.count(ClauseTruth.REFUTED) == 1
    assert from_table(ClipContext, to_table(ClipContext, [context])) == [context]
