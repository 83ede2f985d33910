"""The mapping from predicates to the functions that evaluate them."""

import inspect

from schemas.claim import Predicate
from stages.claims.planted import of_scene
from stages.claims.predicates import CHECKS


def test_every_predicate_has_a_function_of_its_own() -> None:
    """Each predicate has a function that describes itself, and only those about planted edits, of which no scene tells,
    share one.
    """
    assert set(CHECKS) == set(Predicate)
    of_its_own = [function for function in CHECKS.values() if function is not of_scene]
    assert len(set(of_its_own)) == len(of_its_own) == len(CHECKS) - 4
    assert all(inspect.getdoc(function) for function in CHECKS.values())
