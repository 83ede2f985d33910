"""The predicates that models are offered are those of claims."""

import re

from prompts.predicates import claim_words
from schemas.claim import PREDICATES


def test_the_table_fits_the_predicates() -> None:
    """Its values are those of the predicates, its words are regular expressions, and each has a line for the prompt."""
    for predicate, words in claim_words().items():
        assert set(words.words) <= set(PREDICATES[predicate].values or ("",)), predicate
        assert words.says.startswith(f"{predicate.value}: ")
        assert all(re.compile(pattern) for pattern in words.words.values())


def test_what_is_ordered_names_two() -> None:
    """Only a predicate with an object has an order of names, and one that compares times turns round with "after"."""
    for predicate, words in claim_words().items():
        assert words.ordered is (PREDICATES[predicate].objects == 1), predicate
        assert (words.words_after is not None) is predicate.value.endswith("_before"), predicate
