"""What is wrong with a record, in one line."""

import pytest
from pydantic import ValidationError

from schemas.problems import first_problem
from schemas.record import Record


class Weights(Record):
    """A section."""

    spatial: float = 1.0
    temporal: float = 1.0


class Settings(Record):
    """A section that has one, always or if it is given."""

    weights: Weights = Weights()
    own: Weights | None = None


@pytest.mark.parametrize("section", ["weights", "own"])
def test_a_key_of_a_section_comes_with_those_that_are_allowed(section: str) -> None:
    """The nearest key is meant, whether the section is always there or optional."""
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({section: {"spacial": 1}})
    assert first_problem(caught.value, Settings) == (
        f"unknown key {section}.spacial: did you mean spatial? allowed are spatial, temporal"
    )
