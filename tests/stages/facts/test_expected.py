"""Which kinds of things are expected beside others."""

from stages.claims.nouns import _nouns
from stages.facts.expected import _BESIDE, is_expected


def test_what_belongs_elsewhere_is_not_expected() -> None:
    """A fork may lie beside a pan, and a car stands beside a bridge; each would be odd in the other's place."""
    assert is_expected("fork", ["pan"])
    assert is_expected("car", ["bridge"])
    assert not is_expected("car", ["pan"])
    assert not is_expected("fork", ["bridge"])


def test_people_may_be_anywhere_and_unlisted_things_nowhere() -> None:
    """Nothing is known of a zeppelin; beside a zeppelin alone nothing is expected."""
    assert is_expected("woman", ["pan"])
    assert not is_expected("zeppelin", ["pan"])
    assert not is_expected("woman", ["zeppelin"])


def test_every_field_of_nouns_has_its_neighbours() -> None:
    """Itself among them."""
    assert {noun.field for noun in _nouns().listed.values()} == set(_BESIDE)
    assert all(field in beside for field, beside in _BESIDE.items())
