"""Which things a sentence says are there."""

import pytest

from stages.retrospection.mentions import things_said_to_be_there


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("A man in a red cap peels a carrot beside a bowl of onions.", ("man", "cap", "carrot", "bowl", "onion")),
        ("Two dogs run over the grass.", ("dog", "grass")),
        ("Dogs play with a ball.", ("dog", "ball")),
        ("A small brown dog walks with children.", ("dog", "child")),
        ("A man and his horse stay.", ("man", "horse")),
        ("A cat sits in the left half of the picture.", ("cat",)),
    ],
)
def test_things_after_an_article_or_the_like_are_named(text: str, things: tuple[str, ...]) -> None:
    """Plurals and what is not counted need none at the start and after a preposition."""
    assert things_said_to_be_there(text) == things


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Every man watches the dog.", ("dog",)),
        ("She lights a candle and parks the car.", ("candle", "car")),
        ("The woman slowly watches.", ("woman",)),
    ],
)
def test_verbs_name_no_things(text: str, things: tuple[str, ...]) -> None:
    """After a noun, a pronoun, an adverb or a conjunction a word is rather a verb."""
    assert things_said_to_be_there(text) == things


@pytest.mark.parametrize(
    "text",
    [
        "There is no dog.",
        "The dog is gone.",
        "A picture of a horse hangs there.",
        "The wall has photos with dogs.",
        "A cat is seen in a framed picture.",
        "The cloud looks like a dog.",
        'A sign says "dog".',
        "A dog bowl stands there.",
    ],
)
def test_what_need_not_be_there_is_not_named(text: str) -> None:
    """Denials, comparisons, pictures and writing; and the parts of a name of two nouns."""
    assert things_said_to_be_there(text) == ()
