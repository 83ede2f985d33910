"""What is wrong with a record, in one line."""

from typing import Self

import pytest
from pydantic import ValidationError, model_validator

from schemas.problems import first_problem, one_line, printable
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


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("two\nlines.mp4", r"two\nlines.mp4"),
        ("a\ttab.mp4", r"a\ttab.mp4"),
        ("\x1b[31mred\x1b[0m.mp4", r"\x1b[31mred\x1b[0m.mp4"),
        ("back\r.mp4", r"back\r.mp4"),
        ("next\x85line\u2028.mp4", r"next\x85line\u2028.mp4"),
        ("4pm\u202e.exe", r"4pm\u202e.exe"),
        ("not \udcff UTF-8.mp4", r"not \udcff UTF-8.mp4"),
        ("Gänse üben 鵞鳥.mp4", "Gänse üben 鵞鳥.mp4"),
    ],
)
def test_a_name_is_one_line_that_no_terminal_obeys(name: str, shown: str) -> None:
    """Line breaks of every kind, tabs, escape sequences, marks that turn the text and lone surrogates are escaped;
    letters of any script and single spaces stay.
    """
    assert printable(name) == shown


class Pair(Record):
    """A record with a rule over several of its fields."""

    values: dict[str, int]

    @model_validator(mode="after")
    def _has_an_a(self) -> Self:
        if "a" not in self.values:
            raise ValueError(f"values: there is no a, only {min(self.values)}")
        return self


def test_a_rule_of_our_own_is_quoted_and_no_record_is_printed() -> None:
    """The text of the rule says what was given, so neither the whole record nor pydantic's prefix is added."""
    with pytest.raises(ValidationError) as caught:
        Pair.model_validate({"values": {"b": 1}})
    assert first_problem(caught.value, Pair) == "values: there is no a, only b"


def test_an_exception_is_one_line() -> None:
    """Its line breaks and indents become single spaces, what else is not printable is escaped, and one without a text
    is named by its type.
    """
    assert one_line(ValueError("two\n    lines \x1b[2J")) == r"two lines \x1b[2J"
    assert one_line(ValueError()) == "ValueError"
