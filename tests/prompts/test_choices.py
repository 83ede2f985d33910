"""The text of a multiple-choice question."""

import pytest

from prompts.choices import choice_prompt


def test_options_have_letters_in_order() -> None:
    """Question, one line for each option, and the instruction."""
    assert choice_prompt("Which?", ["This.", "That.", "Both."]).splitlines() == [
        "Which?",
        "A. This.",
        "B. That.",
        "C. Both.",
        "Answer with the option's letter.",
    ]


@pytest.mark.parametrize("count", [0, 1, 27])
def test_a_choice_is_among_two_to_26_options(count: int) -> None:
    """Fewer leave no choice, and there is no letter after Z."""
    with pytest.raises(ValueError, match=f"2 to 26 options, got {count}"):
        choice_prompt("Which?", ["This."] * count)
