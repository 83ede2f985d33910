"""The mapping from predicates to the functions that evaluate them."""

import inspect

from schemas.claim import Predicate
from stages.claims.predicates import CHECKS


def test_every_predicate_has_a_function_of_its_own() -> None:
    """Each predicate has a function, no two share one, and each function describes itself."""
    assert set(CHECKS) == set(Predicate)
    assert len(set(CHECKS.values())) == len(CHECKS)
    assert all(inspect.getdoc(function) for function in CHECKS.values())
