"""Repeats are counted, exact ones and near ones."""

import pytest

from pipeline.audit.repeats import repeats
from tests.pipeline.audit.test_habits import group


def test_repeats_are_counted() -> None:
    """A pair repeats another if question and both answers are equal after normalising, about the same clip."""
    found = repeats(
        [
            group(0, "Which?", "Red.", "Blue.", "Green."),
            group(1, "which", "RED!", "Blue."),
            group(2, "Where?", "Left.", "Right."),
        ]
    )
    assert (found.repeated_pairs, found.repeated_questions) == (1, 1)
    assert found.commonest_question_share == pytest.approx(2 / 3, abs=1e-4)
    assert (found.commonest_question, found.commonest_answer) == ("Which?", "Red.")


def test_little_words_make_no_difference_and_all_others_do() -> None:
    """The first two questions ask the same; a number, a denial and another order of words do not."""
    asked = (
        "What is on the table at 3 s?",
        "What's on that table at 3 s?",
        "What is on the table at 5 s?",
        "What is not on the table at 3 s?",
        "What is the table on at 3 s?",
    )
    found = repeats([group(number, text, "A cup.", "A plate.") for number, text in enumerate(asked)])
    assert (found.repeated_questions, found.near_questions) == (0, 1)


def test_answers_that_say_the_same_are_counted() -> None:
    """Chosen and rejected that differ in "the" alone mean nothing as a pair; one such rejected one will do."""
    found = repeats([group(0, "?", "A dog runs.", "The dog runs."), group(1, "?", "A.", "It is red.", "It was a red.")])
    assert (found.near_pairs, found.near_rejected) == (1, 1)
