"""Answers of models are plain sentences, and wrong ones look like right ones."""

import pytest

from schemas.drop import DropReason
from stages.language.form import answer_failure, as_sentence, form_failure, is_symmetric, plain_failure

RIGHT = "The man lifts the lid off the pot."


def test_a_sentence_is_made_of_what_a_model_says() -> None:
    """Blanks, a capital letter and an end are mended; a reply that says nothing stays empty."""
    assert as_sentence("  the dog\n sleeps ") == "The dog sleeps."
    assert as_sentence(" ... ") == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The man seems to lift the lid.",
        "In the third frame the man lifts the lid.",
        "He lifts it. He puts it down. He leaves.",
        " ".join(["word"] * 41) + ".",
    ],
)
def test_an_answer_that_is_not_plain_is_refused(text: str) -> None:
    """Nothing, a hedge, words about frames, a third sentence, 41 words."""
    failure = plain_failure(text)
    assert failure is not None
    assert failure.reason is DropReason.FORM_DIFFERS


@pytest.mark.parametrize(
    "wrong",
    [
        "The man does not lift the lid off the pot.",
        "The man instead lowers the lid onto the pot.",
        "The man doesn't lift the lid off the pot.",
        "The man lowers the lid onto the pot and then walks over to the window to look out.",
        "The man lowers it. It falls.",
    ],
)
def test_a_wrong_answer_that_gives_itself_away_is_refused(wrong: str) -> None:
    """A negation, a word of contrast, twice the length, a second sentence."""
    failure = form_failure(wrong, RIGHT)
    assert failure is not None
    assert failure.reason is DropReason.FORM_DIFFERS


def test_a_wrong_answer_of_the_same_form_stays() -> None:
    """Unless it says what another answer says."""
    wrong = "The man lowers the lid onto the pot."
    assert form_failure(wrong, RIGHT) is None
    for others in ((), (wrong,)):
        failure = form_failure(RIGHT.lower() if not others else wrong, RIGHT, others)
        assert failure is not None
        assert failure.reason is DropReason.REPEATED_TEXT


GRID = (
    "The red ball is left of the box.",
    "The red ball is right of the box.",
    "The blue cup is left of the box.",
    "The blue cup is right of the box.",
)


def test_a_right_answer_is_not_told_by_its_likeness() -> None:
    """Two answers, a grid and values of one kind are alike; three that each differ from a fourth are not."""
    assert is_symmetric(GRID)
    assert is_symmetric(GRID[:2])
    assert is_symmetric([f"She peels a {fruit}." for fruit in ("carrot", "pear", "lemon", "plum")])
    assert not is_symmetric(GRID[:3])


@pytest.mark.parametrize(
    ("question", "rejected", "fits"),
    [
        ("Where does the girl sit?", "The girl sits on the stairs.", True),
        ("Where does the girl sit?", "The boy sits on the stairs.", False),
        ("Where does the girl sit?", "On the stairs.", False),
        ("Who sits beside the lamp?", "The boy sits on the stairs.", True),
        ("Which is larger, the girl or the boy?", "The boy is larger.", True),
    ],
)
def test_a_wrong_answer_is_about_what_is_asked(question: str, rejected: str, *, fits: bool) -> None:
    """It repeats of the question what the right answer repeats, or one of the things to choose from."""
    chosen = "The girl is larger." if "or the" in question else "The girl sits on the bench."
    failure = answer_failure(question, rejected, chosen)
    assert (failure is None) is fits
    assert failure is None or failure.reason is DropReason.FORM_DIFFERS
