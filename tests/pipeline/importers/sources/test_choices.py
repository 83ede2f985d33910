"""Choices that stand in the text of a question."""

import pytest

from pipeline.importers.sources.choices import lettered, split_choices, without_choices


@pytest.mark.parametrize(
    ("text", "choices"),
    [
        ("Which?\nA. red\nB. blue and green. ", {"A": "red", "B": "blue and green."}),
        ("Which?\nCaption A: it runs\nCaption B: it sits", {"A": "it runs", "B": "it sits"}),
        ("Which?\nOption 1: it runs\nOption 2: it sits", {"1": "it runs", "2": "it sits"}),
        ("Which?\n(A) red\nB) blue", {"A": "red", "B": "blue"}),
        ("Name the steps:\n1. first\n2. second", {}),
        ("Is it A. or B.?", {}),
    ],
)
def test_choices_are_lines_with_a_letter_or_the_number_of_an_option(text: str, choices: dict[str, str]) -> None:
    """Other lists and letters within a line are no choices."""
    assert lettered(text) == choices


def test_the_question_is_what_stands_before_its_choices() -> None:
    """All of it, if it has none."""
    assert without_choices("Which one\nis it?\nA. red\nB. blue") == "Which one\nis it?"
    assert without_choices(" Which one? ") == "Which one?"


def test_one_choice_is_right_and_the_others_are_wrong() -> None:
    """In their order, also if two of them read alike."""
    assert split_choices(["a", "b", "a"], 2) == ("a", ("a", "b"))
